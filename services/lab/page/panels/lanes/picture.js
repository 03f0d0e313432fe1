// Draws both lanes: what stands still once a frame of data, the dots on top of it. Needs a canvas;
// what is where comes from the pure modules beside it.

import { SmoothClock, speed_of } from './clock.js';
import { dots_of } from './dots.js';
import { geometry, ride_near } from './geometry.js';
import { colors_of, draw_shapes, font_of } from './glyphs.js';
import { DELAY_MS, is_under_way, ride_to_follow, rides_per_dot } from './motion.js';

const PICTURE_MS = 45; // about 20 pictures a second are enough for dots
const state_words = {
  running: '',
  exited: 'DOWN',
  frozen: 'FROZEN',
  slow: 'SLOW',
  unknown: 'UNKNOWN',
};
const state_hues = { running: 'line', exited: 'bad', frozen: 'bad', slow: 'slow', unknown: 'none' };

const clock = new SmoothClock();
let ground = null; // what stands still, of one frame
let drawn = { seq: null, at: 0, dots: [] };
let moving = { frame: null, rides: [] }; // those of a frame of which something may be seen

/** The id of the ride that is drawn at a point of the canvas; null: none is. */
export const ride_at = (x, y) => ride_near(drawn.dots, x, y);
/** What is drawn now, for tests. */
export const dots_now = () => drawn.dots;

function text(context, words, x, y, color, align = 'left') {
  context.fillStyle = color;
  context.textAlign = align;
  context.fillText(words, x, y);
}

function draw_box(context, one, words, colors, hue) {
  context.fillStyle = colors.raised;
  context.strokeStyle = colors[hue];
  context.lineWidth = hue === 'line' ? 1 : 2;
  context.setLineDash(hue === 'line' ? [] : [4, 3]);
  context.beginPath();
  context.roundRect(one.x + 0.5, one.y + 0.5, one.width, one.height, 4);
  context.fill();
  context.stroke();
  context.setLineDash([]);
  context.font = font_of(colors, 0.92);
  text(context, words, one.x + one.width / 2 + 0.5, one.y + one.height / 2, colors.ink, 'center');
}

function draw_service(context, one, process, colors) {
  const state = process?.state ?? 'unknown';
  draw_box(context, one, one.name, colors, state_hues[state] ?? 'none');
  const word = state_words[state] ?? state;
  if (word === '') return;
  context.font = font_of(colors, 0.85, 600);
  text(
    context,
    word,
    one.x + one.width / 2,
    one.y - colors.em * 0.6,
    colors[state_hues[state] ?? 'none'],
    'center',
  );
}

function line(context, points, color, width = 1) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  points.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

function draw_log_lane(context, g, frame, colors) {
  const { gateway, log, services } = g;
  line(
    context,
    [
      [gateway.x + gateway.width, g.trunk_y],
      [log.x, g.trunk_y],
    ],
    colors.line,
    2,
  );
  for (const [at, one] of services.entries()) {
    line(
      context,
      [
        [log.x + log.width, g.rows[at]],
        [g.done_x, g.rows[at]],
      ],
      colors.line,
      2,
    );
    draw_service(context, one, frame.processes[one.name], colors);
    const waiting = frame.lanes.log.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.92, 600);
    text(
      context,
      `${waiting.toLocaleString('en-US')} wait`,
      one.x - 8,
      g.rows[at] - colors.em * 1.1,
      colors.ink,
      'right',
    );
  }
  draw_service(context, gateway, frame.processes.gateway, colors);
  const broker = frame.processes.broker?.state ?? 'unknown';
  context.fillStyle = colors.faint;
  context.strokeStyle =
    colors[state_hues[broker] === 'line' ? 'dim' : (state_hues[broker] ?? 'none')];
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(log.x, log.y, log.width, log.height, 10);
  context.fill();
  context.stroke();
  context.font = font_of(colors, 0.92);
  text(context, 'log', log.x + log.width / 2, log.y + colors.em, colors.ink, 'center');
  const word = state_words[broker] ?? broker;
  if (word)
    text(context, word, log.x + log.width / 2, log.y - colors.em * 0.5, colors.bad, 'center');
}

function draw_chain_lane(context, g, frame, colors) {
  line(
    context,
    [
      [4, g.chain_y],
      [g.done_x, g.chain_y],
    ],
    colors.line,
    2,
  );
  for (const one of g.chain) {
    draw_service(context, one, frame.processes[one.name], colors);
    const waiting = frame.lanes.chain.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.85, 600);
    text(
      context,
      `${waiting} wait`,
      one.x - 12,
      one.y + one.height + colors.em * 0.6,
      colors.ink,
      'right',
    );
  }
}

function draw_ground(context, g, ctx, per_dot, colors) {
  context.textBaseline = 'middle';
  context.font = font_of(colors, 1, 600);
  text(context, 'Event lane', 4, colors.em * 0.8, colors.ink);
  text(context, 'Chain lane', 4, g.chain_y - colors.em * 2.6, colors.ink);
  context.font = font_of(colors, 0.92);
  const said = per_dot === 1 ? 'each dot is a ride' : `1 dot = ${per_dot} rides`;
  text(context, said, g.width - 6, colors.em * 0.8, colors.dim, 'right');
  text(context, 'done', g.width - 6, colors.em * 2, colors.dim, 'right');
  line(
    context,
    [
      [4, g.chain_y - colors.em * 3.6],
      [g.width - 4, g.chain_y - colors.em * 3.6],
    ],
    colors.faint,
  );
  draw_log_lane(context, g, ctx.frame, colors);
  draw_chain_lane(context, g, ctx.frame, colors);
}

/** All that the ground says: it is drawn anew when that has changed. */
function name_of_ground(canvas, ctx, per_dot, colors) {
  const { processes, lanes } = ctx.frame;
  const states = Object.values(processes).map((one) => one.state);
  const waiting = [lanes.log, lanes.chain].flatMap((lane) => Object.values(lane.waiting ?? {}));
  return [canvas.width, canvas.height, colors.look, per_dot, ...states, ...waiting].join(' ');
}

/** A picture of what stands still. */
function ground_for(canvas, ctx, g, per_dot, colors) {
  const name = name_of_ground(canvas, ctx, per_dot, colors);
  if (ground?.name === name) return ground.canvas;
  const layer = ground?.canvas ?? document.createElement('canvas');
  layer.width = canvas.width;
  layer.height = canvas.height;
  const context = layer.getContext('2d');
  const scale = canvas.width / g.width;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  draw_ground(context, g, ctx, per_dot, colors);
  ground = { name, canvas: layer };
  return layer;
}

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
  for (const dot of [upper[0], lower]) {
    if (dot)
      text(
        context,
        dot.short,
        Math.min(dot.x + 8, context.canvas.clientWidth - 58),
        dot.y - colors.em * 0.7,
        color,
      );
  }
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
  if (!is_new && (ctx.reduced_motion || at - drawn.at < PICTURE_MS)) return;
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
