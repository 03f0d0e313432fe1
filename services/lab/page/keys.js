// The keys of the page: its own and those of the panels that are shown. Needs the shell's ctx; a
// key that is typed into a field is the field's.

const TWICE_MS = 600;

/** The page's own keys: {key, what, run(ctx)}. */
export const shell_keys = [
  {
    key: ' ',
    name: 'Space',
    what: 'pause the display, go on',
    run: (ctx) => (ctx.mode === 'live' ? ctx.pause() : ctx.resume()),
  },
  { key: 'Escape', name: 'Esc Esc', what: 'stop all faults', run: null },
  { key: '?', name: '?', what: 'this list', run: (ctx) => ctx.help() },
  {
    key: 'm',
    name: 'm',
    what: 'motion on or off',
    run: (ctx) => ctx.set({ still: !ctx.state.still }),
  },
];

function tab_keys(tabs) {
  return tabs.map((id, at) => ({
    key: String(at + 1),
    name: String(at + 1),
    what: `the tab ${id}`,
    run: (ctx) => ctx.set({ tab: id }),
  }));
}

const is_field = (element) =>
  element.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(element.tagName);

/** Space presses the button that has the focus. */
const is_button = (element) => ['BUTTON', 'SUMMARY', 'A'].includes(element.tagName);

export function start_keys({ make_ctx, panels, is_shown, tabs }) {
  let escaped_at = -TWICE_MS;

  function on_escape(event) {
    if (document.querySelector('dialog[open]')) return; // it closes that
    if (event.timeStamp - escaped_at < TWICE_MS) {
      const ctx = make_ctx();
      if (ctx.can_touch) ctx.stop_all();
      else ctx.set({ notice: { icon: 'lock', hue: 'slow', text: ctx.why_not } });
      escaped_at = -TWICE_MS;
    } else {
      escaped_at = event.timeStamp;
    }
  }

  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === 'Escape') return on_escape(event);
    if (is_field(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === ' ' && is_button(event.target)) return;
    const shown = [...panels]
      .filter(([id]) => is_shown(id))
      .flatMap(([, panel]) => panel.keys ?? []);
    const found = [...shell_keys, ...tab_keys(tabs), ...shown].find((one) => one.key === event.key);
    if (!found?.run) return;
    event.preventDefault();
    found.run(make_ctx());
  });
}

export const all_keys = (tabs) => [...shell_keys, ...tab_keys(tabs)];
