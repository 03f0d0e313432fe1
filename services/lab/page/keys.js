// The keys of the page: its own and those of the panels that are shown. Needs the shell's ctx; a
// key that is typed into a field is the field's.

const TWICE_MS = 600;
const themes = [null, 'dark', 'light']; // null: the system's

async function present(ctx) {
  const { next_step } = await import('./presenter.js');
  return next_step(ctx);
}

function next_theme(ctx) {
  const at = themes.indexOf(ctx.state.theme);
  ctx.set({ theme: themes[(at + 1) % themes.length] });
}

/** The page's own keys: {key, name, what, run(ctx)}. */
export const shell_keys = [
  {
    key: ' ',
    name: 'Space',
    what: 'pause the display, or go on',
    run: (ctx) => ctx.toggle(),
  },
  { key: 'Escape', name: 'Esc Esc', what: 'stop all faults', run: null },
  { key: '?', name: '?', what: 'this list', run: (ctx) => ctx.help() },
  {
    key: 'p',
    name: 'p',
    what: 'big type, for a class',
    run: (ctx) => ctx.set({ presenter: !ctx.state.presenter }),
  },
  { key: '.', name: '.', what: 'the next step of the story', run: present },
  {
    key: 'm',
    name: 'm',
    what: 'motion on or off',
    run: (ctx) => ctx.set({ still: !ctx.state.still }),
  },
  { key: 't', name: 't', what: 'dark, light, as the system has it', run: next_theme },
];

function tab_keys(tabs) {
  return tabs.map((id, at) => ({
    key: String(at + 1),
    name: String(at + 1),
    what: `the tab ${id}`,
    run: (ctx) => ctx.set({ tab: id }),
  }));
}

export const all_keys = (tabs) => [...shell_keys, ...tab_keys(tabs)];

const is_field = (element) =>
  element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName);

/** Space and Enter press what has the focus. */
const is_pressed = (element) => ['BUTTON', 'SUMMARY', 'A'].includes(element.tagName);

let escaped_ms = -TWICE_MS;

/** Whether this was the second Escape within a short time. */
function is_second_escape(now_ms) {
  const is_second = now_ms - escaped_ms < TWICE_MS;
  escaped_ms = is_second ? -TWICE_MS : now_ms;
  return is_second;
}

function stop_all(ctx) {
  if (ctx.can_touch) ctx.stop_all();
  else ctx.set({ notice: { icon: 'lock', hue: 'slow', text: ctx.why_not } });
}

/** A key was pressed; a panel's keys count while it is seen. */
export function press(event, { make_ctx, places, tabs }) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (document.querySelector('dialog[open]')) return; // Escape closes it
  if (event.key === 'Escape') {
    if (is_second_escape(event.timeStamp)) stop_all(make_ctx());
    return;
  }
  if (is_field(event.target) || (event.key === ' ' && is_pressed(event.target))) return;
  const of_panels = places.shown().flatMap(([, panel]) => panel.keys ?? []);
  const found = [...all_keys(tabs), ...of_panels].find((one) => one.key === event.key);
  if (!found?.run) return;
  event.preventDefault();
  found.run(make_ctx());
}
