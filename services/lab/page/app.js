// Starts the page: the stream's frames go into the model, the model and the page's own state into
// ctx, and ctx into every panel that is shown. Needs a browser; what decides is in the modules
// that it connects.

import { html, render } from './vendor/lit-html/lit-html.js';
import { make_actions, open_session } from './actions.js';
import { drawers, layout, tabs } from './layout.js';
import { Model } from './model.js';
import { OneStream } from './one_stream.js';
import { Stream } from './stream.js';

const root = document.documentElement;
const now = () => performance.now();
const hidden_ms = 30000;
const first_panels = ['faults', 'city', 'lanes', 'time'];

const model = new Model();
const panels = new Map(); // by id; null while it is loaded, and where there is none
let shown = model; // another one while the display is paused or replays
let mode = 'live';
let frame_at = null; // when the newest frame came, on this page's clock
let began_at = now();
let is_full = false;
let may_change = false;
let is_asked = false; // to draw

const reduced = matchMedia('(prefers-reduced-motion: reduce)');
const state = {
  tab: 'services',
  drawer: null,
  focus: null,
  notice: null,
  slow: false,
  still: false,
};
const offline = new URLSearchParams(location.search).get('frames');

function set(patch) {
  Object.assign(state, patch);
  for (const id of [state.tab, state.drawer]) if (id) load(id);
  draw_soon();
}

function conn_of(age_ms) {
  if (offline !== null) return 'none';
  if (is_full && age_ms > 2000) return 'full';
  if (frame_at === null) return age_ms > 8000 ? 'lost' : 'loading';
  if (age_ms > 8000) return 'lost';
  if (age_ms > 2000) return 'reconnecting';
  return model.frame.lag_known === false ? 'unreachable' : 'live';
}

function why_not_of(conn) {
  if (mode === 'replaying') return 'A recording is shown: nothing can be changed.';
  if (conn === 'lost' || conn === 'full') return 'The lab does not answer: nothing can be changed.';
  if (!may_change) return 'You look only. Open the link that ./demo printed to touch things.';
  return '';
}

const actions = make_actions({
  fetch: (...request) => fetch(...request),
  origin: location.origin,
  on_refused: () => {
    may_change = false;
    draw_soon();
  },
});

/** What every view gets; see the head of each panel for what it keeps in `state`. */
function make_ctx() {
  const age_ms = now() - (frame_at ?? began_at);
  const conn = conn_of(age_ms);
  const why_not = why_not_of(conn);
  return {
    frame: shown.frame,
    previous: shown.previous,
    now_ms: shown.frame?.t_ms ?? 0,
    history: shown.history,
    rides: shown.rides,
    run: shown.frame?.run ?? '',
    newer: (model.frame?.seq ?? 0) - (shown.frame?.seq ?? 0),
    conn,
    age_ms,
    mode,
    can_touch: why_not === '',
    why_not,
    reduced_motion: reduced.matches || state.still || state.slow,
    state,
    set,
    actions,
    pause: () => show(model.copy(), 'paused'),
    resume: () => show(null),
    show,
    stop_all,
    help,
  };
}

/** Shows `other` in place of what happens now; null: what happens now. */
function show(other, how = 'replaying') {
  shown = other ?? model;
  mode = other === null ? 'live' : how;
  draw_soon();
}

async function stop_all() {
  const ended = await actions.stop_all();
  const notice = ended.ok
    ? { icon: 'check', hue: 'ok', text: `Stopped: ${ended.value.reverted} faults were on.` }
    : { icon: 'alert', hue: 'bad', text: `Not stopped: ${ended.problem.detail}` };
  set({ notice });
}

async function help() {
  const { show_help } = await import('./help.js');
  show_help([...panels.values()].filter(Boolean));
}

async function load(id) {
  if (panels.has(id)) return;
  panels.set(id, null);
  try {
    const { panel } = await import(`./panels/${id}.js`);
    panels.set(id, panel);
  } catch (failure) {
    console.warn(`there is no panel ${id}: ${failure}`);
  }
  draw_soon();
}

const place_of = (id) => document.querySelector(`#page [data-panel="${id}"]`);
const is_shown = (id) => panels.get(id) && !place_of(id).hidden;

