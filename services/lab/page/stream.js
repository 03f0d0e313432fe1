// Frames of the lab, as they are made: reads the server-sent events of GET /api/stream, and opens
// them again for as long as it takes. It is given fetch, a clock and timers, so it runs without a
// browser.
//
// It reads the response itself: an EventSource ends for good on any other answer than a stream,
// such as the 502 of a proxy while the lab starts again, and does not notice a silent server.

const SILENT_MS = 3000; // frames come at least once a second
const AGAIN_MS = 1000;
const FULL_AGAIN_MS = 10000;

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
