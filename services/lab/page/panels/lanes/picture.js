// Draws both lanes: the dots of rides on the picture of what stands still. Needs a canvas; what is
// where comes from the pure modules beside it.

import { SmoothClock, speed_of } from './clock.js';
import { dots_of } from './dots.js';
import { geometry, ride_near } from './geometry.js';
import { colors_of, draw_shapes, font_of } from './glyphs.js';
import { ground_for, line } from './ground.js';
import { DELAY_MS, is_under_way, ride_to_follow, rides_per_dot } from './motion.js';

const PICTURE_MS = 30; // the page asks for about 15 pictures a second
const RESIZED_MS = 1000; // until a picture that stands has the canvas's new size
const clock = new SmoothClock();
let drawn = { seq: null, at: 0, dots: [] };
let moving = { frame: null, rides: [] }; // those of a frame of which something may be seen

/** The id of the ride that is drawn at a point of the canvas; null: none is. */
export const ride_at = (x, y) => ride_near(drawn.dots, x, y);
/** What is drawn now, for tests. */
export const dots_now = () => drawn.dots;

/** The same ride in both lanes: its dots larger, a thin line between them, its short id at both. */
function draw_pair(context, dots, id, colors, color) {
  const own = dots.filter((dot) => dot.id === id);
  if (own.length === 0) return;
  const upper = own.filter((dot) => dot.lane === 'log');
  const lower = own.find((dot) => dot.lane === 'chain');
  context.setLineDash([2, 3]);
  if (lower)
    for (const dot of upper.slice(-1))
      line(
        context,
        [
          [dot.x, dot.y],
          [lower.x, lower.y],
        ],
        color,
      );
  context.setLineDash([]);
  draw_shapes(context, own, colors, 1.6);
  context.font = font_of(colors, 0.85, 600);
  context.fillStyle = color;
  context.textAlign = 'left';
  const right = context.canvas.clientWidth - colors.em * 5;
  const name = (dot, y) => dot && context.fillText(dot.short, Math.min(dot.x + 8, right), y);
  name(upper[0], upper[0]?.y + colors.em * 1.6);
  name(lower, lower?.y - colors.em * 1.4);
}

function rides_of(ctx, t) {
  if (moving.frame !== ctx.frame) {
    const rides = [...ctx.rides.values()].filter((ride) => is_under_way(ride, t));
    moving = { frame: ctx.frame, rides };
  }
  return moving.rides;
}

/** Called for each picture that the browser shows. */
export function draw_lanes(canvas_of, ctx) {
  const at = performance.now();
  const t = clock.tick(ctx.frame, at, speed_of(ctx)) - (ctx.reduced_motion ? 0 : DELAY_MS);
  const is_new = drawn.seq !== ctx.frame.seq || drawn.focus !== ctx.state.focus;
  const pause_ms = ctx.reduced_motion ? RESIZED_MS : PICTURE_MS;
  if (!is_new && at - drawn.at < pause_ms) return;
  const context = canvas_of('lanes');
  if (!context) return;
  const { canvas } = context;
  const colors = colors_of(canvas);
  const g = geometry(canvas.clientWidth, canvas.clientHeight, colors.em);
  const per_dot = rides_per_dot(Math.max(ctx.frame.lanes.log.rate, ctx.frame.lanes.chain.rate));
  const is_asked = ctx.frame.lanes.chain.rate > 0;
  const rides = rides_of(ctx, t);
  const dots = dots_of(rides, t, { geometry: g, is_asked, per_dot, still: ctx.reduced_motion });
  context.clearRect(0, 0, g.width, g.height);
  context.drawImage(ground_for(canvas, ctx, g, per_dot, colors), 0, 0, g.width, g.height);
  draw_shapes(context, dots, colors);
  context.textBaseline = 'middle';
  const followed = ctx.reduced_motion ? null : ride_to_follow(rides, t);
  if (followed && followed.id !== ctx.state.focus)
    draw_pair(context, dots, followed.id, colors, colors.dim);
  if (ctx.state.focus) draw_pair(context, dots, ctx.state.focus, colors, colors.accent);
  drawn = { seq: ctx.frame.seq, focus: ctx.state.focus, at, dots };
}