function draw_panel(id, ctx) {
  if (!is_shown(id)) return;
  try {
    render(panels.get(id).view(ctx), place_of(id));
  } catch (failure) {
    console.error(failure);
    render(
      html`<p class="banner" data-hue="bad">This part failed: ${String(failure)}</p>`,
      place_of(id),
    );
  }
}

/** For styles and for tests: what state the page is in. */
function mark_root(ctx) {
  const marks = {
    conn: ctx.conn,
    mode,
    run: ctx.run,
    seq: ctx.frame?.seq ?? 0,
    touch: ctx.can_touch ? 'yes' : 'no',
    motion: ctx.reduced_motion ? 'still' : 'moving',
    presenter: state.presenter ? 'yes' : 'no',
    theme: state.theme ?? 'system',
  };
  for (const [name, value] of Object.entries(marks)) {
    if (root.dataset[name] !== String(value)) root.dataset[name] = value;
  }
}

function draw() {
  is_asked = false;
  const ctx = make_ctx();
  mark_root(ctx);
  render(layout(ctx), document.getElementById('page'));
  for (const id of panels.keys()) draw_panel(id, ctx);
  after_draw(ctx);
}

function draw_soon() {
  if (is_asked) return;
  is_asked = true;
  requestAnimationFrame(draw);
}

let after_draw = () => {}; // canvases and the address, as soon as they are loaded

const timers = {
  set_timeout: (...timer) => setTimeout(...timer),
  clear_timeout: (timer) => clearTimeout(timer),
};
const stream = new OneStream({
  ...timers,
  make_stream: (on) => new Stream({ ...timers, fetch: (...request) => fetch(...request), on }),
  locks: navigator.locks,
  channel: navigator.locks ? new BroadcastChannel('hail-lab') : null,
  on: {
    text: (text) => take(JSON.parse(text)),
    full: () => {
      is_full = true;
      draw_soon();
    },
  },
});

/** A tab that nobody sees for a while reads no frames; it begins again when it is seen. */
function follow_visibility() {
  let timer = null;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => stream.close(), hidden_ms);
    else stream.open();
    draw_soon();
  });
}

function take(frame) {
  const kind = model.take(frame);
  if (kind === 'old') return;
  frame_at = now();
  is_full = false;
  if (kind === 'new run') {
    show(null);
    set({
      focus: null,
      notice: {
        icon: 'alert',
        hue: 'wait',
        text: `A new run: the lab was started again, as ${frame.run}.`,
      },
    });
    open_session(actions, null).then(set_may_change);
  }
  draw_soon();
}

function set_may_change(value) {
  may_change = value;
  draw_soon();
}

async function start() {
  const found = /^#k=([0-9a-f]+)$/.exec(location.hash);
  if (found) history.replaceState(null, '', location.pathname + location.search);
  document.getElementById('page').replaceChildren();
  draw();
  for (const id of first_panels) load(id);
  set({});
  if (offline !== null) return load_offline();
  stream.open();
  follow_visibility();
  setInterval(draw_soon, 1000); // ages rise where no frame comes
  set_may_change(await open_session(actions, found?.[1]));
}

/** ?frames=FILE: a recording is looked at without a lab. */
async function load_offline() {
  await load('time');
  panels.get('time')?.open?.(offline, make_ctx());
}

/** What is not needed for the first picture. */
addEventListener('load', async () => {
  const late = ['canvases', 'keys', 'address'].map((name) => import(`./${name}.js`));
  const [{ start_canvases }, { start_keys }, { state_of, hash_of }] = await Promise.all(late);
  const panel_keys = () =>
    [...panels].flatMap(([id, one]) => (is_shown(id) ? (one.keys ?? []) : []));
  start_keys({ make_ctx, panel_keys, tabs });
  set(state_of(location.hash, { tabs, drawers }));
  const draw_canvases = start_canvases({ panels, is_shown, place_of, set });
  after_draw = (ctx) => {
    draw_canvases(ctx);
    const hash = hash_of(state, { tabs });
    if (hash !== location.hash) {
      history.replaceState(null, '', location.pathname + location.search + hash);
    }
  };
  draw_soon();
});

start();
