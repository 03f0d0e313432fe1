// A line for each thing that is out of the ordinary: no lab, a pause, a session that is missing.
// Pure: from ctx to a template.

import { html, nothing } from './vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { count, span } from './words.js';

const asks_again = 'This page asks again every second.';

/** By the connection's state: [icon, hue, text]. */
const of_connection = {
  loading: () => ['starting', 'wait', 'Waiting for the first frame of the lab…'],
  reconnecting: (ctx) => ['starting', 'slow', `No frame for ${span(ctx.age_ms)}: reconnecting.`],
  lost: (ctx) => [
    'alert',
    'slow',
    ctx.frame
      ? `The lab does not answer. What you see is ${span(ctx.age_ms)} old, and nothing can be ` +
        `changed. ${asks_again}`
      : `The lab does not answer. Is it running? ${asks_again}`,
  ],
  full: () => [
    'lock',
    'slow',
    'Too many viewers: the lab has no place for one more. This page asks again every 10 s; ' +
      'close another one that shows it.',
  ],
  unreachable: () => [
    'unknown',
    'slow',
    'The broker does not answer: lag and offsets are as last known. ' +
      'Faults can still be injected and ended.',
  ],
};

/** By what is shown: [icon, hue, text, button]. */
const of_mode = {
  paused: (ctx) => [
    'pause',
    'wait',
    `Paused. ${count(ctx.newer)} newer frames are there.`,
    ['Jump to now', ctx.resume],
  ],
  replaying: (ctx) => [
    'play',
    'orphan',
    'A recording is shown: nothing of it happens now, and nothing can be changed.',
    ctx.conn === 'none' ? null : ['Back to now', ctx.resume],
  ],
};

/** Nothing runs: not a fault of one process, the platform is gone. */
function no_platform(ctx) {
  const states = Object.values(ctx.frame.processes).map((one) => one.state);
  const is_gone = states.every((state) => state === 'exited' || state === 'unknown');
  return is_gone ? ['cross', 'bad', 'The platform is stopped: no process of it runs.'] : null;
}

/** Before the first ride there is nothing to look at. */
function no_rides(ctx) {
  const { lanes, traffic } = ctx.frame;
  if (lanes.log.requested + lanes.chain.requested > 0 || traffic.rate > 0) return null;
  const start = ['Start 40 rides/s', () => ctx.actions.traffic({ rate: 40 })];
  return ['circle', 'wait', 'No rides yet.', ctx.can_touch ? start : null];
}

function found(ctx) {
  const all = [of_connection[ctx.conn]?.(ctx), of_mode[ctx.mode]?.(ctx)];
  if (ctx.frame) all.push(no_platform(ctx), no_rides(ctx));
  const looks_only = ctx.frame && !ctx.can_touch && ctx.mode !== 'replaying';
  if (looks_only && ctx.conn !== 'lost') all.push(['lock', 'none', ctx.why_not]);
  if (ctx.state.slow) {
    const move = ['Move again', () => ctx.set({ slow: false })];
    all.push(['slow', 'slow', 'This browser is slow: motion is off.', move]);
  }
  const { notice } = ctx.state;
  if (notice) {
    const close = ['Close', () => ctx.set({ notice: null })];
    all.push([notice.icon, notice.hue, notice.text, close]);
  }
  return all.filter(Boolean);
}

function banner([picture, hue, text, button]) {
  return html`<p class="banner" data-hue=${hue}>
    ${icon(picture)}<span>${text}</span>
    ${button ? html`<button class="small" @click=${button[1]}>${button[0]}</button>` : nothing}
  </p>`;
}

export const banners = (ctx) =>
  html`<section class="banners" aria-label="Notices">${found(ctx).map(banner)}</section>`;
