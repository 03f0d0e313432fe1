// The passport of one ride: everything that happened to it in both lanes, while it happens. Needs
// the shell's ctx (state.focus is the ride that was chosen elsewhere); keeps state.passport.
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { count, icon, shown, when } from '../words.js';
import { lane_words, passport_of, ride_named } from './passport/rows.js';
import { is_reached } from '../lab.js';
import { ask, keep, kept, soon } from './shared/kept.js';
import { curl_view, dim, problem_view } from './shared/parts.js';

const AGAIN_MS = 1000;
const INVITATION = "Click a dot in the lanes or on the map, or type a ride's id.";
const path_of = (ride) => `/api/passports/${encodeURIComponent(ride)}`;

function load(ctx, ride) {
  const patch = { ride, at_ms: ctx.now_ms, seen: changed_ms(ctx, ride), focus: ctx.state.focus };
  const { ride: former } = kept(ctx, 'passport');
  if (former !== ride) patch.answer = null;
  return ask(ctx, 'passport', ctx.actions.passport(ride), patch);
}

/** When the frames last said something new of the ride. */
function changed_ms(ctx, ride) {
  const lanes = Object.values(ctx.rides.get(ride)?.lanes ?? {});
  return Math.max(0, ...lanes.map((lane) => lane.since_ms));
}

/** A ride that was chosen elsewhere, and one that goes on, are asked for without a press. */
function keep_up(ctx, passport) {
  const { focus } = ctx.state;
  if (passport.busy || !is_reached(ctx)) return;
  if (focus && focus !== passport.focus) return soon(() => load(ctx, focus));
  const { ride, at_ms = 0, seen = 0 } = passport;
  if (ride && changed_ms(ctx, ride) > seen && ctx.now_ms - at_ms > AGAIN_MS)
    soon(() => load(ctx, ride));
}

function row_view(row) {
  return html`
    <tr data-what=${row.what} data-lane=${row.lane}>
      <td class="number" title=${row.time}>${row.at || '–'}</td>
      <td>${lane_words(row.lane)}</td>
      <td><bdi>${row.by}</bdi></td>
      <td>
        <span class="sign">
          ${icon(row.icon)}
          <span>${row.what}</span>
        </span>
      </td>
      <td><bdi>${row.event}</bdi></td>
      <td><bdi class="foreign">${row.detail}</bdi></td>
    </tr>
  `;
}

function answer_view(ctx, { answer, ride }) {
  const { rider, trace, rows, left_out, notes } = passport_of(answer);
  return html`
    <p class="row wrap">
      <b>
        ride
        <bdi class="code">${shown(ride, 80)}</bdi>
      </b>
      ${
        rider
          ? html`
              <span>
                of
                <bdi>${rider}</bdi>
              </span>
            `
          : nothing
      }
      ${
        trace
          ? html`
              <span class="dim">
                trace
                <bdi class="code">${trace}</bdi>
              </span>
            `
          : nothing
      }
      <a href=${`${path_of(ride)}?format=otlp`} download="trace.json">
        ${icon('download')} Trace for Jaeger (OTLP)
      </a>
    </p>
    <table data-passport=${shown(ride, 80)}>
      <caption class="unseen">What happened to the ride</caption>
      <thead>
        <tr>
          <th scope="col" class="number">after</th>
          ${['lane', 'by', 'what', 'event', 'detail'].map(
            (one) => html`
              <th scope="col">${one}</th>
            `,
          )}
        </tr>
      </thead>
      <tbody>${rows.map(row_view)}</tbody>
    </table>
    ${
      left_out
        ? html`
            <p class="dim">and ${count(left_out)} more entries</p>
          `
        : nothing
    }
    ${notes.map(
      (note) => html`
        <p class="dim"><bdi>${note}</bdi></p>
      `,
    )}
  `;
}

function view(ctx) {
  const passport = kept(ctx, 'passport');
  keep_up(ctx, passport);
  const { text = '', ride = '', answer, problem, busy } = passport;
  const submit = (event) => {
    event.preventDefault();
    const named = ride_named(text, ctx.rides);
    if (named) load(ctx, named);
  };
  return html`
    <form class="head wrap" @submit=${submit}>
      <h2>Passport</h2>
      <label class="row">
        <span class="dim">of ride</span>
        <input
          class="ride code"
          name="ride"
          .value=${text}
          placeholder="an id, or its first characters"
          maxlength="200"
          @input=${(event) => keep(ctx, 'passport', { text: event.target.value })}
        />
      </label>
      <button ?disabled=${text.trim() === ''}>Show</button>
      ${
        busy
          ? html`
              <span class="dim">reading…</span>
            `
          : nothing
      }
      <span class="spring"></span>
      ${ride ? curl_view(ctx.actions.curl('GET', path_of(ride))) : nothing}
    </form>
    ${problem_view(problem)} ${answer ? answer_view(ctx, passport) : nothing}
    ${when(!answer && !problem && !busy, dim(INVITATION))}
  `;
}

export const panel = { id: 'passport', title: 'Passport', view };
