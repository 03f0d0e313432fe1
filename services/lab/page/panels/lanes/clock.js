// The clock of what moves: runs on evenly between two frames, and follows the frames' own clock.
// Needs the time of the browser's pictures; it stands where the display stands.

const JUMP_MS = 1500; // a frame that is further off than that is jumped to
const MOST_AHEAD_MS = 1000; // without a frame it stands after that
const PULL = 0.15; // of the difference, with each frame

export class SmoothClock {
  constructor() {
    this.t_ms = null; // of what is drawn
    this.seq = null;
    this.frame_ms = 0;
    this.at = 0;
  }

  /** The time to draw at picture `at` (ms); `speed` 0: it stands. */
  tick(frame, at, speed = 1) {
    const passed = Math.max(0, at - this.at);
    this.at = at;
    if (this.t_ms === null || Math.abs(frame.t_ms - this.t_ms) > JUMP_MS || speed === 0) {
      this.t_ms = frame.t_ms;
    } else {
      this.t_ms = Math.min(this.t_ms + passed * speed, frame.t_ms + MOST_AHEAD_MS);
      if (frame.seq !== this.seq) this.t_ms += (frame.t_ms - this.t_ms) * PULL;
    }
    this.seq = frame.seq;
    return this.t_ms;
  }
}

/** How fast the display runs: 0 while it is paused, the replay's own speed, else 1. */
export function speed_of(ctx) {
  if (ctx.reduced_motion || ctx.mode === 'paused') return 0;
  return ctx.mode === 'replaying' ? (ctx.state.time?.speed ?? 1) : 1;
}
