// What goes between the page and its lab: frames as they are made, requests, the session that
// permits changes, and how good the connection is. It is given fetch, a clock, timers and locks, so
// it runs without a browser.
//
// It reads the stream of GET /api/stream itself: an EventSource ends for good on any other answer
// than a stream, such as the 502 of a proxy while the lab starts again, and does not notice a
// silent server. One tab reads for all tabs of a browser, the one that holds a lock (Web Locks), and
// gives each frame to the others (BroadcastChannel): a browser opens six connections to a server at
// most, so a stream in each tab would leave none for the seventh tab.

const SILENT_MS = 3000; // frames come at least once a second
const AGAIN_MS = 1000;
const FULL_AGAIN_MS = 10000;
const LOCK = 'hail-lab-stream';
const BEAT_MS = 1000; // the reading tab shows that it lives, also while the lab is silent
const TAB_SILENT_MS = 3500;
const RECONNECTS_MS = 2000; // shorter gaps pass unnoticed
const LOST_MS = 8000;

const NO_ANSWER = {
  title: 'No answer',
  status: 0,
  detail: 'the lab did not answer; what became of the request is unknown',
};

/** The events in `text`, and the part after the last whole one. */
export function events_in(text) {
  const parts = text.split('\n\n');
  const rest = parts.pop();
  return [parts.map(event_of).filter((event) => event !== null), rest];
}

function event_of(part) {
  let name = 'message';
  const data = [];
  for (const line of part.split('\n')) {
    if (line.startsWith('event:')) name = line.slice(6).trim();
    if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
  return name === 'message' && data.length === 0 ? null : { name, data: data.join('\n') };
}

export class Stream {
  /** `on.text(text)` gets each frame as the lab wrote it; `on.full()` where there is no place. */
  constructor({ fetch, set_timeout, clear_timeout, on, url = '/api/stream' }) {
    Object.assign(this, { fetch, set_timeout, clear_timeout, on, url });
    this.stop = null; // of the response that is read
  }

  open() {
    if (this.stop) return;
    this.stop = new AbortController();
    this.#read_for_ever(this.stop.signal);
  }

  close() {
    this.stop?.abort();
    this.stop = null;
  }

  async #read_for_ever(closed) {
    while (!closed.aborted) {
      const wait_ms = await this.#read_once(closed).catch(() => AGAIN_MS);
      await new Promise((done) => this.set_timeout(done, wait_ms));
    }
  }

  /** Until the stream ends, breaks or is silent. Gives how long to wait before the next one. */
  async #read_once(closed) {
    const response_end = new AbortController();
    const end = () => response_end.abort();
    closed.addEventListener('abort', end);
    const watch = () => this.set_timeout(end, SILENT_MS);
    let timer = watch();
    try {
      const response = await this.fetch(this.url, {
        signal: response_end.signal,
        cache: 'no-store',
      });
      if (!response.ok) return AGAIN_MS;
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return AGAIN_MS;
        this.clear_timeout(timer);
        timer = watch();
        const [events, rest] = events_in(text + value);
        text = rest;
        if (events.some((event) => event.name === 'full')) {
          this.on.full();
          return FULL_AGAIN_MS;
        }
        const last = events.at(-1); // a page that was busy shows the newest
        if (last) this.on.text(last.data);
      }
    } finally {
      closed.removeEventListener('abort', end);
      this.clear_timeout(timer);
    }
  }
}

/** One stream for all tabs; where there are no locks each tab reads for itself. */
export class OneStream {
  /** `make_stream(on)` gives a Stream; `on` is as Stream takes it. */
  constructor({ make_stream, locks, channel, set_timeout, clear_timeout, on }) {
    Object.assign(this, { locks, channel, set_timeout, clear_timeout, on });
    this.stream = make_stream({
      text: (text) => this.#share({ text }),
      full: () => this.#share({ full: true }),
    });
    this.timer = null;
    this.is_open = false;
    this.stop_reading = null; // where this tab reads
    channel?.addEventListener('message', ({ data }) => this.#hear(data));
  }

  open() {
    if (this.is_open) return;
    this.is_open = true;
    if (!this.locks) return this.stream.open();
    this.#wait_for_lock({});
    this.#watch();
  }

  /** Reads no more; another tab goes on. */
  close() {
    this.is_open = false;
    this.clear_timeout(this.timer);
    if (!this.locks) return this.stream.close();
    this.waiting.abort();
    this.stop_reading?.();
  }

  /** Reads as soon as no other tab does. With `steal` at once: the tab that did was silent. */
  #wait_for_lock({ steal = false }) {
    this.waiting?.abort();
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const options = steal ? { steal } : { signal };
    this.locks
      .request(LOCK, options, () => (signal.aborted ? null : this.#read()))
      .catch(() => this.#on_lost(signal));
  }

  #read() {
    this.clear_timeout(this.timer);
    this.stream.open();
    this.#beat();
    return new Promise((done) => {
      this.stop_reading = () => {
        this.stop_reading = null;
        this.stream.close();
        this.clear_timeout(this.timer);
        done();
      };
    });
  }

  /** Another tab took the lock; or this one does not wait for it any more. */
  #on_lost(signal) {
    if (signal.aborted) return;
    this.stop_reading?.();
    if (!this.is_open) return;
    this.#wait_for_lock({});
    this.#watch();
  }

  #share(message) {
    this.channel?.postMessage(message);
    this.#show(message);
  }

