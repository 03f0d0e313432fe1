// What the page knows of the platform: the newest frame, the rides of the last minutes, and five
// minutes of figures. Needs nothing but frames: pure, with the frames' own clock.

const MOST_RIDES = 2000;
const KEEP_MS = 300000;
const FINE_MS = 60000; // older figures are kept once a second

/** The figures of a frame that are drawn over time. */
function sample_of(frame) {
  const lags = {};
  const rates = {};
  for (const [name, one] of Object.entries(frame.processes)) {
    lags[name] = { lag: one.lag, lag_s: one.lag_s };
    rates[name] = one.rate;
  }
  const faults = frame.faults.list.filter(is_on).map((fault) => fault.id);
  return { t_ms: frame.t_ms, lanes: frame.lanes, lags, rates, faults };
}

/** A fault that is asked for and not yet reverted, or that nobody could prove. */
export function is_on(fault) {
  return !fault.reverted_at_ms;
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
    for (const change of frame.rides) this.#change_ride(change);
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
    copy.rides = new Map([...this.rides].map(([id, ride]) => [id, structuredClone(ride)]));
    return copy;
  }

  #forget() {
    this.frame = null;
    this.previous = null;
    this.rides = new Map();
    this.history = [];
    this.fine = 0; // index in the history: from here on every sample is kept
  }

  #change_ride([id, lane, state, lon, lat]) {
    let ride = this.rides.get(id);
    if (!ride) {
      ride = { id, short: id.slice(0, 8), lanes: {} };
      this.rides.set(id, ride);
      if (this.rides.size > MOST_RIDES) this.rides.delete(this.rides.keys().next().value);
    }
    ride.lanes[lane] = { state, since_ms: this.frame.t_ms, lon, lat };
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
