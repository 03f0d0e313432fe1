// Faults as they are seen at once: the bar that says how many are on, and the buttons beside what
// they hit. Chips, the form and requests are in ./faults/, and come when there is a fault or a
// button is pressed. Needs the frame's faults and the answer of GET /api/fault-kinds; keeps in
// state.faults what this page asked for, and which chip and form are open.
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { is_reached } from '../lab.js';
import { counted, icon, shown, when } from '../words.js';

// [on its button, once it is on, what it does]
const WORDS = {
  kill: ['Kill', 'killed', 'SIGKILL: it stays down until the time is over'],
  restart: ['Restart', 'restarted', 'SIGTERM, and a start at once'],
  freeze: ['Freeze', 'frozen', 'SIGSTOP: it keeps its connections and answers nothing'],
  slow: ['Slow', 'slow', 'it runs only a part of the time'],
  store_lock: ['Lock store', 'store locked', 'another connection holds the lock of its database'],
  disk_full: ['Fill disk', 'disk full', 'a file takes all room of its data folder'],
  power_cut: ['Cut power', 'power cut', 'SIGKILL, and what no sync had covered is lost'],
  latency: ['Delay', 'delayed', 'each byte is late'],
  bandwidth: ['Throttle', 'throttled', 'each connection carries so much'],
  timeout: ['Cut', 'cut', 'nothing is carried, and no connection begins'],
  reset_peer: ['Reset', 'resets', 'each connection is reset'],
  slicer: ['Slice', 'sliced', 'small pieces with pauses between them'],
  limit_data: ['End early', 'ends early', 'each connection ends after so many bytes'],
  poison: ['Poison', 'poisoned', 'one record that no service can handle'],
  duplicate: ['Duplicate', 'duplicated', 'the last events are published once more'],
  redeliver: ['Redeliver', 'delivered again', 'its group goes back in the log'],
};
const DURATIONS = ['5s', '15s', '30s', '1m', '5m'];
const USUAL_DURATION = '15s';
const ASKS_AGAIN_MS = 2000;

export const button_of = (action) => WORDS[action]?.[0] ?? action;
export const while_on = (action) => WORDS[action]?.[1] ?? action;
export const meaning_of = (action) => WORDS[action]?.[2] ?? '';

let bar = null; // ./faults/bar.js, once there is a fault
let asking = null; // ./faults/asking.js, once something was pressed or pointed at
let form = null; // ./faults/form.js, once it was opened

/** {kinds, duration, orders, hint, form, open, problem}. */
export function faults_of(ctx) {
  const { kinds = null, duration = USUAL_DURATION, orders = [], ...rest } = ctx.state.faults ?? {};
  return { kinds, duration, orders, ...rest };
}

export const set_faults = (ctx, patch) =>
  ctx.set({ faults: { ...ctx.state.faults, ...patch } });

/** The kinds that `target` can take, in the lab's order. */
export function kinds_for(kinds, target) {
  return (kinds ?? []).filter((one) => one.targets.includes(target));
}

/** What can be injected: asked for once, and again where the lab did not answer. */
export function kinds_of(ctx) {
  const { kinds, asked_at_ms } = faults_of(ctx);
  const is_due = asked_at_ms === undefined || ctx.now_ms - asked_at_ms > ASKS_AGAIN_MS;
  if (kinds === null && ctx.frame && is_reached(ctx) && is_due) setTimeout(() => load_kinds(ctx), 0);
  return kinds ?? [];
}

async function load_kinds(ctx) {
  set_faults(ctx, { asked_at_ms: ctx.now_ms });
  const got = await ctx.actions.get('/api/fault-kinds');
  if (got.ok) set_faults(ctx, { kinds: got.value.kinds });
}

async function load_asking() {
  asking ??= await import('./faults/asking.js');
  return asking;
}

async function open_form(ctx, target) {
  const is_open = faults_of(ctx).form?.target === target;
  if (!is_open && form === null) form = await import('./faults/form.js');
  set_faults(ctx, { form: is_open ? null : { target, action: null, given: {} } });
}

const is_on = (ctx, target, action) =>
  ctx.frame.faults.list.some(
    (one) =>
      one.target === target && one.action === action && one.injected_at_ms && !one.reverted_at_ms,
  );

