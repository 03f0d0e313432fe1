// Both lanes side by side: the same rides at the same moment through the log and down the chain of
// calls, in numbers and as a picture. Needs the model's rides; where each dot is comes from
// ./lanes/dots.js, and what is opened from ./lanes/more.js.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { SmoothClock, colors_of, draw_shapes, font_of, speed_of } from '../places.js';
import { count, icon, ms, percent, short } from '../words.js';
import {
  DELAY_MS,
  dots_of,
  geometry,
  is_under_way,
  ride_near,
  ride_to_follow,
  rides_per_dot,
} from './lanes/dots.js';

const lane_names = { log: 'Event lane', chain: 'Chain lane' };
const FIGURES = ['accepted', 'p50', 'p99', 'answered', 'done', 'most wait for'];
const PICTURE_MS = 30; // the page asks for about 15 pictures a second
const RESIZED_MS = 1000; // until a picture that stands has the canvas's new size

const own = (ctx) => ctx.state.lanes ?? {};
const clock = new SmoothClock();
let more = null; // ./lanes/more.js, once it was asked for
let ground = null; // what stands still: {name, canvas}
let drawn = { seq: null, at: 0, dots: [] };
let moving = { frame: null, rides: [] }; // those of a frame of which something may be seen

function figures_view(ctx, lane) {
  const one = ctx.frame.lanes[lane];
  const has_rides = one.rate > 0;
  const [most] = Object.entries(one.waiting ?? {}).sort((a, b) => b[1] - a[1]);
  const bad = has_rides && one.accepted_ratio < 0.995;
  return html`<tr data-lane=${lane}>
    <th scope="row">${lane_names[lane].split(' ')[0]}<span class="unseen"> lane</span></th>
    <td class="number" data-figure="accepted" data-hue=${bad ? 'bad' : 'ok'}>
      ${bad ? icon('diamond') : nothing}
      <strong>${has_rides ? percent(one.accepted_ratio) : '–'}</strong>
    </td>
    <td class="number" data-figure="p50">${has_rides ? ms(one.p50_ms) : '–'}</td>
    <td class="number" data-figure="p99">${has_rides ? ms(one.p99_ms) : '–'}</td>
    <td class="number" data-figure="rate">${short(one.rate)}/s</td>
    <td class="number" data-figure="settled">${short(one.settled_rate)}/s</td>
    <td class="number" data-figure="waiting">
      ${most?.[1] > 0 ? `${count(most[1])} ${most[0]}` : html`<span class="dim">none</span>`}
    </td>
  </tr>`;
}

