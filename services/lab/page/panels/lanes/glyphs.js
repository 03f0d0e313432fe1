// Shapes of rides on a canvas, and the page's colours for it. Needs a 2D context; one path holds
// all shapes of a kind, because many small paths cost the most.

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

const names = [
  'ink',
  'dim',
  'line',
  'faint',
  'paper',
  'raised',
  'accent',
  'wait',
  'ok',
  'slow',
  'bad',
  'orphan',
  'link',
  'none',
];
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
