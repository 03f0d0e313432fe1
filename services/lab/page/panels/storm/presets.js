// Storms that are ready to begin, and the order of one. Needs nothing: pure data and functions.

export const presets = [
  {
    name: 'Drizzle',
    what: 'one slow thing at a time',
    minutes: 0.25,
    at_once: 1,
    kinds: ['slow', 'latency', 'store_lock'],
  },
  {
    name: 'Shower',
    what: 'processes die and freeze',
    minutes: 0.5,
    at_once: 2,
    kinds: ['kill', 'restart', 'freeze'],
  },
  {
    name: 'Torn wires',
    what: 'links, in every way',
    minutes: 0.5,
    at_once: 2,
    kinds: ['latency', 'bandwidth', 'timeout', 'reset_peer', 'slicer', 'limit_data'],
  },
  {
    name: 'Hail',
    what: 'thirty SIGKILLs, the log among them',
    kills: 30,
    minutes: 0.5,
    at_once: 2,
    kinds: [],
  },
  { name: 'Everything', what: 'all kinds, three at once', minutes: 1, at_once: 3, kinds: [] },
];

/** What POST /api/storms takes. */
export function order_of({ preset, seed, minutes, at_once, rate }) {
  const { kinds, kills } = presets.find((one) => one.name === preset) ?? presets[0];
  const order = { seed, minutes, at_once, rate };
  if (kinds.length > 0) order.kinds = kinds;
  if (kills) order.kills = kills;
  return order;
}
