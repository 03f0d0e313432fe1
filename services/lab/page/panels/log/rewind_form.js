// Rewinding a live group from the page: choose a place, look at the preview, apply it, and watch
// the proof. Needs the shell's ctx; keeps state.rewind.
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { icon } from '../../words.js';
import { ask, keep, kept } from '../shared/kept.js';
import { curl_view, heads, option, problem_view } from '../shared/parts.js';
import { partitions_of } from './places.js';
import { places_view } from './places_view.js';
import { EACH, PLACES, few, has_place, order_of, proof_of, rows_of, summary_of } from './rewind.js';

const CLOSED = {
  group: null,
  to: '-30s',
  topic: '',
  typed: false,
  places: {}, // by partition
  answer: null,
  proof: null,
  problem: null,
};
const AUDIT = '/api/audit?running=true';
const LOOK_AGAIN_MS = 500;
const MOST_LOOKS = 120;
const rewind_of = (ctx) => ({ ...CLOSED, ...kept(ctx, 'rewind') });

const path_of = (group) => `/api/groups/${encodeURIComponent(group)}/reset`;

/** Opens the form for `group`; closes it where it is open already. */
export function toggle_rewind(ctx, group) {
  const { group: opened } = rewind_of(ctx);
  keep(ctx, 'rewind', { ...CLOSED, group: opened === group ? null : group });
}
export const rewinds = (ctx, group) => rewind_of(ctx).group === group;

function change(ctx, patch) {
  keep(ctx, 'rewind', { ...patch, answer: null, proof: null, problem: null });
}

function preview(ctx) {
  const { group, ...form } = rewind_of(ctx);
  ask(ctx, 'rewind', ctx.actions.reset_group(group, order_of(form, true)), { proof: null });
}

/** Until the group has read again what it was given again, or a minute has passed. */
async function drained(ctx, { group, answer }) {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
    const got = await ctx.actions.get(`/api/groups/${encodeURIComponent(group)}`);
    if (got.ok && got.value.lag <= few(answer)) return;
  }
}

/** The audits before and after it show that no effect has changed. */
async function apply(ctx) {
  const { group, ...form } = rewind_of(ctx);
  keep(ctx, 'rewind', { busy: true });
  const before = await ctx.actions.get(AUDIT);
  const got = await ask(ctx, 'rewind', ctx.actions.reset_group(group, order_of(form, false)));
  if (!got.ok) return;
  const proof = { group, answer: got.value, before: before.value ?? null, after: null };
  keep(ctx, 'rewind', { proof });
  await drained(ctx, proof);
  const after = await ctx.actions.get(AUDIT);
  if (rewind_of(ctx).proof !== proof) return;
  keep(ctx, 'rewind', {
    proof: { ...proof, after: after.ok ? after.value : null },
    problem: after.problem,
  });
}

function place_view(ctx, { to, typed }) {
  const value = typed ? '' : to;
  const choose = (event) =>
    change(ctx, { to: event.target.value, typed: event.target.value === '' });
  return html`
    <label class="field">
      <span>to</span>
      <select name="place" @change=${choose}>
        ${PLACES.map(([place, words]) => option(place, words, value))}
      </select>
    </label>
    ${
      typed
        ? html`
            <label class="field">
              <span class="unseen">an offset or a time</span>
              <input
                name="to"
                .value=${to}
                placeholder="20 or 2026-11-28T09:27:33Z"
                @input=${(event) => change(ctx, { to: event.target.value })}
              />
            </label>
          `
        : nothing
    }
  `;
}

function topic_view(ctx, { topic }, topics) {
  return html`
    <label class="field">
      <span>in</span>
      <select name="topic" @change=${(event) => change(ctx, { topic: event.target.value })}>
        <option value="" ?selected=${topic === ''}>all its topics</option>
        ${topics.map(
          (one) => html`
            <option value=${one} ?selected=${one === topic}>${one}</option>
          `,
        )}
      </select>
    </label>
  `;
}

const number_view = (value) => html`
  <td class="number">${value}</td>
`;

function partition_view(one) {
  return html`
    <tr data-moved=${`${one.partition} ${one.topic}`} data-to=${one.to}>
      <td><bdi>${one.topic}</bdi></td>
      ${[one.partition, one.from, one.to, one.records, one.rides].map(number_view)}
    </tr>
  `;
}

function partitions_view(answer) {
  return html`
    <details>
      <summary>By partition</summary>
      <table>
        <thead>
          <tr>${heads(['topic'], ['partition', 'from', 'to', 'records', 'rides'])}</tr>
        </thead>
        <tbody>${rows_of(answer).map(partition_view)}</tbody>
      </table>
    </details>
  `;
}

const PICTURES = { done: ['check', 'ok'], waits: ['starting', 'wait'], wrong: ['cross', 'bad'] };

function proof_view(ctx, proof) {
  return html`
    <ol class="steps" data-rewind-proof>
      ${proof_of(ctx.frame, proof).map(
        ({ text, state }) => html`
          <li class="sign" data-hue=${PICTURES[state][1]} data-step=${state}>
            ${icon(PICTURES[state][0])}
            <span>${text}</span>
          </li>
        `,
      )}
    </ol>
  `;
}

export function rewind_view(ctx, group, topics) {
  const rewind = rewind_of(ctx);
  if (rewind.group !== group) return nothing;
  const { answer, busy, problem, proof, to, topic, places } = rewind;
  const order = order_of(rewind, !answer);
  const off = !ctx.can_touch || busy || !has_place(rewind);
  const submit = (event) => {
    event.preventDefault();
    preview(ctx);
  };
  return html`
    <form class="fault-form" data-rewind=${group} aria-label=${`Rewind ${group}`} @submit=${submit}>
      <div class="row wrap">
        ${place_view(ctx, rewind)}${topic_view(ctx, rewind, topics)}
        <button data-preview ?disabled=${off} title=${ctx.why_not}>Preview</button>
        <button
          type="button"
          class="main"
          data-apply
          ?disabled=${off || !answer || !answer.preview}
          title=${ctx.why_not || (answer ? '' : 'Look at the preview first.')}
          @click=${() => apply(ctx)}
        >
          Apply
        </button>
        ${
          busy
            ? html`
                <span class="dim">asking…</span>
              `
            : nothing
        }
      </div>
      ${
        to === EACH
          ? places_view(partitions_of(ctx.frame, group, topic), places, (next) =>
              change(ctx, { places: next }),
            )
          : nothing
      }
      ${problem_view(problem, () => keep(ctx, 'rewind', { problem: null }))}
      ${
        answer
          ? html`
              <p data-rewind-summary>${summary_of(answer)}</p>
              ${partitions_view(answer)}
            `
          : nothing
      }
      ${proof ? proof_view(ctx, proof) : nothing}
      ${curl_view(ctx.actions.curl('POST', path_of(group), order))}
    </form>
  `;
}
