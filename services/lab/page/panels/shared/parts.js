// Small templates that several panels show; their style comes with them. Needs lit-html and a
// document.
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { icon, shown } from '../../words.js';
import { words_of } from '../faults/orders.js';

const look = document.createElement('link');
look.rel = 'stylesheet';
look.href = new URL('../platform.css', import.meta.url).href;
document.head.append(look);

/** Text from outside, which cannot turn or hide what stands beside it. */
export const foreign = (text, most) => html`
  <bdi class="foreign">${shown(text, most)}</bdi>
`;

export const dim = (text) => html`
  <span class="dim">${text}</span>
`;

/** A head without a name is none: readers would announce it. */
const head = (name, kind) =>
  name === ''
    ? html`
        <td></td>
      `
    : html`
        <th scope="col" class=${kind}>${name}</th>
      `;

/** Heads of columns: of text, then of numbers. */
export const heads = (texts, numbers = []) => html`
  ${texts.map((one) => head(one, ''))}${numbers.map((one) => head(one, 'number'))}
`;

export const option = (value, words, chosen) => html`
  <option value=${value} ?selected=${value === chosen}>${words}</option>
`;

function close_view(close) {
  return html`
    <button class="small quiet" aria-label="Close" @click=${close}>${icon('close')}</button>
  `;
}

/** Why the lab refused, where it was asked. */
export function problem_view(problem, close) {
  if (!problem) return nothing;
  return html`
    <p class="problem" role="alert" data-status=${problem.status ?? 0}>
      ${icon('alert')}
      <span>${foreign(words_of(problem), 500)}</span>
      ${close ? close_view(close) : nothing}
    </p>
  `;
}

/** Without what is the same in every such line. */
const brief = (line) => line.replace(/-H "Auth.*?application\/json'/, '…');

/** The line of a shell that does the same: in brief, and whole where it is looked at. */
export function curl_view(line) {
  return html`
    <p class="curl">
      <span class="dim">$</span>
      <code tabindex="0">
        <span class="brief">${brief(line)}</span>
        <span class="whole">${line}</span>
      </code>
      <button class="small quiet" @click=${() => navigator.clipboard?.writeText(line)}>
        ${icon('copy')}
        <span>Copy</span>
      </button>
    </p>
  `;
}
