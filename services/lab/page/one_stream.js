// One stream for all tabs of a browser: the tab that holds a lock (Web Locks) reads it and gives
// each frame to the others (BroadcastChannel). A browser opens six connections to a server at
// most, so a stream in each tab would leave none for the seventh tab. Where there are no locks
// each tab reads for itself. Needs a Stream, locks, a channel and timers.

const LOCK = 'hail-lab-stream';
const BEAT_MS = 1000; // the reading tab shows that it lives, also while the lab is silent
const SILENT_MS = 3500;

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
    this.timer = this.set_timeout(() => this.#wait_for_lock({ steal: true }), SILENT_MS);
  }

  #show({ text, full }) {
    if (text !== undefined) this.on.text(text);
    if (full) this.on.full();
  }
}
