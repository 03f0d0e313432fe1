// The list of keys, as a dialog; loaded when it is first asked for. Needs the panels, whose keys
// stand in it too.

import { html, render } from './vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { all_keys } from './keys.js';
import { tabs } from './layout.js';

const row = ({ key, name, what }) => html`<tr><th scope="row"><kbd>${name ?? key}</kbd></th><td>${what}</td></tr>`;

function view(panels, close) {
  const rest = panels.filter((panel) => panel.keys?.length);
  return html`<header class="head"><h2>Keys</h2><span class="spring"></span>
      <button aria-label="Close" @click=${close}>${icon('close')}</button></header>
    <table><caption class="unseen">Keys of the page</caption><tbody>${all_keys(tabs).map(row)}</tbody></table>
    ${rest.map((panel) => html`<h3>${panel.title}</h3><table><tbody>${panel.keys.map(row)}</tbody></table>`)}`;
}

export function show_help(panels) {
  let dialog = document.querySelector('dialog.help');
  if (!dialog) {
    dialog = document.createElement('dialog');
    dialog.className = 'help';
    dialog.setAttribute('aria-label', 'Keys');
    document.body.append(dialog);
  }
  render(view(panels, () => dialog.close()), dialog);
  if (!dialog.open) dialog.showModal();
}
