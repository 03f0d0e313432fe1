// What is opened of both lanes: the rides that changed last as a table, and the ride that is
// followed in words. Needs the model's rides; loaded when the first of them is asked for.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { icon, ride_signs, sign, span } from '../../words.js';

const MOST_ROWS = 12;

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

export function table_view(ctx) {
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

/** The ride that is followed. */
export function focus_view(ctx) {
  const ride = ctx.rides.get(ctx.state.focus);
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
