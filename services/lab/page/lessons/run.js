// Runs a block of a lesson on the lab, and gathers the evidence of it. Needs `lab`, functions that
// ask it: {get(path), start(document), queue(options), recording(seconds), sleep(ms)}.

import { document_of } from './steps.js';

const LOOK_EVERY_MS = 500;
const MOST_LOOKS = 400;

// Gives the run with its result. `say` is called with what it says meanwhile.
async function finished(lab, run, say) {
  for (let look = 0; look < MOST_LOOKS; ++look) {
    const now = await lab.get(`/api/experiments/${run.id}`);
    if (now.state !== 'running') return now;
    say(now.said);
    await lab.sleep(LOOK_EVERY_MS);
  }
  throw new Error('the run has not ended after 200 s');
}

// The frames of a recording since `begin_ms`; its first line is the schedule.
export function frames_of(recording, begin_ms) {
  return recording
    .split('\n')
    .filter((line) => line.startsWith('{"v":'))
    .map((line) => JSON.parse(line))
    .filter((frame) => frame.t_ms >= begin_ms);
}

/** So much of a recording has all of a run that has just ended. */
export const recording_seconds = (run) => Math.ceil((run.ended_ms - run.began_ms) / 1000) + 3;

function without_frames(result) {
  const ours = result['x-hailstorm'];
  return { frames: [], faults: ours.faults, before: null, after: ours.audit };
}

// Errors: an Error with the lab's own words, or that the run proved nothing.
export async function evidence_of(lesson, block, lab, say = () => {}) {
  const own = Boolean(block.without);
  const before = own ? null : await lab.get('/api/audit');
  const run = await finished(lab, await lab.start(document_of(lesson, block)), say);
  const ours = run.result?.['x-hailstorm'];
  if (!ours || !['passed', 'failed'].includes(run.state)) {
    throw new Error(`the run ended ${run.state}: ${run.said}`);
  }
  if (own) return without_frames(run.result);
  const queue = block.queue ? await lab.queue({ rides: Number(block.queue) }) : null;
  const seconds = recording_seconds(run);
  const frames = frames_of(await lab.recording(seconds), run.began_ms);
  return { frames, faults: ours.faults, before, after: ours.audit, queue };
}
