// The lag of a process in a run, and when it had caught up. Needs the frames of the run
// and its faults. Pure functions; times are seconds.

import { frames_before } from './measure_lanes.js';

const LEAST_LAG = 20;

const lag_of = (frame, name) => frame.processes[name]?.lag ?? 0;
const usual_lag = (evidence, name) =>
  Math.max(0, ...frames_before(evidence).map((frame) => lag_of(frame, name))) + LEAST_LAG;
const seconds = (ms) => Math.round(ms / 100) / 10;

export const most_lag = (evidence, [name]) =>
  Math.max(0, ...evidence.frames.map((frame) => lag_of(frame, name)));

const end_of = (evidence) => evidence.faults.at(-1)?.reverted_at_ms ?? 0;

// From the end of the last fault until its lag was as usual, and stayed so; null: never.
export function caught_up(evidence, [name]) {
  const end = end_of(evidence);
  const usual = usual_lag(evidence, name);
  const after = evidence.frames.filter((frame) => frame.t_ms >= end);
  const last = after.findLastIndex((frame) => lag_of(frame, name) > usual);
  if (last === after.length - 1) return null;
  return seconds(after[last + 1].t_ms - end);
}

// In the order of catching up; a process that had no lag is not in it.
export function recovery_order(evidence) {
  const names = Object.keys(evidence.frames[0]?.processes ?? {});
  const fell = names.filter((name) => most_lag(evidence, [name]) > usual_lag(evidence, name));
  const time = (name) => caught_up(evidence, [name]) ?? Infinity;
  return fell.sort((a, b) => time(a) - time(b));
}

// [seconds since the first fault, records] for each frame since then.
export function lag_curve(evidence, [name]) {
  const begin = evidence.faults[0]?.injected_at_ms ?? evidence.frames[0]?.t_ms ?? 0;
  return evidence.frames
    .filter((frame) => frame.t_ms >= begin)
    .map((frame) => [seconds(frame.t_ms - begin), lag_of(frame, name)]);
}
