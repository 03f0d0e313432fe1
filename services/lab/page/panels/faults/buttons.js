// The buttons of what a target can be hit by, a form for all of it, and the last refusal there.
// Needs the shell's ctx; the form is loaded when it is first opened.
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { option, problem_view } from '../shared/parts.js';
import { shown } from '../shared/text.js';
import { dismiss, faults_of, inject, kinds_of, set_faults, usual_order } from './asking.js';
import { DURATIONS, button_of, kinds_for, meaning_of } from './kinds.js';
import { refusal_of } from './orders.js';

let form = null;

async function open_form(ctx, target) {
  const is_open = faults_of(ctx).form?.target === target;
  if (!is_open && form === null) form = await import('./form.js');
  set_faults(ctx, { form: is_open ? null : { target, action: null, given: {} } });
}

const is_on = (ctx, target, action) =>
  ctx.frame.faults.list.some(
    (one) =>
      one.target === target && one.action === action && one.injected_at_ms && !one.reverted_at_ms,
  );

function button_view(ctx, target, kind) {
  const order = usual_order(ctx, target, kind);
  const show_hint = () => set_faults(ctx, { hint: order });
  return html`
    <button
      class="small"
      data-fault-button=${kind.action}
      ?disabled=${!ctx.can_touch}
      aria-pressed=${is_on(ctx, target, kind.action)}
      aria-label=${`${button_of(kind.action)} ${shown(target, 80)}`}
      title=${ctx.why_not || `${meaning_of(kind.action)} (for ${order.duration})`}
      @focus=${show_hint}
      @pointerenter=${show_hint}
      @click=${() => inject(ctx, order)}
    >
      ${button_of(kind.action)}
    </button>
  `;
}

/** `quick`: the actions that have a button of their own. */
export function buttons_view(ctx, target, quick) {
  const kinds = kinds_for(kinds_of(ctx), target);
  if (kinds.length === 0) return nothing;
  const { form: opened, orders } = faults_of(ctx);
  const is_open = opened?.target === target;
  const refusal = refusal_of(orders, target);
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
      ${problem_view(refusal?.problem, () => dismiss(ctx, refusal.id))}
      ${is_open && form ? form.form_view(ctx, target, kinds) : nothing}
    </div>
  `;
}

/** For how long the buttons inject. */
export function duration_view(ctx) {
  const { duration } = faults_of(ctx);
  return html`
    <label class="row">
      for
      <select data-duration @change=${(event) => set_faults(ctx, { duration: event.target.value })}>
        ${DURATIONS.map((one) => option(one, one, duration))}
      </select>
    </label>
  `;
}
