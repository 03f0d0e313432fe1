// The blast radius: rows are targets of one fault, columns those that may suffer. The learner marks
// who will; a run of the row shows who did, and frames the surprises. Needs a session to run.
// Keeps {fault, said, done, run, shown, problem} under `blast` in the page's state.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { follow, problem_of, value_of, with_riders_restored } from '../lessons/follow.js';
import { look_of_learning, run_view } from '../lessons/run_views.js';
import { changes_view } from './blast/changes.js';
import { is_running, matrix_view } from './blast/matrix.js';
import { recalled, remember } from './blast/memory.js';
import { faults_of, kept_of, key_of, subjects_of, targets_of } from './blast/model.js';
import { kinds_of } from './faults.js';
import { curl_view, problem_view } from './shared/parts.js';

const USUAL_RATE = 40;
let nothing_yet = null;

function state_of(ctx) {
  nothing_yet ??= {
    fault: 'freeze',
    said: {},
    done: recalled(),
    run: null,
    shown: null,
    problem: null,
  };
  return ctx.state.blast ?? nothing_yet;
}

function change(ctx, patch) {
  ctx.set({ blast: { ...state_of(ctx), ...patch } });
}

function say(ctx, key, subject, word) {
  const { said } = state_of(ctx);
  change(ctx, { said: { ...said, [key]: { ...said[key], [subject]: word } } });
}

function order_of(ctx, fault, targets) {
  const { rate } = ctx.frame.traffic;
  return { faults: [fault], targets, quick: true, rate: rate >= 1 ? rate : USUAL_RATE };
}

function without(done, keys) {
  return Object.fromEntries(Object.entries(done).filter(([key]) => !keys.includes(key)));
}

async function measure(ctx, fault, targets, said) {
  const begun = await value_of(ctx.actions.blast(order_of(ctx, fault, targets)));
  const path = `/api/blast/${begun.id}`;
  const note = (run) => change(ctx, { run: { ...run, result: null, path, targets } });
  const ended = await follow(ctx.actions, path, note);
  if (!ended.result) throw new Error(`the blast ended ${ended.state}: ${ended.said}`);
  const done = { ...state_of(ctx).done };
  for (const cell of ended.result.cells) {
    const key = key_of(cell.action, cell.target);
    done[key] = kept_of(cell, said[key] ?? {});
  }
  remember(done);
  change(ctx, { done, shown: key_of(fault, targets[0]) });
}

/** What the learner says now counts for these rows, whatever is clicked while they run. */
async function run_rows(ctx, targets) {
  const { fault, done, said } = state_of(ctx);
  const keys = targets.map((target) => key_of(fault, target));
  const committed = structuredClone(said);
  change(ctx, { problem: null, done: without(done, keys), shown: null });
  try {
    await with_riders_restored(ctx, () => measure(ctx, fault, targets, committed));
  } catch (failure) {
    change(ctx, { problem: problem_of(failure) });
  }
}

function head_view(ctx, state, targets) {
  const option = (name) =>
    html`<option value=${name} ?selected=${name === state.fault}>${name}</option>`;
  return html`<div class="head">
    <h2>Blast radius</h2>
    <label
      >of
      <select @change=${(event) => change(ctx, { fault: event.target.value, shown: null })}>
        ${faults_of(kinds_of(ctx)).map(option)}
      </select></label
    >
    <span class="spring"></span>
    <button
      class="small"
      ?disabled=${!ctx.can_touch || is_running(state)}
      title=${ctx.why_not}
      @click=${() => run_rows(ctx, targets)}
    >
      Run all rows
    </button>
  </div>`;
}

/** The verdict is that of the table of services; what counts here is what the learner said. */
function run_state_view(run) {
  if (!run) return nothing;
  return run_view(run.state === 'passed' ? { ...run, said: '' } : run, run.path);
}

export const panel = {
  id: 'blast',
  title: 'Blast',
  view(ctx) {
    if (!ctx.frame)
      return html`${look_of_learning}
        <p class="dim">Waiting for the platform…</p>`;
    const state = state_of(ctx);
    const targets = targets_of(kinds_of(ctx), state.fault);
    const shown = state.shown && state.done[state.shown];
    const on = {
      say: (key, subject, word) => say(ctx, key, subject, word),
      run: (rows) => run_rows(ctx, rows),
      show: (key) => change(ctx, { shown: key }),
    };
    return html`${look_of_learning}${head_view(ctx, state, targets)}
      <p class="dim">
        Say who will suffer (▽), then run the row: ■ suffered, · did not; a frame (≠) is a surprise.
      </p>
      ${problem_view(state.problem)} ${run_state_view(state.run)}
      ${matrix_view(ctx, state, targets, subjects_of(ctx.frame), on)}
      ${shown ? changes_view(state.shown, shown) : nothing}
      ${curl_view(
        ctx.actions.curl('POST', '/api/blast', order_of(ctx, state.fault, targets.slice(0, 1))),
      )}`;
  },
};
