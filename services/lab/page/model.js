// What the page knows of the platform: the newest frame, the rides of the last minutes, and five
// minutes of figures with their chart, whose scales end with a round number. Needs nothing but
// frames: pure, with the frames' own clock.

const MOST_RIDES = 2000;
const KEEP_MS = 300000;
const FINE_MS = 60000; // older figures are kept once a second
const LEAST_MS = 60000; // that a chart has
const LABEL_GAP = 6; // pixels

/** The figures of a frame that are drawn over time. */
export function sample_of(frame) {
  const lags = {};
  const rates = {};
  for (const [name, one] of Object.entries(frame.processes)) {
    lags[name] = { lag: one.lag, lag_s: one.lag_s };
    rates[name] = one.rate;
  }
  const faults = frame.faults.list
    .filter(is_on)
    .map(({ id, target, action }) => ({ id, target, action }));
  const lag_known = frame.lag_known !== false;
  return { t_ms: frame.t_ms, lanes: frame.lanes, lags, lag_known, rates, faults };
}

/** A fault that is asked for and not yet reverted, or that nobody could prove. */
export function is_on(fault) {
  return !fault.reverted_at_ms;
}

/** States after which nothing waits for a ride. */
export const over = new Set(['settled', 'failed', 'orphaned']);

/**
 * What is known of a ride on one lane after a change at `t_ms`, which a frame of `now_ms` has:
 * {state, since_ms, asked_ms, first_ms, failed_ms, matched_ms, lon, lat, driver, hops, left}.
 * `hops` are the services that it waits for, `left` says when it waited no longer for each of the
 * others.
 */
export function lane_after(before, change, t_ms, now_ms = t_ms) {
  const [, , state, lon, lat, age_ms = null, hops = [], ...driver] = change;
  if (before?.state === 'settled') return before; // a late answer changes nothing
  const left = { ...before?.left };
  for (const hop of before?.hops ?? []) if (!hops.includes(hop)) left[hop] ??= t_ms;
  const is_failed = state === 'failed' || state === 'orphaned';
  return {
    state,
    since_ms: before?.state === state ? before.since_ms : t_ms,
    asked_ms: before?.asked_ms ?? (age_ms === null ? t_ms : now_ms - age_ms),
    first_ms: before?.first_ms ?? t_ms,
    failed_ms: before?.failed_ms ?? (is_failed ? t_ms : null),
    matched_ms: before?.matched_ms ?? (driver.length > 0 ? t_ms : null),
    lon: lon ?? before?.lon ?? null,
    lat: lat ?? before?.lat ?? null,
    driver: driver.length > 0 ? driver : (before?.driver ?? null),
    hops,
    left,
  };
}

export class Model {
  constructor() {
    this.#forget();
  }

  /** Gives "first", "next", "old" (known or overtaken) or "new run": all from before is void. */
  take(frame) {
    const another = this.frame !== null && this.frame.run !== frame.run;
    if (this.frame !== null && !another && frame.seq <= this.frame.seq) return 'old';
    const kind = another ? 'new run' : this.frame === null ? 'first' : 'next';
    if (another) this.#forget();
    this.previous = this.frame;
    this.frame = frame;
    const is_next = frame.seq === this.previous?.seq + 1;
    if (!is_next) this.#catch_up(this.previous?.t_ms ?? 0);
    for (const change of frame.rides) this.#change_ride(change, frame.t_ms);
    if (!is_next && this.previous !== null) this.#drop_missed(frame);
    this.history.push(sample_of(frame));
    this.#thin_history(frame.t_ms);
    return kind;
  }

  /** The same moment, which stays as it is while this one goes on. */
  copy() {
    const copy = new Model();
    copy.frame = this.frame;
    copy.previous = this.previous;
    copy.history = [...this.history];
    copy.rides = new Map(this.rides);
    return copy;
  }

  #forget() {
    this.frame = null;
    this.previous = null;
    this.rides = new Map();
    this.history = [];
    this.fine = 0; // index in the history: from here on every sample is kept
  }

  /** What changed since `known_ms`: a frame has all that did in the second before it. */
  #catch_up(known_ms) {
    for (const [ago_ms, change] of this.frame.earlier ?? []) {
      const t_ms = this.frame.t_ms - ago_ms;
      if (t_ms > known_ms) this.#change_ride(change, t_ms);
    }
  }

  /** A ride that somebody holds stays as it is: another one takes its place. */
  #change_ride(change, t_ms) {
    const [id, lane] = change;
    const before = this.rides.get(id);
    const after = lane_after(before?.lanes[lane], change, t_ms, this.frame.t_ms);
    this.rides.set(id, {
      id,
      short: id.slice(0, 8),
      asked_ms: Math.min(before?.asked_ms ?? t_ms, after.asked_ms),
      lanes: { ...before?.lanes, [lane]: after },
    });
    if (this.rides.size > MOST_RIDES) this.rides.delete(this.rides.keys().next().value);
  }

  /** A page that missed more than that shows no more rides as waiting than there are. */
  #drop_missed(frame) {
    const left = {};
    for (const lane of Object.keys(frame.lanes)) left[lane] = { ...frame.lanes[lane].waiting };
    for (const ride of [...this.rides.values()].reverse()) {
      const lanes = { ...ride.lanes };
      for (const [lane, one] of Object.entries(ride.lanes)) {
        if (!left[lane] || over.has(one.state)) continue;
        if (one.hops.some((hop) => left[lane][hop] === 0)) delete lanes[lane];
        else for (const hop of one.hops) left[lane][hop] -= 1;
      }
      if (Object.keys(lanes).length === 0) this.rides.delete(ride.id);
      else this.rides.set(ride.id, { ...ride, lanes });
    }
  }

  #thin_history(now_ms) {
    const { history } = this;
    const second = (at) => Math.floor(history[at].t_ms / 1000);
    while (this.fine < history.length && history[this.fine].t_ms < now_ms - FINE_MS) {
      if (this.fine > 0 && second(this.fine) === second(this.fine - 1))
        history.splice(this.fine, 1);
      else this.fine += 1;
    }
    while (history.length > 0 && history[0].t_ms < now_ms - KEEP_MS) {
      history.shift();
      this.fine = Math.max(0, this.fine - 1);
    }
  }
}

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
