// The part of the page's state that is worth sharing, in its address after "#": the tab, what is
// open below, the ride in focus. Pure; the shell reads and writes the address.

const ride_id = /^[0-9a-f-]{8,64}$/;

/** "tab=log&ride=…" as a patch of the state; what is unknown is passed over. */
export function state_of(hash, { tabs, drawers }) {
  const words = new URLSearchParams(hash.replace(/^#/, ''));
  const patch = {};
  if (tabs.includes(words.get('tab'))) patch.tab = words.get('tab');
  if (drawers.includes(words.get('open'))) patch.drawer = words.get('open');
  if (ride_id.test(words.get('ride') ?? '')) patch.focus = words.get('ride');
  return patch;
}

/** The same back: empty for the page as it begins. */
export function hash_of({ tab, drawer, focus }, { tabs }) {
  const words = new URLSearchParams();
  if (tab !== tabs[0]) words.set('tab', tab);
  if (drawer) words.set('open', drawer);
  if (focus) words.set('ride', focus);
  return words.size === 0 ? '' : `#${words}`;
}
