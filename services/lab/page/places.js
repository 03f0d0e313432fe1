// The panels in their places on the page, and their canvases: loads a panel's module when it is
// first shown, puts its view there, calls what it draws, and has the shapes and colours that
// pictures are drawn with. Needs a document; a panel that fails says so in its place, and stops no
// other.
//
// Pictures are drawn 10 times a second, only while the page is visible, the panel is shown and
// motion is allowed; else once a frame of data.

import { html, render } from './vendor/lit-html/lit-html.js';

export class Places {
  /** `on_loaded` is called when there is one more panel. */
  constructor(on_loaded) {
    this.on_loaded = on_loaded;
    this.panels = new Map(); // by id; null while it is loaded, and where there is none
    this.loads = new Map(); // by id: what was asked for
    this.drawn = new Map(); // by id: {t_ms, news} of the frame that it was drawn for
  }

  /** Until it is there; it is asked for once. */
  load(id) {
    if (!this.loads.has(id)) this.loads.set(id, this.#load(id));
    return this.loads.get(id);
  }

  async #load(id) {
    this.panels.set(id, null);
    try {
      const { panel } = await import(`./panels/${id}.js`);
      this.panels.set(id, panel);
    } catch (failure) {
      console.warn(`there is no panel ${id}: ${failure}`);
    }
    this.on_loaded();
  }

  #stands(id, { stands_ms = 0, news_of }, { mode, frame, now_ms }) {
    const drawn = this.drawn.get(id);
    if (!drawn || mode !== 'live' || Math.abs(now_ms - drawn.t_ms) >= stands_ms) return false;
    return news_of?.(frame) === drawn.news;
  }

  place_of(id) {
    return document.querySelector(`#page [data-panel="${id}"]`);
  }

  /** [id, panel, place] of each panel that is seen now. */
  shown() {
    const all = [...this.panels].map(([id, panel]) => [id, panel, this.place_of(id)]);
    return all.filter(([, panel, place]) => panel && place && !place.hidden);
  }

  /**
   * `is_frame`: nothing but a frame is new. Numbers that change 5 times a second cannot be read, so
   * a panel may say how long it stands (`stands_ms`) unless there is `news_of(frame)`.
   */
  draw(ctx, is_frame) {
    for (const [id, panel, place] of this.shown()) {
      if (is_frame && this.#stands(id, panel, ctx)) continue;
      const news = ctx.frame && panel.news_of?.(ctx.frame);
      this.drawn.set(id, { t_ms: ctx.now_ms, news });
      try {
        render(panel.view(ctx), place);
      } catch (failure) {
        console.error(failure);
        const words = `This part failed: ${failure}`;
        render(html`<p class="banner" data-hue="bad">${words}</p>`, place);
      }
    }
  }
}

const PAUSE_MS = 84; // between two: 10 pictures a second do, at a sixth of the price
const SLOW_FPS = 5;
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

/**
 * Gives what is to be called after each drawing of the page. `draw_if_due` draws the page where
 * a frame came, so that the browser has one picture to make and not two.
 */
export function start_canvases({ places, set, draw_if_due }) {
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
    draw_if_due();
    if (ctx.reduced_motion || document.hidden) {
      pace = null;
      return;
    }
    if (pace.count(at_ms)) set({ slow: true });
    draw_all();
    setTimeout(() => requestAnimationFrame(on_picture), PAUSE_MS);
  }

  /** Whether another picture comes by itself. */
  const is_moving = () => pace !== null && !document.hidden;

  function draw_canvases(next) {
    ctx = next;
    if (ctx.reduced_motion) return draw_all();
    if (pace || document.hidden) return undefined;
    pace = new Pace(performance.now());
    return requestAnimationFrame(on_picture);
  }
  return { draw_canvases, is_moving };
}

// Shapes of rides on a canvas: one path holds all shapes of a kind, because many small paths cost
// the most.

const SIZE = 3.2;

const outlines = {
  circle: (path, x, y, r) => {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  },
  square: (path, x, y, r) => path.rect(x - r, y - r, 2 * r, 2 * r),
  diamond: (path, x, y, r) => {
    const far = r * 1.35;
    path.moveTo(x, y - far);
    path.lineTo(x + far, y);
    path.lineTo(x, y + far);
    path.lineTo(x - far, y);
    path.closePath();
  },
  check: (path, x, y, r) => {
    path.moveTo(x - r, y);
    path.lineTo(x - r * 0.2, y + r * 0.8);
    path.lineTo(x + r * 1.1, y - r);
  },
  cross: (path, x, y, r) => {
    path.moveTo(x - r, y - r);
    path.lineTo(x + r, y + r);
    path.moveTo(x + r, y - r);
    path.lineTo(x - r, y + r);
  },
  triangle: (path, x, y, r) => {
    path.moveTo(x, y - r);
    path.lineTo(x + r, y + r);
    path.lineTo(x - r, y + r);
    path.closePath();
  },
};
outlines.dot = outlines.circle;
const filled = new Set(['dot', 'square', 'triangle']);

/** Draws {x, y, shape, hue} each, `scale` times as large as usual. */
export function draw_shapes(context, shapes, colors, scale = 1) {
  const kinds = new Map();
  for (const one of shapes) {
    const name = `${one.shape} ${one.hue}`;
    if (!kinds.has(name)) kinds.set(name, []);
    kinds.get(name).push(one);
  }
  context.lineWidth = 1.6;
  for (const ones of kinds.values()) {
    const { shape, hue } = ones[0];
    context.beginPath();
    for (const { x, y } of ones) outlines[shape](context, x, y, SIZE * scale);
    context.strokeStyle = context.fillStyle = colors[hue];
    if (filled.has(shape)) context.fill();
    else context.stroke();
  }
}

const names =
  'ink dim line faint paper raised accent wait ok slow bad orphan link none'.split(' ');
const known = new WeakMap();
const dark = matchMedia('(prefers-color-scheme: dark)');
const forced = matchMedia('(forced-colors: active)');

/** What the colours depend on: to ask the browser for them has its price. */
function look_of_page() {
  const { conn, theme, presenter } = document.documentElement.dataset;
  return [
    conn === 'lost' || conn === 'full',
    theme,
    presenter,
    dark.matches,
    forced.matches,
  ].join();
}

/** The colours of the style sheet where the canvas is, as the browser resolves them. */
export function colors_of(canvas) {
  const look = look_of_page();
  const kept = known.get(canvas);
  if (kept?.look === look) return kept;
  const colors = { look };
  for (const name of names) {
    canvas.style.color = `var(--${name})`;
    colors[name] = getComputedStyle(canvas).color;
  }
  canvas.style.color = '';
  const style = getComputedStyle(canvas);
  colors.em = parseFloat(style.fontSize);
  colors.family = style.fontFamily;
  known.set(canvas, colors);
  return colors;
}

/** `weight` as in CSS; `size` in parts of the page's own text. */
export const font_of = (colors, size = 1, weight = 400) =>
  `${weight} ${colors.em * size}px ${colors.family}`;

// The clock of what moves: runs on evenly between two frames, and follows the frames' own clock.

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
