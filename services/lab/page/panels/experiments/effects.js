// What an experiment changed, for every lane and process: figures before its first fault, while
// faults were on, and after the last one. Needs the frames of the run and its faults; pure.

const lanes = ['log', 'chain'];
const most = (frames, figure) => Math.max(0, ...frames.map(figure));

function rate_of(frames, count) {
  if (frames.length < 2) return 0;
  const [first, last] = [frames[0], frames.at(-1)];
  return ((count(last) - count(first)) * 1000) / Math.max(1, last.t_ms - first.t_ms);
}

function lane_figures(frames, lane) {
  const rose = (what) => {
    if (frames.length < 2) return 0;
    return frames.at(-1).lanes[lane][what] - frames[0].lanes[lane][what];
  };
  const asked = rose('requested');
  return {
    accepted_percent: asked === 0 ? 100 : (rose('accepted') / asked) * 100,
    p99_ms: most(frames, (frame) => frame.lanes[lane].p99_ms),
    settled_per_s: rate_of(frames, (frame) => frame.lanes[lane].settled),
    errors: rose('failed'),
    lag: 0,
    lag_s: 0,
  };
}

function process_figures(frames, name) {
  const of = (figure) => most(frames, (frame) => frame.processes[name]?.[figure] ?? 0);
  const usual = { accepted_percent: 100, p99_ms: 0, settled_per_s: 0 };
  return { ...usual, errors: of('dead_letters'), lag: of('lag'), lag_s: of('lag_s') };
}

/** {begin, end} of all faults; null: there was none. */
function span_of(faults) {
  const begins = faults.map((fault) => fault.injected_at_ms).filter(Boolean);
  const ends = faults.map((fault) => fault.reverted_at_ms).filter(Boolean);
  if (begins.length === 0) return null;
  return { begin: Math.min(...begins), end: ends.length === 0 ? Infinity : Math.max(...ends) };
}

/** By subject: {before, during, after}; empty where no fault was injected. */
export function effects_of(frames, faults) {
  const span = span_of(faults);
  if (span === null || frames.length === 0) return {};
  const parts = {
    before: frames.filter((frame) => frame.t_ms < span.begin),
    during: frames.filter((frame) => frame.t_ms >= span.begin && frame.t_ms <= span.end),
    after: frames.filter((frame) => frame.t_ms > span.end),
  };
  const in_parts = (figures, name) =>
    Object.fromEntries(Object.entries(parts).map(([part, some]) => [part, figures(some, name)]));
  const effects = lanes.map((lane) => [`${lane} lane`, in_parts(lane_figures, lane)]);
  for (const name of Object.keys(frames[0].processes)) {
    effects.push([name, in_parts(process_figures, name)]);
  }
  return Object.fromEntries(effects);
}
