// What the buttons of the top bar do, in a shell. Needs the frame; loaded when it is first opened.
import { html } from '../../vendor/lit-html/lit-html.js';
import { curl_view } from '../shared/parts.js';

export function shell_view(ctx) {
  const { curl } = ctx.actions;
  const { rate } = ctx.frame.traffic;
  return html`
    ${curl_view(curl('PUT', '/api/traffic', { rate }))}
    ${curl_view(curl('POST', '/api/faults/reset', {}))}
  `;
}
