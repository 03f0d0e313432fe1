// The city: where rides are asked for, what became of them on one lane, and where demand is higher
// than what can be had. Needs the model's rides and the frame's zones; no tiles, no net.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon, ride_signs, sign } from '../icons.js';
import { count } from '../words.js';

const own = (ctx) => ({ lane: 'log', table: false, ...ctx.state.city });
const lanes = { log: 'event', chain: 'chain' };

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

function table_view(ctx) {
  const zones = [...(ctx.frame.zones?.list ?? [])]
    .sort((a, b) => b[4] - a[4] || b[2] - a[2])
    .slice(0, 12);
  return html`<table>
      <caption>
        Rides of the last minutes
      </caption>
      <thead>
        <tr>
          <th scope="col">state</th>
          <th scope="col" class="number">rides</th>
        </tr>
      </thead>
      <tbody>
        ${states_of(ctx).map(
          ([state, rides]) =>
            html`<tr data-state=${state}>
              <th scope="row">${sign(ride_signs, state)}</th>
              <td class="number">${count(rides)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <table>
      <caption>
        Zones of the last minute, as analytics counts them
      </caption>
      <thead>
        <tr>
          <th scope="col">south-west corner</th>
          <th scope="col" class="number">asked</th>
          <th scope="col" class="number">matched</th>
          <th scope="col" class="number">surge</th>
        </tr>
      </thead>
      <tbody>
        ${zones.map(
          ([west, south, asked, matched, surge]) =>
            html`<tr data-zone=${`${west},${south}`}>
              <th scope="row">${south.toFixed(2)}, ${west.toFixed(3)}</th>
              <td class="number">${count(asked)}</td>
              <td class="number">${count(matched)}</td>
              <td class="number">×${surge.toFixed(1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
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
  const id = picture?.ride_at(event.offsetX, event.offsetY) ?? null;
  if (id === null) return;
  ctx.set(id === ctx.state.focus ? { drawer: 'passport' } : { focus: id });
}

function view(ctx) {
  const { table } = own(ctx);
  const toggle = () => ctx.set({ city: { ...own(ctx), table: !table } });
  return html`<header class="head">
      <h2>City</h2>
      ${lane_view(ctx)}<span class="spring"></span>
      <button class="quiet small" aria-pressed=${table} @click=${toggle}>as a table</button>
    </header>
    ${
      !ctx.frame
        ? nothing
        : table
          ? table_view(ctx)
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

let picture = null; // ./city/picture.js, once it is there
let is_asked = false;

function draw(canvas_of, ctx) {
  if (!ctx.frame) return undefined;
  if (picture) return picture.draw_city(canvas_of, ctx);
  if (is_asked) return undefined;
  is_asked = true;
  return import('./city/picture.js').then((loaded) => (picture = loaded));
}

export const panel = { id: 'city', title: 'City', view, draw };
