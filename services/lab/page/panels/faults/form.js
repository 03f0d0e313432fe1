// The form with every fault that a target can take, its attributes and its duration. Needs the
// shell's ctx and the kinds of the target.
import { html } from '../../vendor/lit-html/lit-html.js';
import { shown, when } from '../../words.js';
import { button_of, faults_of, meaning_of, set_faults } from '../faults.js';
import { curl_view, option } from '../shared/parts.js';
import { duration_ms } from '../shared/text.js';
import { curl_of, inject } from './asking.js';
import { fields_of, order_of } from './kinds.js';

function change(ctx, patch) {
  set_faults(ctx, { form: { ...faults_of(ctx).form, ...patch } });
}

function field_view(ctx, field, given) {
  const value = given[field.name] ?? field.value;
  const take = (next) => change(ctx, { given: { ...given, [field.name]: next } });
  const input = field.options
    ? html`
        <select name=${field.name} @change=${(event) => take(event.target.value)}>
          ${field.options.map(
            (one) => html`
              <option ?selected=${one === value}>${one}</option>
            `,
          )}
        </select>
      `
    : html`
        <input
          type="number"
          name=${field.name}
          min="0"
          max="1000000000"
          .value=${String(value)}
          @input=${(event) => take(Number(event.target.value))}
        />
      `;
  return html`
    <label class="field">
      <span>${field.label}</span>
      ${input}
      <span class="dim">${field.unit}</span>
    </label>
  `;
}

function kind_view(ctx, kind, is_chosen) {
  return html`
    <label class="choice">
      <input
        type="radio"
        name="action"
        value=${kind.action}
        .checked=${is_chosen}
        @change=${() => change(ctx, { action: kind.action, given: {} })}
      />
      <b>${button_of(kind.action)}</b>
      <span class="dim">${meaning_of(kind.action)}</span>
    </label>
  `;
}

export function form_view(ctx, target, kinds) {
  const { form, duration: usual } = faults_of(ctx);
  const kind = kinds.find((one) => one.action === form.action) ?? kinds[0];
  const duration = form.duration ?? usual;
  const is_right = duration_ms(duration) !== null;
  const order = order_of(target, kind, duration, form.given);
  const submit = (event) => {
    event.preventDefault();
    inject(ctx, order);
  };
  return html`
    <form class="fault-form" aria-label=${`A fault of ${shown(target, 80)}`} @submit=${submit}>
      <fieldset>
        <legend>What happens to ${shown(target, 80)}</legend>
        ${kinds.map((one) => kind_view(ctx, one, one === kind))}
      </fieldset>
      <div class="row wrap">
        ${fields_of(kind).map((field) => field_view(ctx, field, form.given))}
        <label class="field">
          <span>for</span>
          <input
            class="short"
            name="duration"
            .value=${duration}
            pattern="[0-9]+(ms|s|m|h)"
            required
            aria-invalid=${!is_right}
            @input=${(event) => change(ctx, { duration: event.target.value.trim() })}
          />
        </label>
        <button class="main" ?disabled=${!ctx.can_touch || !is_right} title=${ctx.why_not}>
          Inject
        </button>
      </div>
      ${when(
        !is_right,
        html`
          <p class="problem">Give a number and ms, s, m or h: 500ms, 2m.</p>
        `,
      )}
      ${curl_view(curl_of(ctx, order))}
    </form>
  `;
}
