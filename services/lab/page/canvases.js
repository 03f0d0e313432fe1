// Calls what panels draw on canvases: once for each picture that the browser shows, only while the
// page is visible, the panel is shown and motion is allowed; else once a frame of data. Says so
// when the browser is too slow for motion.

const PAUSE_MS = 48; // between two: 15 pictures a second do, at a quarter of the price
const SLOW_FPS = 8;
const SLOW_FOR_MS = 3000;

/** Counts pictures, to find out whether a browser is too slow for them. */
export class Pace {
  constructor(now_ms) {
    this.pictures = 0;
    this.since_ms = now_ms; // of the second that is counted
    this.slow_since_ms = null;
  }

  /** One more picture. Gives whether there were too few of them for so long. */
  count(now_ms) {
    this.pictures += 1;
    const counted_ms = now_ms - this.since_ms;
    if (counted_ms < 1000) return false;
    const is_slow = (this.pictures * 1000) / counted_ms < SLOW_FPS;
    this.slow_since_ms = is_slow ? (this.slow_since_ms ?? this.since_ms) : null;
    this.pictures = 0;
    this.since_ms = now_ms;
    return is_slow && now_ms - this.slow_since_ms >= SLOW_FOR_MS;
  }
}

/** The 2D context of a panel's canvas, sized to the device's pixels; null: there is none. */
function context_of(place, id) {
  const canvas = place.querySelector(`canvas[data-canvas="${id}"]`);
  if (!canvas || canvas.clientWidth === 0) return null;
  const scale = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context.setTransform(scale, 0, 0, scale, 0, 0);
  return context;
}

/** Gives what is to be called after each drawing of the page. */
export function start_canvases({ places, set }) {
  const failed = new Set(); // panels whose drawing failed: said once, not at each picture
  let ctx = null;
  let pace = null; // while pictures are drawn

  function draw_all() {
    for (const [id, panel, place] of places.shown()) {
      try {
        panel.draw?.((name) => context_of(place, name), ctx);
      } catch (failure) {
        if (!failed.has(id)) console.error(failure);
        failed.add(id);
      }
    }
  }

  function on_picture(at_ms) {
    if (ctx.reduced_motion || document.hidden) {
      pace = null;
      return;
    }
    if (pace.count(at_ms)) set({ slow: true });
    draw_all();
    setTimeout(() => requestAnimationFrame(on_picture), PAUSE_MS);
  }

  return (next) => {
    ctx = next;
    if (ctx.reduced_motion) return draw_all();
    if (pace || document.hidden) return;
    pace = new Pace(performance.now());
    requestAnimationFrame(on_picture);
  };
}
