// What a run showed: numbers, sets and curves, from the evidence of the run. Needs
// {frames, faults, before, after, queue}: frames of the lab, the faults with their times, the audit
// before and after, and what the queue gave. Pure functions.

import { accepted, hurt, median, refused, waited } from './measure_lanes.js';
import { caught_up, lag_curve, most_lag, recovery_order } from './measure_lag.js';

// The audit counts all rides of the platform, so those of before are taken off.
function found(word) {
  return ({ before, after }, [lane]) => after[lane][word] - (before?.[lane]?.[word] ?? 0);
}

const number = (value) => (typeof value === 'number' ? value : null);

function of_queue({ queue }, [path]) {
  const value = path.split('.').reduce((at, name) => at?.[name], queue);
  return number(value);
}

/** Records that the fault had delivered again, as the log counted them. */
function redelivered({ faults }, [place]) {
  return number(faults[Number(place) - 1]?.details?.records);
}

const EACH = 'a queue for each reader, filled from the beginning';

/** What gave both readers every message. */
function queue_helps({ queue }) {
  const all = ({ first, second }) => first === queue.rides && second === queue.rides;
  if (all(queue.queue)) return 'one queue';
  return all(queue.queue_each) ? EACH : 'nothing';
}

const MEASURES = {
  accepted,
  refused,
  waited,
  hurt,
  median,
  'most-lag': most_lag,
  'caught-up': caught_up,
  'lag-curve': lag_curve,
  recovery: recovery_order,
  lost: found('lost'),
  duplicated: found('duplicated'),
  orphaned: found('orphaned'),
  redelivered,
  queue: of_queue,
  'queue-helps': queue_helps,
};

const COMPARE = /^(.+) (>|=) (.+)$/;

// "caught-up notification", "waited chain 2", and as a question with yes or no: "lost log > 0".
// Errors: an Error that names what cannot be measured.
export function measured(what, evidence) {
  const compared = COMPARE.exec(what);
  if (compared) {
    const [left, right] = [compared[1], compared[3]].map((side) =>
      Number.isFinite(Number(side)) ? Number(side) : measured(side, evidence),
    );
    return (compared[2] === '>' ? left > right : left === right) ? 'yes' : 'no';
  }
  const [name, ...words] = what.split(/\s+/);
  const measure = MEASURES[name];
  if (!measure)
    throw new Error(`there is no measure ${name}: there are ${Object.keys(MEASURES).join(', ')}`);
  return measure(evidence, words);
}
