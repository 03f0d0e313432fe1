// What an answer was worth: the learner's mark beside the measurement, and what many runs gave.
// Needs lit-html; the word is the truth, the picture repeats it.

import { html, nothing, svg } from '../../vendor/lit-html/lit-html.js';
import { range_of } from '../../lessons/blocks.js';
import { grade_answer } from '../../lessons/grading.js';
import { sign } from '../../words.js';
import { answers, change } from './session.js';
import { known_view } from './known.js';

const grade_signs = {
  exact: { word: 'exact', icon: 'check', hue: 'ok' },
  near: { word: 'near', icon: 'even', hue: 'wait' },
  off: { word: 'off', icon: 'cross', hue: 'bad' },
};

const text_of = (value) =>
  Array.isArray(value) ? (value.length === 0 ? 'nobody' : value.join(', ')) : String(value);

const mark = (name, shape) => svg`<path class=${name} d=${shape}></path>`;
const line = (name, points) => svg`<polyline class=${name} points=${points}></polyline>`;

function key_area(begin, end) {
  const width = Math.max(2, end - begin);
  return svg`<rect class="key" x=${begin} y="9" width=${width} height="8"></rect>`;
}

/** Both marks on the question's own scale, by their logarithms. */
function scale_view({ from, to, grade, unit }, said, came) {
  const low = Math.max(1, Number(from));
  const place = (value) =>
    4 +
    192 *
      Math.min(1, Math.max(0, Math.log(Math.max(low, value) / low) / Math.log(Number(to) / low)));
  const key = range_of(grade.key);
  const label = `You said ${said} ${unit ?? ''}, it was ${came} ${unit ?? ''}`;
  return html`<svg class="scale" viewBox="0 0 200 26" role="img" aria-label=${label}>
    ${svg`<line class="axis" x1="4" y1="13" x2="196" y2="13"></line>`}
    ${key ? key_area(place(key.low), place(key.high)) : nothing}
    ${mark('mine', `M${place(said)} 11 l-5 -9 h10 z`)}
    ${mark('came', `M${place(came)} 15 l-5 9 h10 z`)}
  </svg>`;
}

function points_of(curve, end, top) {
  return curve
    .map(([x, y]) => `${((x / end) * 200).toFixed(1)},${(60 - (y / top) * 56).toFixed(1)}`)
    .join(' ');
}

function curve_view(said, came) {
  const end = Math.max(1, ...came.map(([x]) => x));
  const top = Math.max(1, ...came.map(([, y]) => y), ...said.map(([, y]) => y));
  return html`<svg
    class="curves"
    viewBox="0 0 200 62"
    role="img"
    aria-label="Your curve is dashed, the measured one solid"
  >
    ${line('mine', points_of(said, end, top))} ${line('came', points_of(came, end, top))}
  </svg>`;
}

function cells_view(cells) {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">who</th>
        <th scope="col">you said</th>
        <th scope="col">came</th>
        <td></td>
      </tr>
    </thead>
    <tbody>
      ${cells.map(
        ({ name, said, came, word }) =>
          html`<tr data-cell=${name} class=${word === 'right' ? '' : 'surprise'}>
            <th scope="row">${name}</th>
            <td>${said ? 'hurt' : 'calm'}</td>
            <td>${came ? 'hurt' : 'calm'}</td>
            <td>${word}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function picture_view(question, value, came, grade) {
  if (question.kind === 'number') return scale_view(question, Number(value), came);
  if (question.kind === 'curve') return curve_view(value, came);
  if (question.kind === 'set') return cells_view(grade.cells);
  return nothing;
}

function sentence_of({ kind, unit }, value, came, grade) {
  if (kind === 'number' || kind === 'yes-no' || kind === 'choice')
    return `You said ${text_of(value)}, it was ${text_of(came)} ${unit ?? ''}`;
  return grade.sentence;
}

export function grade_view(ctx, lesson, question) {
  const { value, measured } = answers.of(lesson.name, question.id);
  if (measured === undefined || value === undefined) return known_view(question);
  const grade = grade_answer(question, value, measured);
  const why = `${question.id}-why`;
  const range =
    question.kind === 'number'
      ? html`<p class="dim">Other runs gave ${question.grade.key} ${question.unit ?? ''}.</p>`
      : nothing;
  return html`<section
    class="block grade"
    data-grade=${question.id}
    data-word=${grade.word}
    data-measured=${JSON.stringify(measured)}
  >
    <h3>${question.ask}</h3>
    <p class="row wrap">
      ${sign(grade_signs, grade.word)} <span>${sentence_of(question, value, measured, grade)}</span>
    </p>
    ${picture_view(question, value, measured, grade)} ${range}
    ${question.grade.because ? html`<p>${question.grade.because}</p>` : nothing}
    ${
      grade.word === 'exact'
        ? nothing
        : html`<label class="why"
            >Why was I off?
            <input
              type="text"
              maxlength="300"
              .value=${answers.of(lesson.name, why).value ?? ''}
              @change=${(event) => {
                answers.give(lesson.name, why, event.target.value);
                change(ctx, {});
              }}
          /></label>`
    }
  </section>`;
}
