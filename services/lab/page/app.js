// Starts the page: the stream's frames go into the model, the model and the page's own state into
// ctx, and ctx into every panel that is shown. Needs a browser; what decides is in the modules
// that it connects.

import { render } from './vendor/lit-html/lit-html.js';
import { OneStream, Stream, conn_of, make_actions, open_session, why_not_of } from './lab.js';
import { drawers, layout, tabs } from './layout.js';
import { Model } from './model.js';
import { Places, start_canvases } from './places.js';

const AGE_MS = 1000;
const HIDDEN_MS = 30000; // a tab that nobody sees for so long reads no frames
const first_panels = ['faults', 'city', 'lanes', 'time'];
const begin = { tab: tabs[0], drawer: null, focus: null }; // what needs no word in the address
const root = document.documentElement;
const now = () => performance.now();
const ask = (...request) => fetch(...request);
const timers = {
  set_timeout: (...timer) => setTimeout(...timer),
  clear_timeout: (timer) => clearTimeout(timer),
};

const model = new Model();
const places = new Places(draw_soon);
let shown = model; // another one while the display is paused or replays
let mode = 'live';
let frame_at = null; // when the newest frame came, on this page's clock
const began_at = now();
let is_full = false;
let may_change = false;
let due = null; // since the last drawing: "frame", nothing but a frame came; "all"
let is_drawn_soon = false;
let keys = null; // ./keys.js, once it is there
const { draw_canvases, is_moving } = start_canvases({ places, set, draw_if_due });

const reduced = matchMedia('(prefers-reduced-motion: reduce)');
const offline = new URLSearchParams(location.search).get('frames');
const state = {
  ...begin, // the tab, what is open below, the id of the ride in focus
  notice: null,
  still: false, // the user wants no motion
  slow: false, // the browser cannot
  theme: null,
  presenter: false,
};

function set(patch) {
  Object.assign(state, patch);
  for (const id of [state.tab, state.drawer]) if (id) places.load(id);
  draw_soon();
  const is_usual = Object.keys(begin).every((name) => state[name] === begin[name]);
  if (!is_usual || location.hash !== '') keep_address();
}

const actions = make_actions({
  fetch: ask,
  origin: location.origin,
  on_refused: () => set_may_change(false),
});

/** What every view gets; see the head of each panel for what it keeps in `state`. */
function make_ctx() {
  const age_ms = now() - (frame_at ?? began_at);
  const is_offline = offline !== null;
  const conn = conn_of({ is_offline, is_full, frame: model.frame, age_ms });
  const why_not = why_not_of({ conn, mode, may_change });
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
    pause: async () => (await time_does('pause')) || show(model.copy(), 'paused'),
    resume: async () => (await time_does('go_live')) || show(null),
    toggle: async () =>
      (await time_does('toggle')) || show(mode === 'live' ? model.copy() : null, 'paused'),
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

/** The panel of time keeps frames, and knows what else can be shown. False: it cannot. */
async function time_does(what) {
  try {
    return await places.panels.get('time')[what](make_ctx());
  } catch {
    return false; // it is not there, and a lab that does not answer has no more of it
  }
}

const stopped_words = (faults) =>
  faults === 0 ? 'No fault was on.' : `Stopped: ${faults} ${faults === 1 ? 'fault' : 'faults'}.`;

async function stop_all() {
  const ended = await actions.stop_all();
  const notice = ended.ok
    ? { icon: 'check', hue: 'ok', text: stopped_words(ended.value.reverted) }
    : { icon: 'alert', hue: 'bad', text: `Not stopped: ${ended.problem.detail}` };
  set({ notice });
}

async function help() {
  const { show_help } = await import('./help.js');
  show_help([...places.panels.values()].filter(Boolean));
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
  const is_frame = due === 'frame';
  due = null;
  const ctx = make_ctx();
  mark_root(ctx);
  render(layout(ctx), document.getElementById('page'));
  places.draw(ctx, is_frame);
  draw_canvases(ctx);
}

function draw_soon() {
  due = 'all';
  draw_next();
}

function draw_next() {
  if (is_drawn_soon) return;
  is_drawn_soon = true;
  requestAnimationFrame(() => {
    is_drawn_soon = false;
    draw_if_due();
  });
}

function draw_if_due() {
  if (due !== null) draw();
}

/** Frames are shown with the next picture of what moves; what a user does is shown at once. */
function show_frame() {
  due ??= 'frame';
  if (!is_moving()) draw_next();
}

const stream = new OneStream({
  ...timers,
  make_stream: (on) => new Stream({ ...timers, fetch: ask, on }),
  locks: navigator.locks,
  channel: navigator.locks ? new BroadcastChannel('hail-lab') : null,
  on: {
    text: (text) => take(JSON.parse(text), text),
    full: () => {
      is_full = true;
      draw_soon();
    },
  },
});

function take(frame, text) {
  const kind = model.take(frame);
  if (kind === 'old') return;
  places.panels.get('time')?.record?.(text, frame);
  frame_at = now();
  is_full = false;
  if (kind === 'new run') begin_again(frame);
  show_frame();
}

/** Ages rise where no frame comes. */
function show_age() {
  if (now() - (frame_at ?? began_at) > AGE_MS) draw_soon();
}

/** The lab was started again: nothing from before counts, not even the session. */
function begin_again({ run }) {
  if (mode !== 'replaying') make_ctx().resume();
  const text = `A new run: the lab was started again, as ${run}.`;
  set({ focus: null, notice: { icon: 'alert', hue: 'wait', text } });
  open_session(actions, null).then(set_may_change);
}

function set_may_change(value) {
  may_change = value;
  draw_soon();
}

/** A tab that nobody sees for a while reads no frames; it begins again when it is seen. */
function follow_visibility() {
  let timer = null;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => stream.close(), HIDDEN_MS);
    else stream.open();
    draw_soon();
  });
}

/** The key after "#", which then leaves the address; nothing: there is none. */
function take_key() {
  const found = /^#k=([0-9a-f]+)$/.exec(location.hash);
  if (found) history.replaceState(null, '', location.pathname + location.search);
  return found?.[1];
}

/** A link with a key that is opened where the page is open already loads nothing. */
function follow_links() {
  addEventListener('hashchange', () => {
    const key = take_key();
    if (key) open_session(actions, key).then(set_may_change);
  });
}

async function start() {
  const key = take_key();
  document.getElementById('page').replaceChildren();
  draw();
  for (const id of first_panels) places.load(id);
  if (location.hash === '') places.load(state.tab);
  else follow_address();
  addEventListener('keydown', on_key);
  if (offline !== null) return load_offline();
  stream.open();
  follow_visibility();
  follow_links();
  setInterval(show_age, AGE_MS);
  set_may_change(await open_session(actions, key));
}

/** ?frames=FILE: a recording is looked at without a lab. */
async function load_offline() {
  await places.load('time');
  places.panels.get('time')?.open?.(offline, make_ctx());
}

/** The address says what is seen, from the first time that it is another thing than usual. */
async function keep_address() {
  const { hash_of } = await import('./address.js');
  const hash = hash_of(state, { tabs });
  if (hash === location.hash) return;
  history.replaceState(null, '', location.pathname + location.search + hash);
}

async function follow_address() {
  const { state_of } = await import('./address.js');
  set(state_of(location.hash, { tabs, drawers }));
}

/** Keys are loaded with the first one that is pressed. */
async function on_key(event) {
  keys ??= await import('./keys.js');
  keys.press(event, { make_ctx, places, tabs });
}

start();
