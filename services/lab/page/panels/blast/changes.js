// The table was / now / Δ: which figures a fault or an experiment changed, of what, and whether
// they came back. Needs lit-html and the effects by subject: {before, during, after}.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { changes_of } from './model.js';

const MOST_ROWS = 14;

function row_view({ subject, figure, was, now, after, delta }) {
  return html`<tr>
    <th scope="row">${subject}</th>
    <td>${figure}</td>
    <td class="number">${was}</td>
    <td class="number">${now}</td>
    <td class="number">${delta > 0 ? '+' : '−'}${Math.abs(delta)}</td>
    <td class="number">${after}</td>
  </tr>`;
}

function why_view([subject, effect]) {
  return effect.why ? html`<li><b>${subject}</b>: ${effect.why}</li>` : nothing;
}

export function table_view(effects) {
  const changes = changes_of(effects);
  return html`<table>
      <thead>
        <tr>
          <th scope="col">what</th>
          <th scope="col">figure</th>
          <th scope="col" class="number">was</th>
          <th scope="col" class="number">now</th>
          <th scope="col" class="number">Δ</th>
          <th scope="col" class="number">after</th>
        </tr>
      </thead>
      <tbody>
        ${changes.slice(0, MOST_ROWS).map(row_view)}
      </tbody>
    </table>
    ${
      changes.length > MOST_ROWS
        ? html`<p class="dim">
            and ${changes.length - MOST_ROWS} smaller ones; the report has them.
          </p>`
        : nothing
    }`;
}

export function changes_view(key, done) {
  return html`<section class="changes" aria-label=${`What ${key} changed`}>
    <h3>${key}: what changed</h3>
    <p class="dim">
      ${done.proven ? 'Proven on and off.' : 'NOT PROVEN.'} All were as before
      ${done.recovered_s.toFixed(1)} s after its end.
    </p>
    <ul class="plain">
      ${Object.entries(done.effects).map(why_view)}
    </ul>
    ${table_view(done.effects)}
  </section>`;
}
