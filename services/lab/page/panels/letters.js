// Dead letters: what a group could not handle and why, given back to it from here. Needs the
// shell's ctx; keeps state.letters. It asks again whenever a service counts another one.
import { repeat } from '../vendor/lit-html/directives/repeat.js';
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { count, counted, icon, when } from '../words.js';
import { is_reached } from '../lab.js';
import { ask, keep, kept, soon } from './shared/kept.js';
import { curl_view, foreign, heads, problem_view } from './shared/parts.js';
import { clock } from './shared/text.js';

const AGAIN_MS = 1000;
const MOST_ROWS = 200;
const NONE = 'There are none. A poisoned topic makes one in each group that reads it.';

/** How many the services have counted: another number means that there is something to read. */
function counted_in(frame) {
  return Object.values(frame.processes).reduce((sum, one) => sum + one.dead_letters, 0);
}

function load(ctx) {
  const seen = ctx.frame ? counted_in(ctx.frame) : 0;
  return ask(ctx, 'letters', ctx.actions.dead_letters(), { seen, at_ms: ctx.now_ms });
}

function keep_up(ctx, letters) {
  if (letters.busy || ctx.conn !== 'live' || !is_reached(ctx)) return;
  const is_other = letters.run !== ctx.run || counted_in(ctx.frame) !== letters.seen;
  if (is_other && ctx.now_ms - (letters.at_ms ?? 0) > AGAIN_MS) soon(() => load(ctx));
}

async function replay(ctx, ids) {
  keep(ctx, 'letters', { replaying: true, result: null });
  const got = await ctx.actions.replay(ids);
  keep(ctx, 'letters', {
    replaying: false,
    result: got.ok ? got.value : null,
    refused: got.problem ?? null,
  });
  await load(ctx);
}

const replayed_view = html`
  <span class="sign" data-hue="ok">
    ${icon('check')}
    <span>replayed</span>
  </span>
`;

function letter_view(ctx, one, off) {
  return html`
    <tr data-letter=${one.id} data-replayed=${one.replayed ? 'yes' : 'no'}>
      <td class="code">${one.id}</td>
      <td>${clock(one.t_ms)}</td>
      <td>${foreign(one.group, 60)}</td>
      <td>${foreign(one.place, 80)}</td>
      <td class="number">${count(one.attempts)}</td>
      <td>${foreign(one.error, 200)}</td>
      <td>
        <details>
          <summary>key, ${count(one.value_bytes)} bytes</summary>
          <p>key ${foreign(one.key ?? '', 200)}</p>
          <p class="code">${foreign(one.value ?? '', 1000)}</p>
        </details>
      </td>
      <td>
        ${when(one.replayed, replayed_view)}
        <button
          class="small"
          data-replay
          ?disabled=${off}
          title=${ctx.why_not}
          aria-label=${`Replay ${one.id}`}
          @click=${() => replay(ctx, [one.id])}
        >
          ${one.replayed ? 'Again' : 'Replay'}
        </button>
      </td>
    </tr>
  `;
}

function result_view(result) {
  if (!result) return nothing;
  return html`
    <ul role="status" data-replayed-letters=${result.replayed}>
      ${result.letters.slice(0, 20).map(
        (one) => html`
          <li>
            ${
              one.replayed
                ? html`
                    <span class="sign" data-hue="ok">
                      ${icon('check')}
                      <span class="code">${one.id}</span>
                    </span>
                    goes back to ${foreign(one.group, 60)} as ${foreign(one.place, 80)}
                  `
                : html`
                    <span class="sign" data-hue="bad">
                      ${icon('cross')}
                      <span class="code">${one.id}</span>
                    </span>
                    is not replayed: ${foreign(one.why, 200)}
                  `
            }
          </li>
        `,
      )}
      <li class="dim">${counted(result.replayed, 'letter')} replayed</li>
    </ul>
  `;
}

function view(ctx) {
  if (!ctx.frame)
    return html`
      <p class="dim">Waiting for the first frame…</p>
    `;
  const letters = kept(ctx, 'letters');
  keep_up(ctx, letters);
  const { answer, problem, result, refused, replaying } = letters;
  const list = answer?.dead_letters ?? [];
  const open = list.filter((one) => !one.replayed).map((one) => one.id);
  const off = !ctx.can_touch || replaying;
  return html`
    <div class="head wrap">
      <h2>Dead letters</h2>
      <span class="dim">what a group could not handle</span>
      <button
        data-replay-all
        ?disabled=${off || open.length === 0}
        title=${ctx.why_not}
        @click=${() => replay(ctx, open)}
      >
        Replay all ${open.length || ''}
      </button>
      <span class="spring"></span>
      ${curl_view(ctx.actions.curl('POST', '/api/dead-letters/replay', { all: true }))}
    </div>
    ${problem_view(problem)} ${problem_view(refused, () => keep(ctx, 'letters', { refused: null }))}
    ${result_view(result)}
    ${
      list.length === 0
        ? html`
            <p class="dim">${answer ? NONE : 'Reading…'}</p>
          `
        : html`
            <table>
              <caption class="unseen">Dead letters, the newest first</caption>
              <thead>
                <tr>
                  ${heads(['id', 'at', 'group', 'refused'], ['tries'])}
                  ${heads(['error', 'record', ''])}
                </tr>
              </thead>
              <tbody>
                ${repeat(
                  list.slice(0, MOST_ROWS),
                  (one) => one.id,
                  (one) => letter_view(ctx, one, off),
                )}
              </tbody>
            </table>
            ${
              answer.more + Math.max(0, list.length - MOST_ROWS) > 0
                ? html`
                    <p class="dim">
                      and
                      ${counted(answer.more + Math.max(0, list.length - MOST_ROWS), 'older letter')}
                    </p>
                  `
                : nothing
            }
          `
    }
  `;
}

export const panel = { id: 'letters', title: 'Dead letters', view };
