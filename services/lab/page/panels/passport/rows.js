// The passport of one ride as rows: what happened, how long after the first thing, and where. Needs
// the answer of GET /api/passports/RIDE; pure functions.
import { shown } from '../../words.js';
import { after_ms, clock } from '../shared/text.js';

const MOST_ROWS = 400;
const PICTURES = {
  accepted: 'circle',
  waits: 'asked',
  'set aside': 'letter',
  appended: 'down',
  handled: 'dot',
  effect: 'square',
  message: 'letter',
  skipped: 'even',
  'dead letter': 'cross',
  replayed: 'up',
  outcome: 'check',
};
const LANES = { log: 'event lane', chain: 'chain lane' };

export const lane_words = (lane) => LANES[lane] ?? shown(lane, 20);

/** {title, trace, rows: [{at, time, lane, by, what, icon, event, detail}], left_out, notes}. */
export function passport_of(answer) {
  const times = answer.entries.map((one) => one.t_ms).filter(Number.isFinite);
  const first_ms = Math.min(...times);
  const row = (one) => ({
    at: one.t_ms === null ? '' : after_ms(one.t_ms - first_ms),
    time: one.t_ms === null ? 'not known when' : clock(one.t_ms),
    lane: one.lane,
    by: shown(one.by, 40),
    what: shown(one.what, 40),
    icon: PICTURES[one.what] ?? 'dot',
    event: shown(one.event, 60),
    detail: shown(one.detail, 240),
  });
  return {
    rider: shown(answer.rider_id, 80),
    trace: shown(answer.traceparent, 80),
    rows: answer.entries.slice(0, MOST_ROWS).map(row),
    left_out: Math.max(0, answer.entries.length - MOST_ROWS),
    notes: answer.notes.slice(0, 20).map((note) => shown(note, 240)),
  };
}

/** What people type: an id, or its beginning where it is one of the rides that are shown. */
export function ride_named(text, rides) {
  const name = text.trim();
  if (name.length === 0 || rides.has(name)) return name;
  for (const id of rides.keys()) if (id.startsWith(name)) return id;
  return name;
}
