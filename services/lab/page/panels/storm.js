// The storm: faults by chance from a seed, with presets, the schedule before it begins, and the
// verdict. Keeps {preset, seed, minutes, at_once, rate, schedule, run, problem} under `storm`.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { follow, problem_of, value_of, with_riders_restored } from '../lessons/follow.js';
import { look_of_learning, run_view, stop_view } from '../lessons/run_views.js';
import { icon, span } from '../words.js';
import { curl_view, problem_view } from './shared/parts.js';
import { duration_ms } from './shared/text.js';
import { order_of, presets } from './storm/presets.js';

const nothing_yet = {
  preset: 'Shower',
  seed: 7,
  minutes: 0.5,
  at_once: 2,
  rate: 40,
  schedule: null,
  run: null,
  problem: null,
};
const state_of = (ctx) => ctx.state.storm ?? nothing_yet;
const change = (ctx, patch) => ctx.set({ storm: { ...state_of(ctx), ...patch } });

async function attempt(ctx, work) {
  try {
    change(ctx, { problem: null });
    await work();
  } catch (failure) {
    change(ctx, { problem: problem_of(failure) });
  }
}

const show_schedule = (ctx) =>
  attempt(ctx, async () => {
    const plan = await value_of(
      ctx.actions.ask('POST', '/api/storms/plan', order_of(state_of(ctx))),
    );
    change(ctx, { schedule: plan.faults });
  });

const begin = (ctx) =>
  attempt(ctx, () =>
    with_riders_restored(ctx, async () => {
      const begun = await value_of(ctx.actions.ask('POST', '/api/storms', order_of(state_of(ctx))));
      const path = `/api/storms/${begun.id}`;
      await follow(ctx.actions, path, (run) => change(ctx, { run: { ...run, path } }));
    }),
  );

const stop = (ctx) =>
  attempt(ctx, () => value_of(ctx.actions.ask('DELETE', state_of(ctx).run.path)));

function choose(ctx, { name, minutes, at_once }) {
  change(ctx, { preset: name, minutes, at_once, schedule: null });
}

function preset_view(ctx, state, preset) {
  return html`<button
    aria-pressed=${preset.name === state.preset}
    data-preset=${preset.name}
    @click=${() => choose(ctx, preset)}
  >
    <b>${preset.name}</b><span class="dim">${preset.what}</span>
  </button>`;
}

function number_view(ctx, state, name, label, most, step) {
  const put = (event) =>
    event.target.value !== '' &&
    change(ctx, { [name]: Number(event.target.value), schedule: null });
  return html`<label
    >${label}
    <input
      type="number"
      min="0"
      max=${most}
      step=${step}
      .value=${String(state[name])}
      @change=${put}
  /></label>`;
}

function fault_view({ at_ms, target, action, duration }) {
  return html`<tr>
    <td class="number">${(at_ms / 1000).toFixed(1)} s</td>
    <td>${action}</td>
    <td>${target}</td>
    <td class="number">${span(duration_ms(duration))}</td>
  </tr>`;
}

function schedule_view(faults) {
  return html`<details open>
    <summary>${faults.length} faults, always these for this seed</summary>
    <table>
      <thead>
        <tr>
          <th scope="col" class="number">at</th>
          <th scope="col">fault</th>
          <th scope="col">target</th>
          <th scope="col" class="number">for</th>
        </tr>
      </thead>
      <tbody>
        ${faults.map(fault_view)}
      </tbody>
    </table>
  </details>`;
}

export const panel = {
  id: 'storm',
  title: 'Storm',
  view(ctx) {
    const state = state_of(ctx);
    const is_on = state.run?.state === 'running';
    return html`${look_of_learning}
      <div class="head">
        <h2>Storm</h2>
        <p class="dim">Faults by chance while riders ride; then every ride is audited.</p>
      </div>
      <p class="row wrap presets">${presets.map((one) => preset_view(ctx, state, one))}</p>
      <p class="row wrap">
        ${number_view(ctx, state, 'seed', 'seed', 9e15, 1)}
        ${number_view(ctx, state, 'minutes', 'minutes', 60, 0.05)}
        ${number_view(ctx, state, 'at_once', 'at once', 8, 1)}
        ${number_view(ctx, state, 'rate', 'rides/s', 10000, 1)}
        <button ?disabled=${!ctx.can_touch} title=${ctx.why_not} @click=${() => show_schedule(ctx)}>
          Show its schedule
        </button>
        <button
          class="main"
          data-action="begin"
          ?disabled=${!ctx.can_touch || is_on}
          title=${ctx.why_not}
          @click=${() => begin(ctx)}
        >
          ${icon('storm')}<span>Begin</span>
        </button>
        ${stop_view(ctx, state.run, () => stop(ctx))}
      </p>
      ${problem_view(state.problem)} ${state.run ? run_view(state.run, state.run.path) : nothing}
      ${state.schedule ? schedule_view(state.schedule) : nothing}
      ${curl_view(ctx.actions.curl('POST', '/api/storms', order_of(state)))}`;
  },
};
