// What the page says of its connection to the lab, and why nothing can be changed now. Pure: from
// what is known to a word.

const RECONNECTS_MS = 2000; // shorter gaps pass unnoticed
const LOST_MS = 8000;

/**
 * "loading", "live", "reconnecting", "lost", "full", "unreachable" (the lab answers, its broker
 * does not) or "none" (a recording is shown, no lab is asked). `age_ms`: since the newest frame
 * came, or since the page began where none has come.
 */
export function conn_of({ is_offline, is_full, frame, age_ms }) {
  if (is_offline) return 'none';
  if (is_full && age_ms > RECONNECTS_MS) return 'full';
  if (age_ms > LOST_MS) return 'lost';
  if (frame === null) return 'loading';
  if (age_ms > RECONNECTS_MS) return 'reconnecting';
  return frame.lag_known === false ? 'unreachable' : 'live';
}

/** Why a button is off; empty: it is on. */
export function why_not_of({ conn, mode, may_change }) {
  if (mode === 'replaying') return 'A recording is shown: nothing can be changed.';
  if (conn === 'lost' || conn === 'full') return 'The lab does not answer: nothing can be changed.';
  if (!may_change) return 'You look only. Open the link that ./demo printed to touch things.';
  return '';
}
