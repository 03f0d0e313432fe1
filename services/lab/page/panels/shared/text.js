// Times and durations of a ride or a fault. Pure functions; what all of the page writes is in
// words.js.

/** The same as a ride counts: "+9 ms", "+1.2 s" */
export const after_ms = (ms) => (ms < 1000 ? `+${ms} ms` : after(ms));

/** How long after another moment: "+0.19 s", "+12.4 s" */
export function after(ms) {
  return Number.isFinite(ms) ? `+${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s` : '–';
}

/** A time of day of this browser, to the millisecond: "08:34:40.831" */
export function clock(t_ms) {
  if (!Number.isFinite(t_ms)) return '–';
  const at = new Date(t_ms);
  const digits = (number, width = 2) => String(number).padStart(width, '0');
  const seconds = `${digits(at.getSeconds())}.${digits(at.getMilliseconds(), 3)}`;
  return `${digits(at.getHours())}:${digits(at.getMinutes())}:${seconds}`;
}

/** "15s", "500ms", "2m" in ms; null where it is no such text. */
export function duration_ms(text) {
  const found = /^(\d+)(ms|s|m|h)$/.exec(String(text));
  if (found === null) return null;
  return Number(found[1]) * { ms: 1, s: 1000, m: 60000, h: 3600000 }[found[2]];
}
