// The replay: which frame of a tape is shown, and when the next one is due. Pure; time comes from
// the caller, and what is shown is a model of its own, made from the tape's frames alone.

export const SPEEDS = [0.25, 0.5, 1, 2, 4];
const BEFORE_MS = 60000; // frames of so long before the shown one say which rides are under way
const HISTORY_MS = 300000;

export class Player {
  /** `make_model()` gives an empty model, see model.js. */
  constructor(tape, make_model) {
    this.tape = tape;
    this.make_model = make_model;
    this.index = null; // of the frame that is shown; null: none is
    this.t_ms = 0; // of the replay's clock
    this.runs = false;
    this.speed = 1;
    this.model = null;
  }

  /** Shows frame `index`; gives its model. */
  show(index) {
    const to = Math.min(Math.max(index, 0), this.tape.size - 1);
    const is_next =
      this.model !== null && this.index !== null && to >= this.index && to - this.index < 25;
    const from = is_next ? this.index + 1 : this.tape.index_at(this.tape.times[to] - BEFORE_MS);
    if (!is_next) this.model = this.make_model();
    for (let at = from; at <= to; ++at) this.model.take(this.tape.frame(at));
    this.index = to;
    this.t_ms = this.tape.times[to];
    this.model.history = this.#history_until(to);
    return this.model;
  }

  #history_until(index) {
    const begin = this.tape.index_at(this.tape.times[index] - HISTORY_MS);
    return this.tape.samples.slice(begin, index + 1);
  }

  seek(t_ms) {
    return this.show(this.tape.index_at(t_ms));
  }

  /** `count` frames on, or back where it is negative; the replay stands then. */
  step(count) {
    this.runs = false;
    return this.show((this.index ?? this.tape.size - 1) + count);
  }

  /** Begins at the first frame again where it stands at the last one. */
  play() {
    this.runs = true;
    return this.index === null || this.index >= this.tape.size - 1 ? this.show(0) : this.model;
  }

  /** After `passed_ms`: the model where another frame is due, else null. It ends by standing. */
  tick(passed_ms) {
    if (!this.runs || this.index === null) return null;
    this.t_ms += passed_ms * this.speed;
    const due = this.tape.index_at(this.t_ms);
    if (due === this.index) return null;
    const { t_ms } = this;
    const model = this.show(due);
    this.t_ms = t_ms;
    if (due === this.tape.size - 1) this.runs = false;
    return model;
  }

  /** Another tape of the same frames, with newer ones. */
  renew(tape) {
    this.tape = tape;
    if (this.index !== null) this.index = tape.index_at(this.model.frame.t_ms);
  }
}