function button_view(ctx, target, kind) {
  const ask = async (what) => (await load_asking())[what](ctx, target, kind);
  return html`
    <button
      class="small"
      data-fault-button=${kind.action}
      ?disabled=${!ctx.can_touch}
      aria-pressed=${is_on(ctx, target, kind.action)}
      aria-label=${`${button_of(kind.action)} ${shown(target, 80)}`}
      title=${ctx.why_not || `${meaning_of(kind.action)} (for ${faults_of(ctx).duration})`}
      @focus=${() => ask('show_hint')}
      @pointerenter=${() => ask('show_hint')}
      @click=${() => ask('inject_usual')}
    >
      ${button_of(kind.action)}
    </button>
  `;
}

/** The buttons of what `target` can be hit by. `quick`: actions that have a button of their own. */
export function buttons_view(ctx, target, quick) {
  const kinds = kinds_for(kinds_of(ctx), target);
  if (kinds.length === 0) return nothing;
  const is_open = faults_of(ctx).form?.target === target;
  return html`
    <div class="faults-of" data-target=${shown(target, 80)}>
      <div class="row wrap">
        ${quick
          .map((action) => kinds.find((one) => one.action === action))
          .filter(Boolean)
          .map((one) => button_view(ctx, target, one))}
        <button
          class="small quiet"
          data-fault-form
          aria-expanded=${is_open}
          aria-label=${`More… faults of ${shown(target, 80)}`}
          @click=${() => open_form(ctx, target)}
        >
          More…
        </button>
      </div>
      ${asking?.refusal_view(ctx, target) ?? nothing}
      ${is_open && form ? form.form_view(ctx, target, kinds) : nothing}
    </div>
  `;
}

/** For how long the buttons inject. */
export function duration_view(ctx) {
  const { duration } = faults_of(ctx);
  const option = (one) => html`
    <option value=${one} ?selected=${one === duration}>${one}</option>
  `;
  return html`
    <label class="row">
      for
      <select data-duration @change=${(event) => set_faults(ctx, { duration: event.target.value })}>
        ${DURATIONS.map(option)}
      </select>
    </label>
  `;
}

/** The shell line of what the pointer or the focus was at last; at first what it will be. */
export function hint_view(ctx) {
  const { hint } = faults_of(ctx);
  const words = 'Each fault shows here the shell line that does the same.';
  return html`
    <div class="hint">
      ${hint && asking ? asking.hint_view(ctx, hint) : html`<span class="dim">${words}</span>`}
    </div>
  `;
}

/** How many are on: "2 faults are on, 1 of them NOT PROVEN" */
export function summary_of(frame) {
  const on = (frame?.faults?.list ?? []).filter(is_fault_on);
  if (on.length === 0) return 'No fault is on';
  const unproven = on.filter((one) => one.phase === 'not_proven').length;
  const verb = on.length === 1 ? 'is' : 'are';
  return `${counted(on.length, 'fault')} ${verb} on${unproven ? `, ${unproven} NOT PROVEN` : ''}`;
}

const is_fault_on = (fault) => fault.injected_at_ms !== 0 && fault.reverted_at_ms === 0;

/** Chips are loaded with the first fault, whoever asked for it. */
function bar_for(ctx) {
  const { orders, problem } = faults_of(ctx);
  if (ctx.frame.faults.list.length + orders.length === 0 && !problem) return null;
  if (bar === null) setTimeout(() => load_bar(ctx), 0);
  return bar;
}

async function load_bar(ctx) {
  bar ??= await import('./faults/bar.js');
  ctx.set({});
}

function view(ctx) {
  if (!ctx.frame)
    return html`
      <p class="dim">Faults: waiting for the first frame.</p>
    `;
  const { chips, said, proof } = bar_for(ctx)?.bar_of(ctx) ?? {};
  const words =
    'Press a button beside a service: the agent injects it, proves it, and takes it back in time.';
  return html`
    <div class="fault-bar">
      <h2 class="row">
        ${icon('fault')}
        <span data-summary>${summary_of(ctx.frame)}</span>
      </h2>
      ${chips ?? html`<span class="dim">${words}</span>`}
    </div>
    <p class="unseen" role="status">${said ?? nothing}</p>
    ${when(proof, proof)}
  `;
}

export const panel = { id: 'faults', title: 'Faults', view };