function numbers_view(ctx) {
  return html`<table class="lane-figures">
    <caption class="unseen">
      Both lanes in numbers, of the last 5 s
    </caption>
    <thead>
      <tr>
        <td></td>
        ${FIGURES.map((name) => html`<th scope="col" class="number">${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${figures_view(ctx, 'log')}${figures_view(ctx, 'chain')}
    </tbody>
  </table>`;
}

function legend_view() {
  const entry = (picture, hue, words) =>
    html`<span class="sign" data-hue=${hue}>${icon(picture)}<span>${words}</span></span>`;
  return html`<p class="legend" aria-hidden="true">
    ${entry('circle', 'wait', 'on its way, waits')} ${entry('dot', 'ok', 'handled')}
    ${entry('square', 'link', 'paid')} ${entry('check', 'ok', 'done')}
    ${entry('diamond', 'bad', 'failed')} ${entry('cross', 'orphan', 'orphaned')}
  </p>`;
}

function more_of(ctx) {
  if (more === null) setTimeout(() => load_more(ctx), 0);
  return more;
}

async function load_more(ctx) {
  more ??= await import('./lanes/more.js');
  ctx.set({});
}

function focus_view(ctx) {
  if (ctx.state.focus) return more_of(ctx)?.focus_view(ctx) ?? nothing;
  return html`<p class="dim focus">
    Click a dot to follow its ride through both lanes and the city.
  </p>`;
}

function empty_view(ctx) {
  const start = () => ctx.actions.traffic({ rate: 40, lanes: ['log', 'chain'] });
  return html`<p class="empty">
    No rides yet.
    <button ?disabled=${!ctx.can_touch} title=${ctx.why_not} @click=${start}>
      ${icon('play')}<span>Start 40 rides/s</span>
    </button>
  </p>`;
}

/** A lane in a sentence, for those who do not see the picture. */
function said(frame, lane) {
  const { rate, accepted_ratio, waiting = {} } = frame.lanes[lane];
  const most = Object.entries(waiting)
    .filter(([, rides]) => rides > 0)
    .map(([name, rides]) => `${rides} rides wait for ${name}`);
  const accepted = rate > 0 ? `${percent(accepted_ratio)} accepted` : 'no rides';
  return `${lane_names[lane]}: ${[accepted, ...most].join(', ')}.`;
}

function on_click(event, ctx) {
  const id = ride_near(drawn.dots, event.offsetX, event.offsetY);
  if (id === null) return;
  ctx.set(id === ctx.state.focus ? { drawer: 'passport' } : { focus: id });
}

function view(ctx) {
  const { table } = own(ctx);
  const toggle = () => ctx.set({ lanes: { ...own(ctx), table: !table } });
  const head = html`<header class="head">
    <h2>Lanes: the same rides, at the same moment</h2>
    <span class="spring"></span>
    <button class="quiet small" aria-pressed=${Boolean(table)} @click=${toggle}>as a table</button>
  </header>`;
  if (!ctx.frame)
    return html`${head}
      <p class="dim">No frame yet.</p>`;
  const is_empty = ctx.rides.size === 0 && ctx.frame.traffic.rate === 0;
  return html`${head}${numbers_view(ctx)}${is_empty ? empty_view(ctx) : nothing}
  ${
    table
      ? (more_of(ctx)?.table_view(ctx) ?? nothing)
      : html`<canvas
            class="lanes-canvas"
            data-canvas="lanes"
            role="img"
            aria-label=${`${said(ctx.frame, 'log')} ${said(ctx.frame, 'chain')}`}
            @click=${(event) => on_click(event, ctx)}
          ></canvas
          >${legend_view()}`
  }
  ${focus_view(ctx)}`;
}

const state_words = { running: '', exited: 'DOWN', frozen: 'FROZEN', slow: 'SLOW', unknown: 'UNKNOWN' };
const state_hues = { running: 'line', exited: 'bad', frozen: 'bad', slow: 'slow', unknown: 'none' };

function text(context, words, x, y, color, align = 'left') {
  context.fillStyle = color;
  context.textAlign = align;
  context.fillText(words, x, y);
}

function line(context, from, to, color, width = 1) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

function draw_box(context, one, colors, hue) {
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
  const middle = one.x + one.width / 2 + 0.5;
  text(context, one.name, middle, one.y + one.height / 2, colors.ink, 'center');
}

function draw_service(context, one, process, colors) {
  const state = process?.state ?? 'unknown';
  const hue = state_hues[state] ?? 'none';
  draw_box(context, one, colors, hue);
  context.font = font_of(colors, 0.85, 600);
  const words = state_words[state] ?? state;
  text(context, words, one.x + one.width / 2, one.y - colors.em * 0.6, colors[hue], 'center');
}

function draw_log(context, log, broker, colors) {
  const hue = state_hues[broker] ?? 'none';
  context.fillStyle = colors.faint;
  context.strokeStyle = colors[hue === 'line' ? 'dim' : hue];
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(log.x, log.y, log.width, log.height, 10);
  context.fill();
  context.stroke();
  context.font = font_of(colors, 0.92);
  const middle = log.x + log.width / 2;
  text(context, 'log', middle, log.y + colors.em, colors.ink, 'center');
  const words = state_words[broker] ?? broker;
  text(context, words, middle, log.y - colors.em * 0.5, colors.bad, 'center');
}

function draw_log_lane(context, g, { processes, lanes }, colors) {
  const { gateway, log, services } = g;
  line(context, [gateway.x + gateway.width, g.trunk_y], [log.x, g.trunk_y], colors.line, 2);
  for (const [at, one] of services.entries()) {
    line(context, [log.x + log.width, g.rows[at]], [g.done_x, g.rows[at]], colors.line, 2);
    draw_service(context, one, processes[one.name], colors);
    const waiting = lanes.log.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.92, 600);
    const y = g.rows[at] - colors.em * 1.1;
    text(context, `${count(waiting)} wait`, one.x - 8, y, colors.ink, 'right');
  }
  draw_service(context, gateway, processes.gateway, colors);
  draw_log(context, log, processes.broker?.state ?? 'unknown', colors);
}

function draw_chain_lane(context, g, { processes, lanes }, colors) {
  line(context, [4, g.chain_y], [g.done_x, g.chain_y], colors.line, 2);
  for (const one of g.chain) {
    draw_service(context, one, processes[one.name], colors);
    const waiting = lanes.chain.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.85, 600);
    const y = one.y + one.height + colors.em * 0.6;
    text(context, `${count(waiting)} wait`, one.x - 12, y, colors.ink, 'right');
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
  const between_y = g.chain_y - colors.em * 3.6;
  line(context, [4, between_y], [g.width - 4, between_y], colors.faint);
  draw_log_lane(context, g, ctx.frame, colors);
  draw_chain_lane(context, g, ctx.frame, colors);
}

/** All that the ground says: it is drawn again when that has changed. */
function name_of_ground(canvas, ctx, per_dot, colors) {
  const { processes, lanes } = ctx.frame;
  const states = Object.values(processes).map((one) => one.state);
  const waiting = [lanes.log, lanes.chain].flatMap((lane) => Object.values(lane.waiting ?? {}));
  return [canvas.width, canvas.height, colors.look, per_dot, ...states, ...waiting].join(' ');
}

/** A picture of what stands still, as a canvas. */
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
    for (const dot of upper.slice(-1)) line(context, [dot.x, dot.y], [lower.x, lower.y], color);
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

/** What is drawn now, for tests. */
export const dots_now = () => drawn.dots;

function rides_of(ctx, t) {
  if (moving.frame !== ctx.frame) {
    const rides = [...ctx.rides.values()].filter((ride) => is_under_way(ride, t));
    moving = { frame: ctx.frame, rides };
  }
  return moving.rides;
}

/** Called for each picture that the browser shows. */
function draw(canvas_of, ctx) {
  if (!ctx.frame) return;
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

export const panel = { id: 'lanes', title: 'Lanes', view, draw, stands_ms: 390 };
