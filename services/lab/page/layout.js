// The frame of the page: top bar, banners for what is out of the ordinary, and the places in which
// panels are shown. Pure: from ctx to a template; the shell fills the places.

import { html, nothing } from './vendor/lit-html/lit-html.js';
import { icon } from './icons.js';
import { count, short, span } from './words.js';

export const tabs = ['services', 'log', 'blast', 'lessons', 'experiments'];
export const drawers = ['passport', 'letters', 'audit', 'storm'];

const conn_words = {
  loading: 'loading',
  live: 'live',
  reconnecting: 'reconnecting',
  lost: 'connection lost',
  full: 'too many viewers',
  unreachable: 'live',
  none: 'a recording',
};

function conn_view(ctx) {
  const shown = ctx.mode === 'live' ? conn_words[ctx.conn] : ctx.mode;
  const age = ctx.frame && ctx.mode === 'live' ? html` <span class="dim">${span(ctx.age_ms)} ago</span>` : nothing;
  return html`<p class="conn" data-mode=${ctx.mode}>${icon('live')}<span>${shown}</span>${age}</p>`;
}

function rate_view(ctx) {
  const rate = ctx.frame?.traffic.rate ?? 0;
  const set_rate = (next) => ctx.actions.traffic({ rate: Math.max(0, next) });
  return html`<div class="row" role="group" aria-label="Riders">
    <span>rides <output class="number">${short(rate)}/s</output></span>
    <button class="small" ?disabled=${!ctx.can_touch || rate <= 0} title=${ctx.why_not}
      aria-label="Fewer rides" @click=${() => set_rate(rate - 10)}>−</button>
    <button class="small" ?disabled=${!ctx.can_touch} title=${ctx.why_not}
      aria-label="More rides" @click=${() => set_rate(rate + 10)}>+</button>
  </div>`;
}

function top_view(ctx) {
  const run = ctx.frame ? html`<p class="dim run">run <span class="code">${ctx.frame.run}</span></p>` : nothing;
  const is_live = ctx.mode === 'live';
  return html`<header class="top">
    <h1 class="brand">${icon('fault')}<span>Hailstorm</span></h1>
    ${conn_view(ctx)} ${run}
    <span class="spring"></span>
    ${rate_view(ctx)}
    <button @click=${is_live ? ctx.pause : ctx.resume} aria-keyshortcuts="Space">
      ${icon(is_live ? 'pause' : 'play')}<span>${is_live ? 'Pause' : 'Go live'}</span></button>
    <button aria-pressed=${ctx.state.drawer === 'storm'} @click=${() => toggle_drawer(ctx, 'storm')}>
      ${icon('storm')}<span>Storm…</span></button>
    <button class="danger" ?disabled=${!ctx.can_touch} title=${ctx.why_not || 'Esc Esc'}
      data-action="stop-all" @click=${ctx.stop_all} aria-keyshortcuts="Escape Escape">
      ${icon('stop')}<span>Stop all faults</span></button>
    <button aria-label="Help and keys" aria-keyshortcuts="?" @click=${ctx.help}>${icon('help')}</button>
  </header>`;
}

