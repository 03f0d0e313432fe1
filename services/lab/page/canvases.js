// Calls what panels draw on canvases: once for each picture that the browser shows, only while the
// page is visible, the panel is shown and motion is allowed; else once a frame of data. Says so
// when the browser is too slow for motion.

const SLOW_FPS = 20;
const SLOW_FOR_MS = 3000;

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
export function start_canvases({ panels, is_shown, place_of, set }) {
  let ctx = null;
  let runs = false;
  let pictures = 0;
  let since = 0;
  let slow_since = null;

  function draw_all() {
    for (const [id, panel] of panels) {
      if (!panel?.draw || !is_shown(id)) continue;
      const place = place_of(id);
      try {
        panel.draw((name) => context_of(place, name), ctx);
      } catch (failure) {
        console.error(failure);
      }
    }
  }

  function measure(at) {
    pictures += 1;
    if (at - since < 1000) return;
    const is_slow = (pictures * 1000) / (at - since) < SLOW_FPS;
    slow_since = is_slow ? (slow_since ?? at) : null;
    pictures = 0;
    since = at;
    if (slow_since !== null && at - slow_since >= SLOW_FOR_MS) {
      slow_since = null;
      set({ slow: true });
    }
  }

  function on_picture(at) {
    if (ctx.reduced_motion || document.hidden) {
      runs = false;
      return;
    }
    measure(at);
    draw_all();
    requestAnimationFrame(on_picture);
  }

  return (next) => {
    ctx = next;
    if (ctx.reduced_motion) draw_all();
    if (runs || ctx.reduced_motion || document.hidden) return;
    runs = true;
    pictures = 0;
    slow_since = null;
    since = performance.now();
    requestAnimationFrame(on_picture);
  };
}
