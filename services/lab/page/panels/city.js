// The city: where rides are asked for, what became of them on one lane, and where demand is higher
// than what can be had. Needs the model's rides and the frame's zones; no tiles, no net. The box is
// that of the rides themselves, so any city of any trips file will do.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { SmoothClock, colors_of, draw_shapes, font_of, speed_of } from '../places.js';
import { over } from '../model.js';
import { icon, ride_signs, sign } from '../words.js';
import { has_dot, ride_near, rides_per_dot } from './lanes/dots.js';

const EDGE = 0.06; // of the box, left free at each side
const LEAST_DEGREES = 0.01;
const OUTSIDE = 0.01; // of the rides at each edge, which may be far away
export const SEEN_MS = 6000; // a ride that is done is shown so long
export const DRIVE_MS = 2000; // the way of a driver, which really takes minutes
const PICTURE_MS = 290; // places stand still, and drivers do not need more
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

const lanes = { log: 'event', chain: 'chain' };
const own = (ctx) => ({ lane: 'log', table: false, ...ctx.state.city });
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

let table = null; // ./city/table.js, once it was opened

function lane_view(ctx) {
  const { lane } = own(ctx);
  return html`<div class="row" role="group" aria-label="Lane that the map shows">
    ${Object.entries(lanes).map(
      ([id, name]) =>
        html`<button
          class="small"
          data-lane=${id}
          aria-pressed=${id === lane}
          @click=${() => ctx.set({ city: { ...own(ctx), lane: id } })}
        >
          ${name}
        </button>`,
    )}
  </div>`;
}

/** How many of the rides that are known are in which state. */
function states_of(ctx) {
  const states = new Map();
  for (const ride of ctx.rides.values()) {
    const state = ride.lanes[own(ctx).lane]?.state;
    if (state) states.set(state, (states.get(state) ?? 0) + 1);
  }
  return [...states].sort((a, b) => b[1] - a[1]);
}

function said(ctx) {
  const states = states_of(ctx).map(
    ([state, rides]) => `${rides} ${ride_signs[state]?.word ?? state}`,
  );
  return `The city, ${lanes[own(ctx).lane]} lane: ${states.join(', ') || 'no rides'}.`;
}

const legend_states = ['requested', 'matched', 'authorized', 'settled', 'failed', 'orphaned'];

function legend_view() {
  const entry = (picture, words) =>
    html`<span class="sign" data-hue="none">${icon(picture)}<span>${words}</span></span>`;
  return html`<p class="legend" aria-hidden="true">
    ${legend_states.map((state) => sign(ride_signs, state))}
    ${entry('up', 'driver')} <span class="dim">×1.5 surge</span>
  </p>`;
}

function on_click(event, ctx) {
  const id = ride_near(drawn.dots, event.offsetX, event.offsetY);
  if (id === null) return;
  ctx.set(id === ctx.state.focus ? { drawer: 'passport' } : { focus: id });
}

function table_of(ctx) {
  if (table === null) setTimeout(() => load_table(ctx), 0);
  return table?.table_view(ctx, states_of(ctx));
}

async function load_table(ctx) {
  table ??= await import('./city/table.js');
  ctx.set({});
}

function view(ctx) {
  const is_table = own(ctx).table;
  const toggle = () => ctx.set({ city: { ...own(ctx), table: !is_table } });
  return html`<header class="head">
      <h2>City</h2>
      ${lane_view(ctx)}<span class="spring"></span>
      <button class="quiet small" aria-pressed=${is_table} @click=${toggle}>as a table</button>
    </header>
    ${
      !ctx.frame
        ? nothing
        : is_table
          ? (table_of(ctx) ?? nothing)
          : html`<canvas
                class="city-canvas"
                data-canvas="city"
                role="img"
                aria-label=${said(ctx)}
                @click=${(event) => on_click(event, ctx)}
              ></canvas
              >${legend_view()}`
    }`;
}

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The box that has nearly all places, as {west, south, east, north}; null without places. */
export function box_of(places) {
  if (places.length === 0) return null;
  const lons = places.map(([lon]) => lon).sort((a, b) => a - b);
  const lats = places.map(([, lat]) => lat).sort((a, b) => a - b);
  return {
    west: quantile(lons, OUTSIDE),
    east: quantile(lons, 1 - OUTSIDE),
    south: quantile(lats, OUTSIDE),
    north: quantile(lats, 1 - OUTSIDE),
  };
}

/** A box that holds both, so that the map does not shrink; either may be null. */
export function both(a, b) {
  if (!a || !b) return a ?? b;
  return {
    west: Math.min(a.west, b.west),
    east: Math.max(a.east, b.east),
    south: Math.min(a.south, b.south),
    north: Math.max(a.north, b.north),
  };
}

/** (lon, lat) → pixels, north up, with one scale for both: a kilometre is as long either way. */
export function projection(box, width, height) {
  const shrink = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  const wide = Math.max(box.east - box.west, LEAST_DEGREES) * shrink * (1 + 2 * EDGE);
  const high = Math.max(box.north - box.south, LEAST_DEGREES) * (1 + 2 * EDGE);
  const scale = Math.min(width / wide, height / high);
  const middle = [(box.west + box.east) / 2, (box.south + box.north) / 2];
  return (lon, lat) => ({
    x: width / 2 + (lon - middle[0]) * shrink * scale,
    y: height / 2 - (lat - middle[1]) * scale,
  });
}

/** Where a ride's pickup is, as either lane knows it; null: not known. */
export function place_of(ride) {
  for (const lane of ['log', 'chain']) {
    const one = ride.lanes[lane];
    if (one && one.lon !== null && one.lat !== null) return [one.lon, one.lat];
  }
  return null;
}

/** Whether a ride is to be seen at `t`: it is under way, or over for a short time. */
export function is_seen(ride, lane, t) {
  const one = ride.lanes[lane];
  if (!one) return lane === 'chain' && Boolean(ride.lanes.log) && t - ride.asked_ms < SEEN_MS;
  return t - one.since_ms < SEEN_MS || (one.hops.length > 0 && !over.has(one.state));
}

/** How far the driver of a ride has come, from 0 (where it stood) to 1; null: it is not drawn. */
export function drive_of(ride, lane, t) {
  const one = ride.lanes[lane];
  if (!one?.driver || t < one.matched_ms || t > one.matched_ms + DRIVE_MS * 1.5) return null;
  return Math.min(1, (t - one.matched_ms) / DRIVE_MS);
}

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

function draw(canvas_of, ctx) {
  if (!ctx.frame) return;
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

export const panel = { id: 'city', title: 'City', view, draw, stands_ms: 990 };
