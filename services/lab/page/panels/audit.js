// The audit at any moment: what became of every ride that was ever accepted, with its verdict.
// Needs the shell's ctx; keeps state.audit.
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { count, counted, icon, shown, when } from '../words.js';
import { COLUMNS, rows_of, troubles_of, verdict_of, violations_of } from './audit/verdict.js';
import { ask, kept } from './shared/kept.js';
import { curl_view, dim, problem_view } from './shared/parts.js';
import { clock } from './shared/text.js';

const PATH = '/api/audit?running=true';
const BUSY = 'reading the log and every store…';
const INVITATION =
  'Is every accepted ride settled exactly once? Ask at any moment, also while a fault is on.';

const begin = (ctx) =>
  ask(ctx, 'audit', ctx.actions.get(PATH), { at_ms: ctx.now_ms, answer: null });

function table_view(answer) {
  return html`
    <table>
      <caption class="unseen">Rides of each lane</caption>
      <thead>
        <tr>
          <th scope="col">lane</th>
          ${COLUMNS.map(
            (one) => html`
              <th scope="col" class="number">${one.replaceAll('_', ' ')}</th>
            `,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows_of(answer).map(
          ({ lane, cells }) => html`
            <tr>
              <th scope="row">${lane}</th>
              ${cells.map(
                ({ column, value }) => html`
                  <td class="number" data-column=${column}>${count(value)}</td>
                `,
              )}
            </tr>
          `,
        )}
      </tbody>
    </table>
  `;
}

function violations_view(ctx, answer) {
  const { violations, left_out } = violations_of(answer);
  if (violations.length === 0) return nothing;
  const show = (ride) => ctx.set({ focus: ride, drawer: 'passport' });
  return html`
    <details>
      <summary>
        ${counted(violations.length, 'ride')} that ${violations.length === 1 ? 'is' : 'are'} not as
        it should be
      </summary>
      <ul>
        ${violations.map(
          (one) => html`
            <li>
              ${one.lane}:
              <button class="small quiet code" @click=${() => show(one.ride)}>
                ${shown(one.ride, 40)}
              </button>
              <bdi>${one.text}</bdi>
            </li>
          `,
        )}
        ${
          left_out
            ? html`
                <li class="dim">and ${counted(left_out, 'other')}</li>
              `
            : nothing
        }
      </ul>
    </details>
  `;
}

function answer_view(ctx, { answer, at_ms }) {
  const { hue, icon: picture, text } = verdict_of(answer);
  return html`
    <p
      class="verdict sign"
      role="status"
      data-hue=${hue}
      data-verdict=${answer.clean ? 'clean' : 'not-clean'}
    >
      ${icon(picture)}
      <b>${text}</b>
    </p>
    ${table_view(answer)}
    ${troubles_of(answer).map(
      (line) => html`
        <p><bdi>${line}</bdi></p>
      `,
    )}
    ${violations_view(ctx, answer)}
    <p class="dim">
      At ${clock(at_ms)}. It reads the log, every store and the riders' answers, apart from the
      services' code. The chain lane is shown, and promises nothing: what a timeout cuts off stays
      as an orphan.
    </p>
  `;
}

function view(ctx) {
  const audit = kept(ctx, 'audit');
  const { answer, busy, problem, run } = audit;
  const is_ours = run === undefined || run === ctx.run;
  return html`
    <div class="head wrap">
      <h2>Audit</h2>
      <button
        class="main"
        data-audit
        ?disabled=${busy || ctx.mode === 'replaying'}
        @click=${() => begin(ctx)}
      >
        Audit now
      </button>
      <span class="dim" role="status">${when(busy, BUSY)}</span>
      <span class="spring"></span>
      ${curl_view(ctx.actions.curl('GET', PATH))}
    </div>
    ${problem_view(problem)} ${answer && is_ours ? answer_view(ctx, audit) : nothing}
    ${when(!answer && !busy && !problem, dim(INVITATION))}
  `;
}

export const panel = { id: 'audit', title: 'Audit', view };
