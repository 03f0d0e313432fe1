// What a run did to the riders of a lane, and who suffered. Needs the frames of the run and its
// faults; a fault is named by its place in the run, 1 for the first. Pure functions.

const LEAST_ACCEPTED_PERCENT = 99.5;
const LEAST_LAG = 20;
const FRAMES_OUT_OF_WORK = 2;

// The frames while a fault was on; of the whole run where none is named.
export function frames_during(evidence, place) {
  if (!place) return evidence.frames;
  const fault = evidence.faults[Number(place) - 1];
  if (!fault) return [];
  const begin = fault.injected_at_ms || fault.asked_at_ms;
  const end = fault.reverted_at_ms || Infinity;
  return evidence.frames.filter((frame) => frame.t_ms >= begin && frame.t_ms <= end);
}

export const frames_before = (evidence) => {
  const first = evidence.faults[0];
  if (!first) return evidence.frames;
  return evidence.frames.filter(
    (frame) => frame.t_ms < (first.injected_at_ms || first.asked_at_ms),
  );
};

const rose = (frames, lane, what) =>
  frames.length < 2 ? 0 : frames[frames.length - 1].lanes[lane][what] - frames[0].lanes[lane][what];

// Rides that were refused or not answered.
export const refused = (evidence, [lane, place]) =>
  rose(frames_during(evidence, place), lane, 'failed');

// In percent of what was asked for.
export function accepted(evidence, [lane, place]) {
  const frames = frames_during(evidence, place);
  const asked = rose(frames, lane, 'requested');
  return asked === 0 ? 100 : Math.round((rose(frames, lane, 'accepted') / asked) * 1000) / 10;
}

// The longest that one of a hundred riders waited, in ms. A frame counts the last 5 s, so the last
// one of the fault knows all of it.
export function waited(evidence, [lane, place]) {
  const frames = frames_during(evidence, place);
  return frames.length === 0 ? null : Math.round(frames[frames.length - 1].lanes[lane].p99_ms);
}

/** How long the rider in the middle waited, in ms; of the same frame. */
export function median(evidence, [lane, place]) {
  const frames = frames_during(evidence, place);
  return frames.length === 0
    ? null
    : Math.round(frames[frames.length - 1].lanes[lane].p50_ms * 10) / 10;
}

const works = (process) => process.ready && ['running', 'slow'].includes(process.state);

function process_is_hurt(name, before, during) {
  if (during.filter((frame) => !works(frame.processes[name])).length >= FRAMES_OUT_OF_WORK)
    return true;
  const usual = Math.max(0, ...before.map((frame) => frame.processes[name].lag));
  const rate = Math.max(0, ...before.map((frame) => frame.processes[name].rate));
  const most = Math.max(0, ...during.map((frame) => frame.processes[name].lag));
  return most > usual * 3 + Math.max(LEAST_LAG, rate);
}

// Of lanes and processes those that suffered: "log lane" and "chain lane" when they accept less,
// a process when it does not work or its lag is more than it handles in a second.
export function hurt(evidence, [place = '1']) {
  const during = frames_during(evidence, place);
  const before = frames_before(evidence);
  const fault = evidence.faults[Number(place) - 1];
  if (!fault || during.length === 0) return [];
  const lanes = ['log', 'chain'].filter(
    (lane) => accepted(evidence, [lane, place]) < LEAST_ACCEPTED_PERCENT,
  );
  const processes = Object.keys(during[0].processes).filter(
    (name) => name !== fault.target && process_is_hurt(name, before, during),
  );
  return [...processes, ...lanes.map((lane) => `${lane} lane`)];
}
