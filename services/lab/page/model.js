// What the page knows of the platform: the newest frame, the rides of the last minutes, and five
// minutes of figures. Needs nothing but frames: pure, with the frames' own clock.

const MOST_RIDES = 2000;
const KEEP_MS = 300000;
const FINE_MS = 60000; // older figures are kept once a second

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

const over = new Set(['settled', 'failed', 'orphaned']);

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

  /** Who holds a ride may go on with it: another one takes its place. */
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
