// The frame of the page: top bar, banners for what is out of the ordinary, and the places in which
// panels are shown. Pure: from ctx to a template; the shell fills the places.

import { html, nothing } from './vendor/lit-html/lit-html.js';
import { count, icon, short, span } from './words.js';

export const tabs = ['services', 'log', 'blast', 'lessons', 'experiments'];
export const drawers = ['passport', 'letters', 'audit', 'storm'];

const titles = {
  services: 'Services',
  log: 'Log',
  blast: 'Blast',
  lessons: 'Lessons',
  experiments: 'Experiments',
  passport: 'Passport',
  letters: 'Dead letters',
  audit: 'Audit',
  storm: 'Storm',
};
const drawer_icons = { passport: 'passport', letters: 'letter', audit: 'audit' };
const rate_step = 10; // rides per second
const FRESH_MS = 1000; // a frame that is younger is of now

const conn_words = {
  loading: 'loading',
  live: 'live',
  reconnecting: 'reconnecting',
  lost: 'connection lost',
  full: 'too many viewers',
  unreachable: 'live, without the broker',
  none: 'a recording',
};

/** In a word: what is seen, and of when. */
function conn_view(ctx) {
  const is_live = ctx.mode === 'live';
  const word = is_live ? conn_words[ctx.conn] : ctx.mode;
  const words = ctx.age_ms < FRESH_MS ? 'now' : `${span(ctx.age_ms)} ago`;
  const age = html` <span class="dim number">${words}</span>`;
  return html`<p class="conn" data-mode=${ctx.mode}>
    ${icon('live')}<span role="status">${word}</span>${ctx.frame && is_live ? age : nothing}
  </p>`;
}

function run_view(ctx) {
  return ctx.frame ? html`<p class="dim">run <span class="code">${ctx.run}</span></p>` : nothing;
}

function rate_view(ctx) {
  const rate = ctx.frame?.traffic.rate ?? 0;
  const set_rate = (next) => ctx.actions.traffic({ rate: Math.max(0, next) });
  return html`<div class="row" role="group" aria-label="Riders">
    <span>rides <output class="number" data-rate=${rate}>${short(rate)}/s</output></span>
    <button
      class="small"
      aria-label="Fewer rides"
      title=${ctx.why_not}
      ?disabled=${!ctx.can_touch || rate <= 0}
      @click=${() => set_rate(rate - rate_step)}
    >−</button>
    <button
      class="small"
      aria-label="More rides"
      title=${ctx.why_not}
      ?disabled=${!ctx.can_touch}
      @click=${() => set_rate(rate + rate_step)}
    >+</button>
  </div>`;
}

function pause_view(ctx) {
  const is_live = ctx.mode === 'live';
  return html`<button @click=${is_live ? ctx.pause : ctx.resume} aria-keyshortcuts="Space">
    ${icon(is_live ? 'pause' : 'play')}<span>${is_live ? 'Pause' : 'Go live'}</span>
  </button>`;
}

function stop_view(ctx) {
  return html`<button
    class="danger"
    data-action="stop-all"
    aria-keyshortcuts="Escape Escape"
    title=${ctx.why_not || 'Esc Esc'}
    ?disabled=${!ctx.can_touch}
    @click=${ctx.stop_all}
  >${icon('stop')}<span>Stop all faults</span></button>`;
}

function top_view(ctx) {
  return html`<header class="top">
    <h1 class="brand">${icon('fault')}<span>Hailstorm</span></h1>
    ${conn_view(ctx)} ${run_view(ctx)}
    <span class="spring"></span>
    ${rate_view(ctx)} ${pause_view(ctx)}
    <button
      aria-pressed=${ctx.state.drawer === 'storm'}
      @click=${() => toggle_drawer(ctx, 'storm')}
    >${icon('storm')}<span>Storm…</span></button>
    ${stop_view(ctx)}
    <button aria-label="Help and keys" aria-keyshortcuts="?" @click=${ctx.help}>
      ${icon('help')}
    </button>
  </header>`;
}

// Banners: a line for each thing that is out of the ordinary: no lab, a pause, a session that is
// missing.

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

const banners = (ctx) =>
  html`<section class="banners" aria-label="Notices">${found(ctx).map(banner)}</section>`;

/** A place that the shell fills with the panel's own view. */
function place(id, title) {
  return html`<section class="panel" data-panel=${id} aria-label=${title}></section>`;
}

export function toggle_drawer(ctx, id) {
  ctx.set({ drawer: ctx.state.drawer === id ? null : id });
}

/** Arrows go from tab to tab, as in every list of tabs. */
function on_tab_key(event, ctx) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation(); // elsewhere arrows step through time
  const at = tabs.indexOf(ctx.state.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  ctx.set({ tab: next });
  event.currentTarget.querySelector(`#tab-${next}`).focus();
}

function tab_view(ctx, id) {
  const is_shown = id === ctx.state.tab;
  return html`<button
    role="tab"
    id=${`tab-${id}`}
    aria-controls="tab-panel"
    aria-selected=${is_shown}
    tabindex=${is_shown ? 0 : -1}
    @click=${() => ctx.set({ tab: id })}
  >${titles[id]}</button>`;
}

function tabs_view(ctx) {
  const { tab } = ctx.state;
  const on_key = (event) => on_tab_key(event, ctx);
  return html`<div class="right">
    <div class="tabs" role="tablist" aria-label="What to look at" @keydown=${on_key}>
      ${tabs.map((id) => tab_view(ctx, id))}
    </div>
    <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${tab}`}>
      ${tabs.map(
        (id) => html`<section class="panel" data-panel=${id} ?hidden=${id !== tab}></section>`,
      )}
    </div>
  </div>`;
}

function drawer_button(ctx, id) {
  return html`<button
    class="quiet"
    data-drawer=${id}
    aria-expanded=${id === ctx.state.drawer}
    @click=${() => toggle_drawer(ctx, id)}
  >${icon(drawer_icons[id])}<span>${titles[id]}</span></button>`;
}

function drawers_view(ctx) {
  const { drawer } = ctx.state;
  return html`<nav class="drawers" aria-label="More to look at">
      ${drawers.map((id) => (id === 'storm' ? nothing : drawer_button(ctx, id)))}
    </nav>
    <div class="drawer" ?hidden=${drawer === null}>
      ${drawers.map(
        (id) => html`<section
          class="panel"
          data-panel=${id}
          aria-label=${titles[id]}
          ?hidden=${id !== drawer}
        ></section>`,
      )}
    </div>`;
}

export function layout(ctx) {
  return html`${top_view(ctx)} ${banners(ctx)} ${place('faults', 'Faults')}
    <main class="columns">
      ${place('city', 'City')} ${place('lanes', 'Lanes')} ${tabs_view(ctx)}
    </main>
    ${drawers_view(ctx)} ${place('time', 'Time')}`;
}
