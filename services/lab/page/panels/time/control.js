// What the panel of time does: keeps the tape, runs the replay, opens and saves recordings. Needs
// the shell's `show`, with which it puts another model in the place of what happens now.

import { Model, sample_of } from '../../model.js';
import { Player } from './player.js';
import { KEEP_MS } from '../time.js';
import { Tape, tape_of } from './tape.js';

const TICK_MS = 50;
const MOST_BYTES = 256e6;

export class Control {
  /** `recorded`: [text, sample] of each frame so far. */
  constructor(recorded) {
    this.tape = new Tape(); // of the lab's frames
    for (const [text, sample] of recorded) this.tape.add(text, sample);
    this.player = null; // null: what happens now is shown
    this.file = null; // the name of the recording that is open
    this.problem = '';
    this.timer = null;
    this.ticked_at = 0;
  }

  /** Each frame that is news, as the lab wrote it. */
  record(text, frame) {
    this.tape.add(text, sample_of(frame));
  }

  get can_replay() {
    return this.file !== null || this.tape.size > 0;
  }

  /** {samples, keep_ms, now_ms} of the chart. */
  shown(ctx) {
    return this.player
      ? { samples: this.player.tape.samples, keep_ms: this.player.tape.keep_ms, now_ms: ctx.now_ms }
      : { samples: ctx.history, keep_ms: KEEP_MS, now_ms: ctx.now_ms };
  }

  /** Stands still; false: there is nothing yet. */
  pause(ctx) {
    if (!this.can_replay) return false;
    this.#stop_timer();
    this.#replay(ctx).runs = false;
    this.#show(ctx, this.player.model);
    return true;
  }

  play(ctx) {
    if (!this.can_replay) return;
    const model = this.#replay(ctx).play();
    this.#run_timer(ctx);
    this.#show(ctx, model);
  }

  step(ctx, by) {
    if (!this.can_replay) return;
    this.#stop_timer();
    this.#show(ctx, this.#replay(ctx).step(by));
  }

  seek(ctx, t_ms) {
    if (this.can_replay) this.#show(ctx, this.#replay(ctx).seek(t_ms));
  }

  /** Back to what happens now; a recording is closed. Without a lab it only stands still. */
  go_live(ctx) {
    if (ctx.conn === 'none') return this.pause(ctx);
    this.#stop_timer();
    this.player = null;
    this.file = null;
    this.problem = '';
    ctx.show(null);
    return true;
  }

  /** Stands, or goes on: of a recording from where it stands, else with what happens now. */
  toggle(ctx) {
    if (!this.can_replay) return false;
    if (this.player === null || this.player.runs) return this.pause(ctx);
    if (this.file === null) return this.go_live(ctx);
    this.play(ctx);
    return true;
  }

  open_text(text, name, ctx) {
    try {
      const opened = tape_of(text, sample_of);
      this.#stop_timer();
      this.player = new Player(opened, () => new Model());
      this.file = name;
      this.problem = '';
      ctx.set({ focus: null });
      this.#show(ctx, this.player.show(0));
    } catch (failure) {
      this.#complain(ctx, `${name} is no recording of a lab: ${failure.message}`);
    }
  }

  /** `url`: of a recording that the lab itself serves. */
  async open_url(url, ctx) {
    const read = await ctx.actions.get(url);
    if (read.ok && typeof read.value === 'string') return this.open_text(read.value, url, ctx);
    return this.#complain(ctx, `${url} cannot be read: ${read.problem?.detail ?? 'it is no text'}`);
  }

  async open_file(chosen, ctx) {
    if (!chosen) return undefined;
    if (chosen.size <= MOST_BYTES) return this.open_text(await chosen.text(), chosen.name, ctx);
    return this.#complain(ctx, `${chosen.name} has more than ${MOST_BYTES / 1e6} MB`);
  }

  async save(ctx) {
    const text = await this.recording(ctx);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
    link.download = `hailstorm-${ctx.run}-${ctx.frame.seq}.jsonl`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /** JSON lines of what the chart shows: from the lab where it answers, else what is here. */
  async recording(ctx) {
    if (this.file !== null) return this.player.tape.lines();
    const asked = await ctx.actions.get(`/api/recording?seconds=${KEEP_MS / 1000}`);
    return asked.ok && typeof asked.value === 'string' ? asked.value : this.tape.lines();
  }

  /** The replay of what is on the tape; of the lab's frames, with the newest ones. */
  #replay(ctx) {
    if (this.file !== null) return this.player;
    const now = this.tape.snapshot();
    if (this.player) this.player.renew(now);
    else {
      this.player = new Player(now, () => new Model());
      this.player.seek(ctx.now_ms);
    }
    return this.player;
  }

  #show(ctx, model) {
    const is_live_tape = this.file === null && !this.player.runs;
    ctx.show(model, is_live_tape ? 'paused' : 'replaying');
  }

  #complain(ctx, problem) {
    this.problem = problem;
    ctx.set({});
  }

  #run_timer(ctx) {
    this.ticked_at = performance.now();
    this.timer ??= setInterval(() => {
      const at = performance.now();
      const model = this.player.tick(at - this.ticked_at);
      this.ticked_at = at;
      if (!this.player.runs) this.#stop_timer();
      if (model) this.#show(ctx, model);
    }, TICK_MS);
  }

  #stop_timer() {
    clearInterval(this.timer);
    this.timer = null;
  }
}
