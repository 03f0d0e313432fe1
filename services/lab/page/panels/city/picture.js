// Draws the city: zones by surge, where rides were asked for, rides and the drivers that were sent
// to them. Needs a canvas; what is where comes from map.js.

import { SmoothClock, speed_of } from '../lanes/clock.js';
import { ride_near } from '../lanes/geometry.js';
import { colors_of, draw_shapes, font_of } from '../lanes/glyphs.js';
import { has_dot, rides_per_dot } from '../lanes/motion.js';
import { both, box_of, drive_of, is_seen, place_of, projection } from './map.js';

const PICTURE_MS = 190; // places stand still, and drivers do not need more
const STILL_MS = 380; // without motion
const RESIZED_MS = 1000; // until a picture that stands has the canvas's new size
const MOST_PLACES = 4000; // which make the city's outline

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
const new_city = (run) => ({
  run,
  box: null,
  places: [],
  seen: new Set(),
  learned: 0,
  next_box: 1,
});
let city = new_city(null);
let ground = null; // what stands still
let shown = { frame: null, rides: [] }; // those of a frame that may be seen
let drawn = { seq: null, at: 0, dots: [] };

/** The id of the ride that is drawn at a point of the canvas; null: none is. */
export const ride_at = (x, y) => ride_near(drawn.dots, x, y);

/** Adds the frame's new places. The box grows and never shrinks, so the map stands still. */
function learn(ctx) {
  if (city.run !== ctx.run) city = new_city(ctx.run);
  for (const ride of ctx.rides.values()) {
    const place = city.seen.has(ride.id) ? null : place_of(ride);
    if (!place) continue;
    city.seen.add(ride.id);
    city.places.push(place);
    city.learned += 1;
  }
  if (city.places.length > MOST_PLACES) {
    city.places.splice(0, city.places.length - MOST_PLACES);
    city.seen = new Set(ctx.rides.keys());
  }
  if (city.learned < city.next_box) return;
  city.next_box = city.learned * 1.3 + 10;
  city.box = both(city.box, box_of(city.places));
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

function draw_outline(context, at, colors) {
  context.fillStyle = colors.none;
  context.globalAlpha = 0.35;
  for (const [lon, lat] of city.places) {
    const { x, y } = at(lon, lat);
    context.fillRect(x, y, 1, 1);
  }
  context.globalAlpha = 1;
}

/** Zones and the city's outline, on a canvas of their own that is drawn when they have changed. */
function ground_for(canvas, at, zones, colors) {
  const { width, height } = canvas;
  const seen = (zones?.list ?? []).map(([west, south, , , surge]) => `${west},${south},${surge}`);
  const grown = [Math.floor(city.learned / 50), ...Object.values(city.box)];
  const name = [width, height, colors.look, ...grown, ...seen].join(' ');
  if (ground?.name === name) return ground.canvas;
  const layer = ground?.canvas ?? document.createElement('canvas');
  layer.width = width;
  layer.height = height;
  const context = layer.getContext('2d');
  const scale = width / canvas.clientWidth;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.textBaseline = 'middle';
  if (zones) draw_zones(context, at, zones, colors);
  draw_outline(context, at, colors);
  ground = { name, canvas: layer };
  return layer;
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

function rides_of(ctx, t, lane) {
  if (shown.frame !== ctx.frame || shown.lane !== lane || shown.focus !== ctx.state.focus) {
    const { focus } = ctx.state;
    const is_it = (ride) => ride.id === focus || is_seen(ride, lane, t);
    const rides = [...ctx.rides.values()].filter((ride) => place_of(ride) && is_it(ride));
    shown = { frame: ctx.frame, lane, focus, rides };
  }
  return shown.rides;
}

function find(ctx, t, at, lane) {
  const per_dot = rides_per_dot(ctx.frame.lanes.log.rate);
  const dots = [];
  const drivers = [];
  for (const ride of rides_of(ctx, t, lane)) {
    if (!has_dot(ride, per_dot) && ride.id !== ctx.state.focus) continue;
    const to = at(...place_of(ride));
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
  const is_live = ctx.mode === 'live';
  const name = [ctx.state.focus, lane, is_live || ctx.frame.seq].join(' ');
  const moving_ms = ctx.reduced_motion ? STILL_MS : PICTURE_MS;
  if (drawn.name === name && picture_at - drawn.at < (is_live ? moving_ms : RESIZED_MS)) return;
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
  context.drawImage(ground_for(context.canvas, at, ctx.frame.zones, colors), 0, 0, width, height);
  const { dots, drivers } = find(ctx, t, at, lane);
  draw_drivers(context, drivers, colors);
  draw_shapes(context, dots, colors, 1.1);
  draw_focus(context, dots, ctx, colors);
  drawn.dots = dots;
}
