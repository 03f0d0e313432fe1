// The chart over time: scales, lines and fault ranges. Pure: from samples to numbers and points; a
// scale's end is a round number, and stands beside it.

const LEAST_MS = 60000;
const LABEL_GAP = 6; // pixels

export const STRIPS = [
  {
    id: 'rate',
    title: 'accepted /s',
    unit: '/s',
    lines: [
      ['log', (s) => s.lanes.log.rate * s.lanes.log.accepted_ratio],
      ['chain', (s) => s.lanes.chain.rate * s.lanes.chain.accepted_ratio],
    ],
  },
  {
    id: 'p99',
    title: 'p99',
    unit: ' ms',
    lines: [
      ['log', (s) => s.lanes.log.p99_ms],
      ['chain', (s) => s.lanes.chain.p99_ms],
    ],
  },
  { id: 'lag', title: 'lag', unit: ' records', lines: [['log', (s) => lag_of(s).lag]] },
];

/** The largest lag of a service, and whose it is. */
export function lag_of(sample) {
  let most = { name: '', lag: 0, lag_s: 0 };
  for (const [name, one] of Object.entries(sample.lags))
    if (one.lag > most.lag) most = { name, ...one };
  return most;
}

/** The least of 1, 2, 5, 10, 20, 50… that is not below `value`. */
export function round_up(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((part) => part * power).find((end) => end >= value * (1 - 1e-9));
}

/** The span that is drawn: a minute at least, up to `keep_ms`, or all of a recording. */
export function span_of(samples, keep_ms) {
  const end = samples.at(-1)?.t_ms ?? 0;
  const begin = samples[0]?.t_ms ?? 0;
  if (!Number.isFinite(keep_ms)) return { begin, end };
  const whole = Math.ceil((end - begin) / LEAST_MS) * LEAST_MS;
  return { begin: end - Math.max(LEAST_MS, Math.min(keep_ms, whole)), end };
}

export const x_of = (t_ms, { begin, end }, left, width) =>
  left + ((t_ms - begin) / Math.max(1, end - begin)) * width;
export const t_of = (x, { begin, end }, left, width) =>
  begin + Math.min(1, Math.max(0, (x - left) / width)) * (end - begin);

/** The highest value of a strip's lines, as the end of its scale. */
export function top_of(strip, samples) {
  let most = 0;
  for (const sample of samples)
    for (const [, value] of strip.lines) most = Math.max(most, value(sample) || 0);
  return round_up(most);
}

/**
 * Points of a line, at most one for each pixel: of several the one with the highest value, so that
 * no peak is lost. `y_of` gives a value's height.
 */
export function points_of(samples, value, to_x, y_of) {
  const points = [];
  for (const sample of samples) {
    const x = Math.round(to_x(sample.t_ms));
    const of = value(sample) || 0;
    const last = points.at(-1);
    if (last && last.x === x) last.value = Math.max(last.value, of);
    else points.push({ x, value: of });
  }
  return points.map((one) => ({ x: one.x, y: y_of(one.value) }));
}

/** When each fault was on, by begin: {id, label, begin, end}; the samples end one that is on. */
export function bands_of(samples) {
  const bands = new Map();
  for (const [at, sample] of samples.entries()) {
    for (const fault of sample.faults) {
      const known = bands.get(fault.id);
      const end = samples[at + 1]?.t_ms ?? sample.t_ms;
      if (known) known.end = end;
      else
        bands.set(fault.id, {
          id: fault.id,
          label: `${fault.target} ${fault.action}`,
          begin: sample.t_ms,
          end,
        });
    }
  }
  return [...bands.values()];
}

/**
 * Where the labels of bands have room, in at most `most` rows: [{label, x, row}]. One that has none
 * is left out; the table has it. `to_x` and `right` are in pixels, as what `width_of` gives.
 */
export function labels_of(bands, { to_x, width_of, right, most = 3 }) {
  const ends = Array(most).fill(-Infinity);
  const labels = [];
  for (const { label, begin } of bands) {
    const width = width_of(label);
    const x = Math.min(to_x(begin) + 4, right - width);
    const row = ends.findIndex((end) => end <= x);
    if (row < 0) continue;
    ends[row] = x + width + LABEL_GAP;
    labels.push({ label, x, row });
  }
  return labels;
}

/** At most `most` samples, evenly, always with the last one: for the chart as a table. */
export function some_of(samples, most) {
  if (samples.length <= most) return samples;
  return Array.from(
    { length: most },
    (_, at) => samples[Math.round(((at + 1) * samples.length) / most) - 1],
  );
}
