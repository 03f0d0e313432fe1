// How a run of the lab looks in every panel that begins one: its state as a word with a shape,
// what it says, and its report. Needs lit-html.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { cut, icon, sign } from '../words.js';

const run_signs = {
  running: { word: 'running', icon: 'running', hue: 'wait' },
  passed: { word: 'passed', icon: 'check', hue: 'ok' },
  failed: { word: 'failed', icon: 'cross', hue: 'bad' },
  inconclusive: { word: 'inconclusive', icon: 'unknown', hue: 'slow' },
  stopped: { word: 'stopped', icon: 'stop', hue: 'none' },
};

export const look_of_learning = html`<link
  rel="stylesheet"
  href=${new URL('../panels/learn.css', import.meta.url).href}
/>`;

/** `path` is that of the run in the API. */
export function run_view(run, path) {
  const has_report = ['passed', 'failed', 'inconclusive'].includes(run.state);
  return html`<span class="row wrap" data-run-state=${run.state}>
    ${sign(run_signs, run.state)} <span class="foreign">${cut(run.said, 160)}</span>
    ${
      has_report
        ? html`<a href=${`${path}/report`} target="_blank" rel="noopener">report</a>`
        : nothing
    }
  </span>`;
}

/** Asks a run that is on to end; nothing where none is. */
export function stop_view(ctx, run, stop) {
  if (run?.state !== 'running') return nothing;
  return html`<button class="small" ?disabled=${!ctx.can_touch} title=${ctx.why_not} @click=${stop}>
    ${icon('stop')}<span>Stop it</span>
  </button>`;
}

/** Offers a text as a file. */
export function download(name, text, type = 'application/json') {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
