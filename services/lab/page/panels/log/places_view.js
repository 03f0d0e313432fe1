// The table in which each partition of a group gets a place of its own. Needs the shell's ctx; the
// form keeps what is typed.
import { html } from '../../vendor/lit-html/lit-html.js';
import { count, counted, shown, when } from '../../words.js';
import { foreign, heads } from '../shared/parts.js';
import { filled, key_of } from './places.js';

const MOST_ROWS = 64;

const FILLS = [
  ['the committed offsets', ({ committed }) => String(Math.max(committed, 0))],
  ['the first record', () => 'earliest'],
  ['30 s ago', () => '-30s'],
  ['the end', () => 'latest'],
  ['nothing', () => ''],
];

function row_view(one, typed, put) {
  const key = key_of(one);
  const name = `${shown(one.topic, 60)}, partition ${one.partition}`;
  return html`
    <tr data-place=${key}>
      <td>${foreign(one.topic, 60)}</td>
      <td class="number">${one.partition}</td>
      <td class="number">${count(one.start)} – ${count(one.end)}</td>
      <td class="number">${one.committed < 0 ? '–' : count(one.committed)}</td>
      <td>
        <input
          class="place"
          aria-label=${`Where ${name} goes`}
          placeholder="stays"
          .value=${typed[key] ?? ''}
          @input=${(event) => put({ ...typed, [key]: event.target.value })}
        />
      </td>
    </tr>
  `;
}

/** `typed`: what is typed so far; `put` takes what is typed then. */
export function places_view(rows, typed, put) {
  return html`
    <div class="row wrap" role="group" aria-label="Fill in for all">
      <span class="dim">fill in</span>
      ${FILLS.map(
        ([words, text_of]) => html`
          <button type="button" class="small" @click=${() => put(filled(typed, rows, text_of))}>
            ${words}
          </button>
        `,
      )}
    </div>
    <table class="places">
      <thead>
        <tr>
          ${heads(['topic'], ['no.', 'offsets', 'committed'])}
          <th scope="col">goes to</th>
        </tr>
      </thead>
      <tbody>${rows.slice(0, MOST_ROWS).map((one) => row_view(one, typed, put))}</tbody>
    </table>
    ${when(
      rows.length > MOST_ROWS,
      html`
        <p class="dim">and ${counted(rows.length - MOST_ROWS, 'more partition')}</p>
      `,
    )}
    <p class="dim">
      An offset, a time such as 2026-11-28T09:27:33Z, -30s, earliest or latest. What is left empty
      stays where it is.
    </p>
  `;
}
