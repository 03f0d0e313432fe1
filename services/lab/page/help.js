// The list of keys, as a dialog; loaded when it is first asked for. Needs the panels: their keys
// are in it, too.

import { html, render } from './vendor/lit-html/lit-html.js';
import { all_keys } from './keys.js';
import { tabs } from './layout.js';
import { icon } from './words.js';

const row = ({ key, name, what }) =>
  html`<tr><th scope="row"><kbd>${name ?? key}</kbd></th><td>${what}</td></tr>`;

const table = (title, keys) => html`<table>
  <caption>${title}</caption>
  <tbody>${keys.map(row)}</tbody>
</table>`;

function view(panels, close) {
  const rest = panels.filter((panel) => panel.keys?.length);
  return html`<header class="head">
      <h2>Keys</h2>
      <span class="spring"></span>
      <button aria-label="Close" @click=${close}>${icon('close')}</button>
    </header>
    ${table('The page', all_keys(tabs))} ${rest.map((one) => table(one.title, one.keys))}`;
}

export function show_help(panels) {
  let dialog = document.querySelector('dialog.help');
  if (!dialog) {
    dialog = document.createElement('dialog');
    dialog.className = 'help';
    dialog.setAttribute('aria-label', 'Keys');
    document.body.append(dialog);
  }
  render(
    view(panels, () => dialog.close()),
    dialog,
  );
  if (!dialog.open) dialog.showModal();
}
