// Both lanes side by side: the same rides at the same moment through the log and down the chain of
// calls. Needs the model's rides; the picture of them is loaded when it is first drawn.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon, ride_signs, sign } from '../icons.js';
import { count, ms, percent, short, span } from '../words.js';

const lane_names = { log: 'Event lane', chain: 'Chain lane' };
const MOST_ROWS = 12;
const own = (ctx) => ctx.state.lanes ?? {};

/** What the ride does on the lane, in words. */
function where(ctx, ride, lane) {
  const one = ride.lanes[lane];
  if (!one)
    return html`<span class="dim">${lane === 'chain' ? 'no answer yet' : 'not known'}</span>`;
  const since = span(ctx.now_ms - one.since_ms);
  const is_over = one.state === 'failed' || one.state === 'orphaned';
  const hops = one.hops.join(', ');
  const more =
    hops === '' ? nothing : is_over ? html` at ${hops}` : html`, waits for ${hops}: ${since}`;
  return html`${sign(ride_signs, one.state)}${more}`;
}

const ride_button = (ctx, ride) =>
  html`<button
    class="quiet small code"
    aria-pressed=${ctx.state.focus === ride.id}
    @click=${() => ctx.set({ focus: ctx.state.focus === ride.id ? null : ride.id })}
  >
    ${ride.short}
  </button>`;

function table_view(ctx) {
  const changed = ({ lanes }) => Math.max(...Object.values(lanes).map((one) => one.since_ms));
  const rides = [...ctx.rides.values()].sort((a, b) => changed(b) - changed(a));
  const newest = rides.slice(0, MOST_ROWS);
  return html`<table class="rides">
    <caption class="unseen">
      The rides that changed last, on both lanes
    </caption>
    <thead>
      <tr>
        <th scope="col">ride</th>
        <th scope="col">event lane</th>
        <th scope="col">chain lane</th>
      </tr>
    </thead>
    <tbody>
      ${newest.map(
        (ride) =>
          html`<tr
            data-ride=${ride.id}
            data-log=${ride.lanes.log?.state ?? ''}
            data-chain=${ride.lanes.chain?.state ?? ''}
          >
            <th scope="row">${ride_button(ctx, ride)}</th>
            <td>${where(ctx, ride, 'log')}</td>
            <td>${where(ctx, ride, 'chain')}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

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
        <th scope="col" class="number">accepted</th>
        <th scope="col" class="number">p50</th>
        <th scope="col" class="number">p99</th>
        <th scope="col" class="number">answered</th>
        <th scope="col" class="number">done</th>
        <th scope="col" class="number">most wait for</th>
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

function focus_view(ctx) {
  const ride = ctx.rides.get(ctx.state.focus);
  if (!ctx.state.focus)
    return html`<p class="dim focus">
      Click a dot to follow its ride through both lanes and the city.
    </p>`;
  const close = html`<button
    class="quiet small"
    aria-label="Follow no ride"
    @click=${() => ctx.set({ focus: null })}
  >
    ${icon('close')}
  </button>`;
  const words = ride
    ? html`<span data-lane="log">Event lane: ${where(ctx, ride, 'log')}</span>
        <span data-lane="chain">Chain lane: ${where(ctx, ride, 'chain')}</span>`
    : html`<span class="dim">not among the newest rides</span>`;
  return html`<p class="focus" data-ride=${ctx.state.focus}>
    <strong class="code">${ctx.state.focus.slice(0, 8)}</strong> ${words}<span
      class="spring"
    ></span>
    <button class="small" @click=${() => ctx.set({ drawer: 'passport' })}>
      ${icon('passport')}<span>Passport</span></button
    >${close}
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
  const id = picture?.ride_at(event.offsetX, event.offsetY) ?? null;
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
      ? table_view(ctx)
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

let picture = null; // ./lanes/picture.js, once it is there
let is_asked = false;

function draw(canvas_of, ctx) {
  if (!ctx.frame) return undefined;
  if (picture) return picture.draw_lanes(canvas_of, ctx);
  if (is_asked) return undefined;
  is_asked = true;
  return import('./lanes/picture.js').then((loaded) => (picture = loaded));
}

export const panel = { id: 'lanes', title: 'Lanes', view, draw };
