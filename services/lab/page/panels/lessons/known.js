// A lesson for those that only read: what many runs gave, in place of a run of their own. Needs
// lit-html and a question with its grade.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';

/** Without a session nothing can be run; with one the answer comes first. */
export const only_reads = (ctx) => ctx.conn === 'live' && ctx.mode === 'live' && !ctx.can_touch;

/** What the runs gave, in words: "0 … 10 %", "yes", "after 5 s 100 … 1200 records". */
export function known(question) {
  const { kind, unit, grade } = question;
  if (kind === 'curve') {
    const points = grade.key.split(';').map((point) => point.split(':').map((one) => one.trim()));
    return points.map(([at, range]) => `after ${at} s ${range} ${unit ?? ''}`.trim()).join(', ');
  }
  return kind === 'number' ? `${grade.key} ${unit ?? ''}`.trim() : grade.key;
}

export const known_view = (question) => html`<section class="block grade" data-known=${question.id}>
  <h3>${question.ask}</h3>
  <p>Many runs gave: <b>${known(question)}</b></p>
  ${question.grade.because ? html`<p>${question.grade.because}</p>` : nothing}
</section>`;

const reading_hint = html`<p class="dim">
  You look only, so this lesson says what many runs gave. With the link that ./demo printed you say
  first what will happen, and run it.
</p>`;

const shell_hint = html`<p class="dim">
  No button of this page deletes a database, so this lesson is done in a shell. What each line
  prints is below it.
</p>`;

/** What is other than usual about this lesson, here and now. */
export function hint_of(ctx, lesson) {
  if (lesson.runs.length === 0) return shell_hint;
  return only_reads(ctx) ? reading_hint : nothing;
}
