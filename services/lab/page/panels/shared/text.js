// Text from outside as it may be shown: bounded, with what would hide or turn it made visible; and
// the numbers that words.js does not have. Pure functions.
import { count } from '../../words.js';

const MOST_SHOWN = 160;
// Controls, marks of direction, what has no width, halves of characters.
const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;
const MARKS_UPON_MARKS = /(\p{M}{2})\p{M}+/gu;

const escaped = (one) => `\\u${one.codePointAt(0).toString(16).padStart(4, '0')}`;

/** Text from outside: its first `most` characters, and how many there are. */
export function shown(value, most = MOST_SHOWN) {
  const text = String(value ?? '');
  const begin = text.slice(0, most).replace(HIDDEN, escaped).replace(MARKS_UPON_MARKS, '$1');
  return text.length <= most ? begin : `${begin}… (${count(text.length)} characters)`;
}

/** (1, "record") → "1 record"; (7, "record") → "7 records". */
export function counted(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/** 3.94 → "3.9/s", 184.2 → "184/s" */
export function per_second(rate) {
  return `${rate > 0 && rate < 9.95 ? rate.toFixed(1) : count(rate)}/s`;
}

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
