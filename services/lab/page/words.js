// What the page writes: numbers and times, text from outside, and small pictures (16 × 16, in the
// colour of the text) with the words that always stand beside them. English, whatever the system's
// language, so that numbers look alike in every screenshot; a state is a word and a shape first, its
// hue only repeats them.

import { html, nothing, svg } from './vendor/lit-html/lit-html.js';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 1162 → "1,162"; what is not known is a dash, never 0. */
export function count(value) {
  return Number.isFinite(value) ? grouped.format(value) : '–';
}

/** A number with at most three digits that count: 0.42, 4.2, 42, 420. */
export function short(value) {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return count(value);
  return value.toFixed(size >= 10 ? 0 : 1);
}

/** 0.9987 → "99.9 %": never rounded up to 100. */
export function percent(ratio) {
  if (!Number.isFinite(ratio)) return '–';
  const tenths = Math.floor(ratio * 1000 + 1e-9) / 10;
  return `${Number.isInteger(tenths) ? tenths : tenths.toFixed(1)} %`;
}

/** 1087 → "1,087 ms", 2.64 → "2.6 ms" */
export function ms(value) {
  return Number.isFinite(value) ? `${short(value)} ms` : '–';
}

/** 4100 → "4.1 s", 75000 → "1 min 15 s" */
export function span(value_ms) {
  if (!Number.isFinite(value_ms)) return '–';
  const seconds = value_ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** At most so many characters of a foreign text, with its end marked where it was cut. */
export function cut(text, most = 120) {
  const whole = String(text);
  return whole.length <= most
    ? whole
    : `${whole.slice(0, most)}… (${count(whole.length)} characters)`;
}

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

const line = (d) => svg`<path d=${d} fill="none" stroke="currentColor" stroke-width="1.8"
  stroke-linecap="round" stroke-linejoin="round"></path>`;
const area = (d) => svg`<path d=${d} fill="currentColor"></path>`;

const pictures = {
  alert: line('M8 3v6M8 12.5v.5'),
  asked: line('M8 2l5 6-5 6-5-6z'),
  audit: [line('M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5L14 14')],
  check: line('M3 8.5l3.5 3.5L13 4.5'),
  circle: line('M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3'),
  close: line('M4 4l8 8M12 4l-8 8'),
  copy: line('M6 6h7v8H6zM4 10H3V2h7v2'),
  cross: line('M4 4l8 8M12 4l-8 8'),
  diamond: line('M8 2.5L13.5 8 8 13.5 2.5 8z'),
  dot: area('M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3'),
  down: area('M3 5.5h10L8 12z'),
  download: line('M8 2v8M4.5 7L8 10.5 11.5 7M3 14h10'),
  even: line('M3 8h10'),
  fault: area('M8 2l6 6-6 6-6-6z'),
  frozen: line('M8 1.5v13M2.4 4.7l11.2 6.6M13.6 4.7L2.4 11.3'),
  help: line('M5.5 5.5a2.5 2.5 0 1 1 3.6 2.2C8.3 8.1 8 8.6 8 9.5M8 12.7v.3'),
  letter: line('M2 4h12v8.5H2zM2 4.5l6 4.5 6-4.5'),
  live: area('M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8'),
  lock: line('M4 7.5h8V14H4zM5.5 7V5a2.5 2.5 0 0 1 5 0v2'),
  next: line('M4 3l7 5-7 5zM13 3v10'),
  passport: line('M3.5 2h9v12h-9zM6 5.5h4M6 8.5h4M6 11.5h2'),
  pause: line('M5.5 3v10M10.5 3v10'),
  play: area('M4.5 3l8 5-8 5z'),
  previous: line('M12 3L5 8l7 5zM3 3v10'),
  running: area('M4.5 3l8 5-8 5z'),
  slow: [line('M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2'), area('M8 4v4h4a4 4 0 0 0-4-4')],
  square: area('M3.5 3.5h9v9h-9z'),
  starting: line('M3.5 8h.01M8 8h.01M12.5 8h.01'),
  stop: area('M3.5 3.5h9v9h-9z'),
  storm: area('M9.5 1L3.5 9H7l-1 6 6.5-8.5H9z'),
  unknown: line('M3 13L13 3M3 8l5-5M8 13l5-5'),
  up: area('M3 10.5h10L8 4z'),
};

/** One of the pictures above; nothing is read out for it, a word stands beside it. */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${pictures[name]}</svg>`;
}

/** Word, icon and hue of a process's state, as frames name it. */
export const process_signs = {
  running: { word: 'running', icon: 'running', hue: 'ok' },
  starting: { word: 'starting', icon: 'starting', hue: 'wait' },
  frozen: { word: 'frozen', icon: 'frozen', hue: 'bad' },
  slow: { word: 'slow', icon: 'slow', hue: 'slow' },
  exited: { word: 'down', icon: 'cross', hue: 'bad' },
  unknown: { word: 'unknown', icon: 'unknown', hue: 'none' },
};

/** Of a ride's state, as frames name it: shape first. */
export const ride_signs = {
  requested: { word: 'requested', icon: 'circle', hue: 'wait' },
  matched: { word: 'matched', icon: 'dot', hue: 'wait' },
  authorized: { word: 'paid', icon: 'square', hue: 'link' },
  confirmed: { word: 'confirmed', icon: 'check', hue: 'ok' },
  settled: { word: 'done', icon: 'check', hue: 'ok' },
  unmatched: { word: 'no driver', icon: 'diamond', hue: 'slow' },
  declined: { word: 'declined', icon: 'diamond', hue: 'slow' },
  failed: { word: 'failed', icon: 'diamond', hue: 'bad' },
  orphaned: { word: 'orphaned', icon: 'cross', hue: 'orphan' },
};

/** Of a fault's phase, as the lab names it. */
export const phase_signs = {
  asked: { word: 'asked', icon: 'asked', hue: 'wait' },
  injected: { word: 'injecting', icon: 'starting', hue: 'wait' },
  proven: { word: 'proven', icon: 'check', hue: 'bad' },
  not_proven: { word: 'NOT PROVEN', icon: 'alert', hue: 'bad' },
  reverted: { word: 'reverting', icon: 'starting', hue: 'wait' },
  proven_off: { word: 'proven off', icon: 'check', hue: 'ok' },
};

const unknown_sign = { word: 'unknown', icon: 'unknown', hue: 'none' };

/** Icon and word of a sign in its hue; a name that is not known is shown as it is. */
export function sign(signs, name) {
  const one = Object.hasOwn(signs, name) ? signs[name] : { ...unknown_sign, word: String(name) };
  return html`<span class="sign" data-hue=${one.hue}>
    ${icon(one.icon)}<span>${one.word}</span>
  </span>`;
}

/** A template where `is_so`; nothing else. */
export const when = (is_so, template) => (is_so ? template : nothing);