  #beat() {
    this.channel.postMessage({ beat: true });
    this.timer = this.set_timeout(() => this.#beat(), BEAT_MS);
  }

  #hear(message) {
    if (!this.is_open || this.stop_reading) return;
    this.#watch();
    this.#show(message);
  }

  #watch() {
    this.clear_timeout(this.timer);
    this.timer = this.set_timeout(() => this.#wait_for_lock({ steal: true }), TAB_SILENT_MS);
  }

  #show({ text, full }) {
    if (text !== undefined) this.on.text(text);
    if (full) this.on.full();
  }
}

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The line of a shell that does the same. */
export function curl_line(origin, method, path, body) {
  const words = ['curl'];
  if (method !== 'GET') {
    words.push('-X', method, '-H "Authorization: Bearer $TOKEN"');
    words.push("-H 'Content-Type: application/json'");
  }
  if (body !== undefined) words.push('-d', quoted(JSON.stringify(body)));
  return [...words, quoted(origin + path)].join(' ');
}

async function read(response) {
  const text = await response.text();
  const is_json = (response.headers.get('content-type') ?? '').includes('json');
  try {
    return is_json && !response.headers.get('content-type').includes('jsonl')
      ? JSON.parse(text)
      : text;
  } catch {
    return text;
  }
}

/** `on_refused(problem)` is called for every request that needs a session and has none. */
export function make_actions({ fetch, origin, on_refused }) {
  async function ask(method, path, body) {
    const options = { method, cache: 'no-store' };
    if (method !== 'GET') options.headers = { 'Content-Type': 'application/json' };
    if (body !== undefined) options.body = JSON.stringify(body);
    try {
      const response = await fetch(path, options);
      const value = await read(response);
      if (response.ok) return { ok: true, value };
      const problem =
        typeof value === 'object' && value !== null
          ? value
          : { title: response.statusText, status: response.status, detail: String(value) };
      if (response.status === 401) on_refused(problem);
      return { ok: false, problem };
    } catch {
      return { ok: false, problem: NO_ANSWER };
    }
  }
  const part = encodeURIComponent;
  return {
    get: (path) => ask('GET', path),
    ask,
    curl: (method, path, body) => curl_line(origin, method, path, body),
    fault: (fault) => ask('POST', '/api/faults', seconds_as_text(fault)),
    revert: (id) => ask('DELETE', `/api/faults/${part(id)}`),
    stop_all: () => ask('POST', '/api/faults/reset', {}),
    traffic: (order) => ask('PUT', '/api/traffic', order),
    reset_group: (group, order) => ask('POST', `/api/groups/${part(group)}/reset`, order),
    passport: (id) => ask('GET', `/api/passports/${part(id)}`),
    dead_letters: () => ask('GET', '/api/dead-letters'),
    replay: (ids) => ask('POST', '/api/dead-letters/replay', { ids }),
    audit: (within_s = 0) => ask('GET', `/api/audit?within_s=${within_s}`),
    experiment: (document) => ask('POST', '/api/experiments', document),
    blast: (options) => ask('POST', '/api/blast', options),
  };
}

/** {duration_ms: 15000} as the API takes it: {duration: "15s"}. */
export function seconds_as_text({ duration_ms, ...fault }) {
  return duration_ms === undefined ? fault : { ...fault, duration: `${duration_ms}ms` };
}

/**
 * Opens a session with the key of the address ("#k=…"), which is good for one time, and asks
 * whether there is one. Gives whether this page may change something.
 */
export async function open_session(actions, key) {
  if (key) {
    const opened = await actions.ask('POST', '/api/session', { key });
    if (opened.ok) return true;
  }
  const session = await actions.get('/api/session');
  return session.ok && session.value.may_change;
}

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

/** The lab answers, whatever the broker does. */
export const is_reached = (ctx) =>
  ctx.mode !== 'replaying' && (ctx.conn === 'live' || ctx.conn === 'unreachable');
