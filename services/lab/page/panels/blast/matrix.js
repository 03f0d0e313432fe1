// The matrix of the blast radius: what the learner says of each cell, what came, and the run of a
// row. Needs lit-html, the panel's state, and `on` = {say(key, subject, word), run(targets),
// show(key)}.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { icon } from '../../words.js';
import { cell_of, key_of, score_of } from './model.js';

export const is_running = (state) => state.run?.state === 'running';

function said_view(cell, key, subject, on) {
  const mark = html`<span class="said" data-said=${cell.said}
    >${cell.said === 'hurt' ? '▽' : '·'}</span
  >`;
  if (on === null) return mark;
  const other = cell.said === 'hurt' ? 'calm' : 'hurt';
  return html`<button
    class="small quiet"
    aria-pressed=${cell.said === 'hurt'}
    aria-label=${`${key}: ${subject}: you say ${cell.said}`}
    @click=${() => on.say(key, subject, other)}
  >
    ${mark}
  </button>`;
}

function came_view(cell) {
  if (!cell.came) return nothing;
  const word = `${cell.came}${cell.is_surprise ? ', a surprise' : ''}`;
  return html`<span class="came" data-came=${cell.came} title=${cell.why}
    ><span aria-hidden="true">${cell.came === 'hurt' ? '■' : '·'}</span
    ><span class="unseen">${word}</span></span
  >`;
}

function cell_view(state, target, subject, on) {
  if (subject === target) return html`<td class="self" title="the target itself">–</td>`;
  const key = key_of(state.fault, target);
  const cell = cell_of(state, key, subject);
  const is_open = !state.done[key] && !(is_running(state) && state.run.targets.includes(target));
  return html`<td
    data-subject=${subject}
    data-said=${cell.said}
    data-came=${cell.came ?? 'not run'}
    data-surprise=${cell.is_surprise ? 'yes' : 'no'}
    class=${cell.is_surprise ? 'surprise' : ''}
  >
    ${said_view(cell, key, subject, is_open ? on : null)} ${came_view(cell)}
  </td>`;
}

function outcome_view(state, key, subjects, on) {
  const done = state.done[key];
  if (!done) return nothing;
  if (done.refusal) return html`<span class="problem" title=${done.refusal}>refused</span>`;
  const { surprises } = score_of(state, key, subjects);
  return html`<button
    class="small quiet"
    aria-expanded=${state.shown === key}
    aria-label=${`${key}: ${surprises} surprises; what changed`}
    @click=${() => on.show(state.shown === key ? null : key)}
  >
    ${surprises} ≠
  </button>`;
}

function row_view(ctx, state, target, subjects, on) {
  const key = key_of(state.fault, target);
  const is_done = Boolean(state.done[key]);
  return html`<tr data-key=${key} data-done=${is_done ? 'yes' : 'no'}>
    <th scope="row">${target}</th>
    ${subjects.map((subject) => cell_view(state, target, subject, on))}
    <td>
      ${outcome_view(state, key, subjects, on)}
      <button
        class="small"
        ?disabled=${!ctx.can_touch || is_running(state)}
        title=${ctx.why_not || 'Run this row'}
        aria-label=${`${is_done ? 'Run again' : 'Run'}: ${key}`}
        @click=${() => on.run([target])}
      >
        ${icon('play')}
      </button>
    </td>
  </tr>`;
}

export function matrix_view(ctx, state, targets, subjects, on) {
  const head = (subject) => html`<th scope="col">${subject}</th>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="The matrix">
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">target</th>
          ${subjects.map(head)}
          <td></td>
        </tr>
      </thead>
      <tbody>
        ${targets.map((target) => row_view(ctx, state, target, subjects, on))}
      </tbody>
    </table>
  </div>`;
}
