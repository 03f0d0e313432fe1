// The questions of a lesson as fields: a set, a number, an order, a curve, yes or no, a choice.
// Needs lit-html; an answer that is locked is shown and cannot be changed.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { list_of } from '../../lessons/blocks.js';
import { number_at, position_of } from '../../lessons/grading.js';
import { icon } from '../../words.js';
import { answers, change, give, state_of } from './session.js';

export const CURVE_POINTS = 6;

/** Names are parted by commas, sentences by semicolons. */
export const choices_of = (text) =>
  text.includes(';')
    ? text
        .split(';')
        .map((one) => one.trim())
        .filter(Boolean)
    : list_of(text);

const radio = (ctx, id, value, now, locked) =>
  html`<label class="option">
    <input
      type="radio"
      name=${id}
      .checked=${value === now}
      ?disabled=${locked}
      @change=${() => give(ctx, id, value)}
    />
    <span>${value}</span></label
  >`;

function set_field(ctx, { id, among }, now = [], locked) {
  const toggle = (name) =>
    give(ctx, id, now.includes(name) ? now.filter((one) => one !== name) : [...now, name]);
  const nobody = html`<label class="option"
    ><input
      type="checkbox"
      ?disabled=${locked}
      .checked=${answers.of(state_of(ctx).lesson.name, id).value?.length === 0}
      @change=${() => give(ctx, id, [])}
    /><span>nobody</span></label
  >`;
  return html`${list_of(among).map(
    (name) =>
      html`<label class="option"
        ><input
          type="checkbox"
          .checked=${now.includes(name)}
          ?disabled=${locked}
          @change=${() => toggle(name)}
        /><span>${name}</span></label
      >`,
  )}${nobody}`;
}

function number_field(ctx, { id, ask, from, to, unit }, now, locked) {
  const at = (position) => number_at(Number(position), Number(from), Number(to));
  return html`<div class="row wrap">
    <input
      type="range"
      min="0"
      max="1000"
      step="5"
      aria-label=${ask}
      ?disabled=${locked}
      aria-valuetext=${now === undefined ? 'no answer yet' : `${now} ${unit ?? ''}`}
      .value=${String(now === undefined ? 0 : position_of(now, Number(from), Number(to)))}
      @input=${(event) => give(ctx, id, at(event.target.value))}
    />
    <input
      type="number"
      class="figure"
      min=${from}
      step="any"
      aria-label=${`${ask} As a number`}
      ?disabled=${locked}
      .value=${now === undefined ? '' : String(now)}
      @change=${(event) => event.target.value !== '' && give(ctx, id, Number(event.target.value))}
    />
    <span>${unit ?? ''}</span>
  </div>`;
}

function moved(list, at, step) {
  const next = [...list];
  [next[at], next[at + step]] = [next[at + step], next[at]];
  return next;
}

function order_field(ctx, { id, among }, now, locked) {
  const list = now ?? list_of(among);
  const move = (at, step) =>
    html`<button
      class="small quiet"
      ?disabled=${locked || !list[at + step]}
      aria-label=${`${list[at]} ${step < 0 ? 'earlier' : 'later'}`}
      @click=${() => give(ctx, id, moved(list, at, step))}
    >
      ${icon(step < 0 ? 'up' : 'down')}
    </button>`;
  const keep = now
    ? nothing
    : html`<button class="small" ?disabled=${locked} @click=${() => give(ctx, id, list)}>
        It stays so
      </button>`;
  return html`<ol>
      ${list.map((name, at) => html`<li>${name} ${move(at, -1)}${move(at, 1)}</li>`)}
    </ol>
    ${keep}`;
}

function curve_field(ctx, { id, ask, from, to, most = 1000 }, now, locked) {
  const seconds = (at) => Number(from) + ((Number(to) - Number(from)) * at) / (CURVE_POINTS - 1);
  const points = now ?? Array.from({ length: CURVE_POINTS }, (_, at) => [seconds(at), 0]);
  const put = (at, value) =>
    give(
      ctx,
      id,
      points.map(([x, y], here) => [x, here === at ? Number(value) : y]),
    );
  return html`<div class="curve">
    ${points.map(
      ([x, y], at) =>
        html`<label
          ><span>${x} s</span>
          <input
            type="range"
            min="0"
            max=${most}
            step=${Number(most) / 50}
            .value=${String(y)}
            ?disabled=${locked}
            aria-label=${`${ask} After ${x} s`}
            @input=${(event) => put(at, event.target.value)}
          /><output>${y}</output></label
        >`,
    )}
  </div>`;
}

function field(ctx, question, now, locked) {
  const { kind, id, among } = question;
  if (kind === 'set') return set_field(ctx, question, now, locked);
  if (kind === 'number') return number_field(ctx, question, now, locked);
  if (kind === 'order') return order_field(ctx, question, now, locked);
  if (kind === 'curve') return curve_field(ctx, question, now, locked);
  const words = kind === 'yes-no' ? ['yes', 'no'] : choices_of(among);
  return words.map((word) => radio(ctx, id, word, now, locked));
}

export function question_view(ctx, lesson, question) {
  const { value, locked_at_ms } = answers.of(lesson.name, question.id);
  const locked = Boolean(locked_at_ms) || state_of(ctx).run !== null;
  return html`<fieldset
    class="block"
    data-question=${question.id}
    data-locked=${locked_at_ms ? 'yes' : 'no'}
    data-answer=${JSON.stringify(value ?? null)}
  >
    <legend>${locked_at_ms ? icon('lock') : nothing} ${question.ask}</legend>
    ${field(ctx, question, value, locked)}
  </fieldset>`;
}

/** Why it was so: one choice, graded at once, before the explanation below it is read. */
export function explain_view(ctx, lesson, block) {
  const { value } = answers.of(lesson.name, block.id);
  const choose = (word) => {
    answers.give(lesson.name, block.id, word);
    answers.note(lesson.name, block.id, block.key, word === block.key ? 'exact' : 'off');
    change(ctx, {});
  };
  const verdict =
    value === undefined
      ? nothing
      : html`<p>${value === block.key ? 'Yes.' : html`No: <b>${block.key}</b>.`}</p>`;
  return html`<fieldset
    class="block"
    data-question=${block.id}
    data-answer=${JSON.stringify(value ?? null)}
  >
    <legend>${block.ask}</legend>
    ${choices_of(block.among).map(
      (word) =>
        html`<label class="option"
          ><input
            type="radio"
            name=${block.id}
            .checked=${word === value}
            @change=${() => choose(word)}
          /><span>${word}</span></label
        >`,
    )}${verdict}
  </fieldset>`;
}
