// Numbers and times as the page writes them. Pure functions; English, whatever the system's
// language, so that numbers look alike in every screenshot.

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