/** Texts for what is out of the ordinary; each with an icon, and a button where one helps. */
function banners_of(ctx) {
  const banners = [];
  const { conn, mode } = ctx;
  if (conn === 'loading') banners.push(['starting', 'wait', 'Waiting for the first frame of the lab…']);
  if (conn === 'reconnecting')
    banners.push(['starting', 'slow', `No frame for ${span(ctx.age_ms)}: reconnecting.`]);
  if (conn === 'lost')
    banners.push(['alert', 'slow', ctx.frame
      ? `The lab does not answer. What you see is ${span(ctx.age_ms)} old, and nothing can be changed. This page asks again every second.`
      : 'The lab does not answer. Is it running? This page asks again every second.']);
  if (conn === 'full')
    banners.push(['lock', 'slow', 'Too many viewers: the lab has no place for one more. This page asks again every 10 s; close another page that shows it.']);
  if (conn === 'unreachable')
    banners.push(['unknown', 'slow', 'The broker does not answer: lag and offsets are as last known. Faults can still be injected and ended.']);
  if (mode === 'paused')
    banners.push(['pause', 'wait', `Paused. ${count(ctx.behind)} frames behind.`, ['Jump to now', ctx.resume]]);
  if (mode === 'replaying')
    banners.push(['play', 'orphan', 'A recording is shown: nothing here happens now, and nothing can be changed.', conn === 'none' ? null : ['Back to now', ctx.resume]]);
  if (ctx.frame && !ctx.can_touch && mode !== 'replaying' && conn !== 'lost')
    banners.push(['lock', 'none', ctx.why_not]);
  if (ctx.state.slow)
    banners.push(['slow', 'slow', 'This browser is slow: motion is off.', ['Move again', () => ctx.set({ slow: false })]]);
  const notice = ctx.state.notice;
  if (notice) banners.push([notice.icon, notice.hue, notice.text, ['Close', () => ctx.set({ notice: null })]]);
  return banners;
}

function banner_view([picture, hue, text, button]) {
  return html`<p class="banner" data-hue=${hue}>${icon(picture)}<span>${text}</span>
    ${button ? html`<button class="small" @click=${button[1]}>${button[0]}</button>` : nothing}</p>`;
}

/** A place that the shell fills with the panel's own view. */
function place(id, title) {
  return html`<section class="panel" data-panel=${id} aria-label=${title}></section>`;
}

export function toggle_drawer(ctx, id) {
  ctx.set({ drawer: ctx.state.drawer === id ? null : id });
}

const titles = {
  services: 'Services', log: 'Log', blast: 'Blast', lessons: 'Lessons', experiments: 'Experiments',
  passport: 'Passport', letters: 'Dead letters', audit: 'Audit', storm: 'Storm',
};
const drawer_icons = { passport: 'passport', letters: 'letter', audit: 'audit', storm: 'storm' };

function on_tab_key(event, ctx) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation(); // arrows step through time elsewhere
  const at = tabs.indexOf(ctx.state.tab);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  ctx.set({ tab: next });
  event.currentTarget.querySelector(`#tab-${next}`).focus();
}

function tabs_view(ctx) {
  const { tab } = ctx.state;
  return html`<div class="tabs" role="tablist" aria-label="What to look at"
      @keydown=${(event) => on_tab_key(event, ctx)}>
    ${tabs.map((id) => html`<button role="tab" id=${`tab-${id}`} aria-controls="tab-panel"
      aria-selected=${id === tab} tabindex=${id === tab ? 0 : -1}
      @click=${() => ctx.set({ tab: id })}>${titles[id]}</button>`)}
  </div>
  <div class="tab-panel" role="tabpanel" id="tab-panel" aria-labelledby=${`tab-${tab}`} tabindex="0">
    ${tabs.map((id) => html`<section class="panel" data-panel=${id} ?hidden=${id !== tab}></section>`)}
  </div>`;
}

function drawers_view(ctx) {
  const { drawer } = ctx.state;
  return html`<nav class="drawers" aria-label="More">
    ${drawers.map((id) => html`<button class="quiet" data-drawer=${id} aria-expanded=${id === drawer}
      @click=${() => toggle_drawer(ctx, id)}>${icon(drawer_icons[id])}<span>${titles[id]}</span></button>`)}
  </nav>
  <div class="drawer" ?hidden=${drawer === null}>
    ${drawers.map((id) => html`<section class="panel" data-panel=${id} aria-label=${titles[id]}
      ?hidden=${id !== drawer}></section>`)}
  </div>`;
}

export function layout(ctx) {
  return html`${top_view(ctx)}
    <div class="banners" role="status">${banners_of(ctx).map(banner_view)}</div>
    ${place('faults', 'Faults')}
    <main class="columns">
      ${place('city', 'City')} ${place('lanes', 'Lanes')}
      <div class="right">${tabs_view(ctx)}</div>
    </main>
    ${drawers_view(ctx)} ${place('time', 'Time')}`;
}
