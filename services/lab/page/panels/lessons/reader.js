// One lesson as a page: its parts up to the first run that is not over. Needs lit-html, and the
// lesson in the panel's state.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { questions_of } from '../../lessons/lesson.js';
import { document_of, fault_of, seconds_of_run } from '../../lessons/steps.js';
import { icon } from '../../words.js';
import { curl_view } from '../shared/parts.js';
import { grade_view } from './grades.js';
import { explain_view, question_view } from './questions.js';
import { answers, commit_and_run, skip, try_again } from './session.js';
import { hint_of, only_reads } from './known.js';

const span_views = {
  text: ({ text }) => text,
  code: ({ text }) => html`<code>${text}</code>`,
  strong: ({ text }) => html`<b>${text}</b>`,
  emphasis: ({ text }) => html`<em>${text}</em>`,
  link: ({ text, target }) =>
    /^https?:/.test(target)
      ? html`<a href=${target} target="_blank" rel="noopener noreferrer">${text}</a>`
      : html`<span title=${target}>${text}</span>`,
};
const spans_view = (spans) => spans.map((span) => span_views[span.kind](span));

function table_view({ head, rows }) {
  return html`<table>
    <thead>
      <tr>
        ${head.map((cell) => html`<th scope="col">${spans_view(cell)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${spans_view(cell)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const part_views = {
  heading: ({ level, spans }) =>
    level === 1 ? html`<h2>${spans_view(spans)}</h2>` : html`<h3>${spans_view(spans)}</h3>`,
  paragraph: ({ spans }) => html`<p>${spans_view(spans)}</p>`,
  code: ({ text }) => {
    const code = html`<pre tabindex="0">${text}</pre>`;
    return text.includes('$ docker')
      ? html`<details>
          <summary>in a shell</summary>
          ${code}
        </details>`
      : code;
  },
  list: ({ ordered, items }) => {
    const lines = items.map((item) => html`<li>${spans_view(item)}</li>`);
    return ordered
      ? html`<ol>
          ${lines}
        </ol>`
      : html`<ul>
          ${lines}
        </ul>`;
  },
  table: table_view,
};

function running_view(state) {
  return html`<p class="banner" data-hue="wait" data-running>
    ${icon('running')} <span>It runs: watch. <span class="dim">${state.said}</span></span>
  </p>`;
}

/** The lines of a shell that do the same as buttons. */
const shell_view = (lines) => html`<details>
  <summary>in a shell</summary>
  ${lines.map(curl_view)}
</details>`;

function run_view(ctx, state, block) {
  if (state.run === block.id) return running_view(state);
  const is_done = state.done.includes(block.id);
  const locked = questions_of(state.lesson, block.id).some(
    ({ id }) => answers.of(state.lesson.name, id).locked_at_ms,
  );
  if (is_done) {
    return html`<p class="row" data-run=${block.id} data-run-state="over">
      <button class="small" ?disabled=${state.run !== null} @click=${() => try_again(ctx, block)}>
        Answer and run again
      </button>
    </p>`;
  }
  const where = block.without
    ? ' It has a platform of its own, in which nothing else is shown.'
    : '';
  return html`<p class="row wrap" data-run=${block.id} data-run-state=${locked ? 'locked' : 'open'}>
    <button
      class="main"
      data-action="run"
      ?disabled=${!ctx.can_touch || state.run !== null}
      title=${ctx.why_not}
      @click=${() => commit_and_run(ctx, block)}
    >
      ${icon(locked ? 'play' : 'lock')} <span>${locked ? 'Run' : 'Lock my answers and run'}</span>
    </button>
    <span class="dim">about ${Math.round(seconds_of_run(block)) + 4} s.${where}</span>
    <button class="small quiet" ?disabled=${state.run !== null} @click=${() => skip(ctx, block)}>
      Read on without it
    </button>
  </p>
  ${shell_view([
    ctx.actions.curl('POST', '/api/experiments', document_of(state.lesson, block)),
  ])}`;
}

async function play(ctx, fault) {
  const done = await ctx.actions.fault({ ...fault, by: 'a lesson' });
  const text = done.ok
    ? `${fault.action} of ${fault.target}: ${done.value.phase}`
    : done.problem.detail;
  ctx.set({ notice: { icon: done.ok ? 'fault' : 'alert', hue: done.ok ? 'bad' : 'slow', text } });
}

function sandbox_view(ctx, block) {
  const line_of = (step) => ctx.actions.curl('POST', '/api/faults', fault_of(step));
  return html`<div class="block sandbox">
    <h3>Play</h3>
    <p>${block.ask ?? 'The same again, as often as you like.'}</p>
    <p class="row wrap">
      ${block.steps.map(
        (step) =>
          html`<button
            class="small"
            ?disabled=${!ctx.can_touch}
            title=${ctx.why_not}
            @click=${() => play(ctx, fault_of(step))}
          >
            ${icon('fault')}<span>${step.value}</span>
          </button>`,
      )}
    </p>
    ${shell_view(block.steps.map(line_of))}
  </div>`;
}

function block_view(ctx, state, block) {
  if (block.word === 'predict')
    return question_view(ctx, state.lesson, state.lesson.questions.get(block.id));
  if (block.word === 'run') return run_view(ctx, state, block);
  if (block.word === 'grade')
    return grade_view(ctx, state.lesson, state.lesson.questions.get(block.id));
  if (block.word === 'explain') return explain_view(ctx, state.lesson, block);
  return sandbox_view(ctx, block);
}

function part_view(ctx, state, part) {
  return part.kind === 'hail' ? block_view(ctx, state, part.block) : part_views[part.kind](part);
}

/** The parts up to the first run that is not over, that run included. */
export function open_parts(lesson, done) {
  const end = lesson.parts.findIndex(
    ({ kind, block }) => kind === 'hail' && block.word === 'run' && !done.includes(block.id),
  );
  return end < 0 ? lesson.parts : lesson.parts.slice(0, end + 1);
}

export function lesson_view(ctx, state) {
  const parts = only_reads(ctx) ? state.lesson.parts : open_parts(state.lesson, state.done);
  const more =
    parts.length < state.lesson.parts.length
      ? html`<p class="dim">The lesson goes on after the run.</p>`
      : nothing;
  return html`<article class="lesson" data-lesson=${state.lesson.name}>
    ${hint_of(ctx, state.lesson)} ${parts.map((part) => part_view(ctx, state, part))} ${more}
  </article>`;
}
