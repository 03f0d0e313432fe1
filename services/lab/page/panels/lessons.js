// Lessons: predict, run, compare, understand. Shows the list or one lesson; the rest of a lesson
// appears when its run is over, so that no answer comes before the question is answered.
// Keeps {list, open, lesson, run, said, done, problem} under `lessons` in the page's state.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { download, look_of_learning } from '../lessons/run_views.js';
import { icon } from '../words.js';
import { lesson_view } from './lessons/reader.js';
import { answers, load_list, open_lesson, state_of } from './lessons/session.js';
import { problem_view } from './shared/parts.js';

function progress_of(name) {
  const given = Object.values(answers.all[name] ?? {}).filter((one) => one.word);
  const right = given.filter((one) => one.word === 'exact').length;
  return given.length === 0 ? '' : `${right} of ${given.length} exact`;
}

function item_view(ctx, { name, title }) {
  return html`<li data-lesson=${name}>
    <button class="quiet" @click=${() => open_lesson(ctx, name)}>${title}</button>
    <span class="dim">${progress_of(name)}</span>
  </li>`;
}

function export_answers(ctx) {
  download('hailstorm-answers.json', `${JSON.stringify(answers.exported(ctx.now_ms), null, 2)}\n`);
}

function list_view(ctx, state) {
  return html`<div class="head">
      <h2>Lessons</h2>
      <span class="spring"></span>
      <button class="small" @click=${() => export_answers(ctx)} data-action="export-answers">
        ${icon('download')}<span>Export my answers</span>
      </button>
    </div>
    <p class="dim">
      Say first what will happen, then run it, then compare. Your answers stay in this browser.
    </p>
    ${problem_view(state.problem)}
    <ol class="plain lessons">
      ${(state.list ?? []).map((one) => item_view(ctx, one))}
    </ol>`;
}

function nav_view(ctx, state) {
  const names = state.list.map((one) => one.name);
  const at = names.indexOf(state.open);
  const to = (step, word) =>
    html`<button
      class="small quiet"
      ?disabled=${!names[at + step]}
      @click=${() => open_lesson(ctx, names[at + step])}
    >
      ${word}
    </button>`;
  return html`<nav class="head" aria-label="Lessons">
    <button class="small" @click=${() => open_lesson(ctx, null)}>All lessons</button>
    <span class="spring"></span>${to(-1, 'Previous')}${to(1, 'Next')}
  </nav>`;
}

export const panel = {
  id: 'lessons',
  title: 'Lessons',
  view(ctx) {
    const state = state_of(ctx);
    if (!state.list) {
      load_list(ctx);
      const loading = html`<p class="dim">Loading the lessons…</p>`;
      return html`${look_of_learning}${state.problem ? problem_view(state.problem) : loading}`;
    }
    if (!state.open) return html`${look_of_learning}${list_view(ctx, state)}`;
    return html`${look_of_learning}${nav_view(ctx, state)} ${problem_view(state.problem)}
    ${state.lesson ? lesson_view(ctx, state) : nothing}`;
  },
};
