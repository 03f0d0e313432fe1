// Experiments: the shipped ones, each as a form beside its YAML, and the runs of this lab with
// report and journal. Keeps what is open under `experiments` in the page's state.

import { html } from '../vendor/lit-html/lit-html.js';
import { look_of_learning } from '../lessons/run_views.js';
import { icon } from '../words.js';
import { editor_view, runs_view } from './experiments/editor.js';
import { load_files, look_at_audit, open_file, state_of } from './experiments/session.js';
import { problem_view } from './shared/parts.js';

function file_view(ctx, { name, title, description, needs_own_platform }) {
  return html`<li data-experiment=${name}>
    <button class="quiet" title=${description} @click=${() => open_file(ctx, name)}>
      ${title}
    </button>
    ${needs_own_platform ? html`<span class="chip">a platform of its own</span>` : ''}
  </li>`;
}

function list_view(ctx, state) {
  return html`<div class="head"><h2>Experiments</h2></div>
    ${problem_view(state.problem)}
    <ul class="plain">
      ${state.files.map((file) => file_view(ctx, file))}
    </ul>
    <h3>Runs of this lab</h3>
    ${state.runs.length === 0 ? html`<p class="dim">None yet.</p>` : runs_view(ctx, state.runs)}`;
}

export const panel = {
  id: 'experiments',
  title: 'Experiments',
  view(ctx) {
    const state = state_of(ctx);
    if (!state.files) {
      load_files(ctx);
      return html`${look_of_learning}${problem_view(state.problem)}
        <p class="dim">Loading the experiments…</p>`;
    }
    if (!state.open) return html`${look_of_learning}${list_view(ctx, state)}`;
    look_at_audit(ctx);
    return html`${look_of_learning}
      <nav class="head">
        <button class="small" @click=${() => open_file(ctx, null)}>
          ${icon('previous')}<span>All experiments</span>
        </button>
      </nav>
      ${problem_view(state.problem)} ${editor_view(ctx, state)}`;
  },
};
