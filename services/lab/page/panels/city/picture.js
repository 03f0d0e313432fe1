// Draws the city: zones by surge, where rides were asked for, rides and the drivers that were sent
// to them. Needs a canvas; what is where comes from map.js.

import { SmoothClock, speed_of } from '../lanes/clock.js';
import { ride_near } from '../lanes/geometry.js';
import { colors_of, draw_shapes, font_of } from '../lanes/glyphs.js';
import { has_dot, rides_per_dot } from '../lanes/motion.js';
import { both, box_of, drive_of, is_seen, place_of, projection } from './map.js';

const PICTURE_MS = 80;
const MOST_GROUND = 4000; // places that make the city's outline

const shapes = {
  requested: ['circle', 'wait'],
  matched: ['dot', 'wait'],
  authorized: ['square', 'link'],
  confirmed: ['check', 'ok'],
  settled: ['check', 'ok'],
  unmatched: ['diamond', 'slow'],
  declined: ['diamond', 'slow'],
  failed: ['diamond', 'bad'],
  orphaned: ['cross', 'orphan'],
};

const clock = new SmoothClock();
let city = { run: null, box: null, ground: [], seen: new Set() };
let drawn = { seq: null, at: 0, dots: [] };

/** The id of the ride that is drawn at a point of the canvas; null: none is. */
export const ride_at = (x, y) => ride_near(drawn.dots, x, y);

/** Adds what the frame has: the box grows and never shrinks, so the map stands still. */
function learn(ctx) {
  if (city.run !== ctx.run) city = { run: ctx.run, box: null, ground: [], seen: new Set() };
  const places = [];
  for (const ride of ctx.rides.values()) {
    const place = place_of(ride);
    if (!place) continue;
    places.push(place);
    if (city.seen.has(ride.id)) continue;
    city.seen.add(ride.id);
    city.ground.push(place);
  }
  if (city.ground.length > MOST_GROUND) {
    city.ground.splice(0, city.ground.length - MOST_GROUND);
    city.seen = new Set(ctx.rides.keys());
  }
  city.box = both(city.box, box_of(places));
}

function draw_zones(context, at, zones, colors) {
  for (const [west, south, , , surge] of zones.list) {
    const low = at(west, south);
    const high = at(west + zones.width, south + zones.height);
    context.globalAlpha = 0.1 + 0.3 * (surge - 1);
    context.fillStyle = colors.slow;
    context.fillRect(low.x, high.y, high.x - low.x - 1, low.y - high.y - 1);
    context.globalAlpha = 1;
    if (surge < 1.2) continue;
    context.fillStyle = colors.ink;
    context.font = font_of(colors, 0.75);
    context.textAlign = 'left';
    context.fillText(`×${surge.toFixed(1)}`, low.x + 2, high.y + colors.em * 0.5);
  }
}

function draw_ground(context, at, colors) {
  context.fillStyle = colors.none;
  context.globalAlpha = 0.35;
  for (const [lon, lat] of city.ground) {
    const { x, y } = at(lon, lat);
    context.fillRect(x, y, 1, 1);
  }
  context.globalAlpha = 1;
}

function draw_drivers(context, drivers, colors) {
  context.strokeStyle = colors.dim;
  context.lineWidth = 0.7;
  context.beginPath();
  for (const one of drivers) {
    context.moveTo(one.x, one.y);
    context.lineTo(one.to.x, one.to.y);
  }
  context.stroke();
  draw_shapes(context, drivers, colors, 0.8);
}

function find(ctx, t, at, lane) {
  const per_dot = rides_per_dot(ctx.frame.lanes.log.rate);
  const dots = [];
  const drivers = [];
  for (const ride of ctx.rides.values()) {
    const place = place_of(ride);
    if (
      !place ||
      !has_dot(ride, per_dot) ||
      !(is_seen(ride, lane, t) || ride.id === ctx.state.focus)
    )
      continue;
    const to = at(...place);
    const [shape, hue] = shapes[ride.lanes[lane]?.state ?? 'requested'] ?? shapes.requested;
    dots.push({ id: ride.id, ...to, shape, hue });
    const part = drive_of(ride, lane, t);
    if (part === null || part === 1) continue;
    const from = at(...ride.lanes[lane].driver);
    const f = ctx.reduced_motion ? 0 : part;
    drivers.push({
      x: from.x + (to.x - from.x) * f,
      y: from.y + (to.y - from.y) * f,
      to,
      shape: 'triangle',
      hue: 'dim',
    });
  }
  return { dots, drivers };
}

function draw_focus(context, dots, ctx, colors) {
  const one = dots.find((dot) => dot.id === ctx.state.focus);
  if (!one) return;
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(one.x, one.y, 9, 0, 2 * Math.PI);
  context.stroke();
  context.fillStyle = colors.accent;
  context.font = font_of(colors, 0.85, 600);
  context.textAlign = one.x > context.canvas.clientWidth - 80 ? 'right' : 'left';
  context.fillText(one.id.slice(0, 8), one.x + (context.textAlign === 'right' ? -13 : 13), one.y);
}

export function draw_city(canvas_of, ctx) {
  const picture_at = performance.now();
  const t = clock.tick(ctx.frame, picture_at, speed_of(ctx));
  const lane = ctx.state.city?.lane ?? 'log';
  const name = `${ctx.frame.seq} ${ctx.state.focus} ${lane}`;
  if (drawn.name === name && (ctx.reduced_motion || picture_at - drawn.at < PICTURE_MS)) return;
  if (drawn.seq !== ctx.frame.seq) learn(ctx);
  const context = canvas_of('city');
  if (!context) return;
  const { clientWidth: width, clientHeight: height } = context.canvas;
  const colors = colors_of(context.canvas);
  context.clearRect(0, 0, width, height);
  drawn = { name, seq: ctx.frame.seq, at: picture_at, dots: [] };
  if (!city.box) return;
  context.textBaseline = 'middle';
  const at = projection(city.box, width, height);
  if (ctx.frame.zones) draw_zones(context, at, ctx.frame.zones, colors);
  draw_ground(context, at, colors);
  const { dots, drivers } = find(ctx, t, at, lane);
  draw_drivers(context, drivers, colors);
  draw_shapes(context, dots, colors, 1.1);
  draw_focus(context, dots, ctx, colors);
  drawn.dots = dots;
}
