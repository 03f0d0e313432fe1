// What a fault is called on a button and on a chip, which ones a target can take, and what is asked
// of the lab for one. Needs the answer of GET /api/fault-kinds; pure functions.

// [on its button, once it is on, what it does]
const WORDS = {
  kill: ['Kill', 'killed', 'SIGKILL: it stays down until the time is over'],
  restart: ['Restart', 'restarted', 'SIGTERM, and a start at once'],
  freeze: ['Freeze', 'frozen', 'SIGSTOP: it keeps its connections and answers nothing'],
  slow: ['Slow', 'slow', 'it runs only a part of the time'],
  store_lock: ['Lock store', 'store locked', 'another connection holds the lock of its database'],
  disk_full: ['Fill disk', 'disk full', 'a file takes all room of its data folder'],
  power_cut: ['Cut power', 'power cut', 'SIGKILL, and what no sync had covered is lost'],
  latency: ['Delay', 'delayed', 'each byte is late'],
  bandwidth: ['Throttle', 'throttled', 'each connection carries so much'],
  timeout: ['Cut', 'cut', 'nothing is carried, and no connection begins'],
  reset_peer: ['Reset', 'resets', 'each connection is reset'],
  slicer: ['Slice', 'sliced', 'small pieces with pauses between them'],
  limit_data: ['End early', 'ends early', 'each connection ends after so many bytes'],
  poison: ['Poison', 'poisoned', 'one record that no service can handle'],
  duplicate: ['Duplicate', 'duplicated', 'the last events are published once more'],
  redeliver: ['Redeliver', 'delivered again', 'its group goes back in the log'],
};
// They happen at once: their time only keeps a second one away.
const AT_ONCE = new Set(['poison', 'duplicate', 'redeliver']);
const OPTIONS = { kind: ['undecodable', 'impossible'], stream: ['both', 'upstream', 'downstream'] };
const UNITS = [
  ['_kb_s', 'kB/s'],
  ['_percent', '%'],
  ['_bytes', 'bytes'],
  ['_ms', 'ms'],
  ['_us', 'µs'],
  ['_s', 's'],
];

export const DURATIONS = ['5s', '15s', '30s', '1m', '5m'];
export const USUAL_DURATION = '15s';

export const button_of = (action) => WORDS[action]?.[0] ?? action;
export const while_on = (action) => WORDS[action]?.[1] ?? action;
export const meaning_of = (action) => WORDS[action]?.[2] ?? '';
export const happens_at_once = (action) => AT_ONCE.has(action);

/** The kinds that `target` can take, in the lab's order. */
export function kinds_for(kinds, target) {
  return (kinds ?? []).filter((one) => one.targets.includes(target));
}

/** What people can set of it: [{name, label, unit, value, options}]; options null: a number. */
export function fields_of(kind) {
  const usual = kind.of === 'link' ? { ...kind.attributes, stream: 'both' } : kind.attributes;
  return Object.entries(usual).map(([name, value]) => {
    const [ending, unit] = UNITS.find(([end]) => name.endsWith(end)) ?? ['', ''];
    const label = name.slice(0, name.length - ending.length).replaceAll('_', ' ');
    return { name, label, unit, value, options: OPTIONS[name] ?? null };
  });
}

/** The body of POST /api/faults. `given`: attributes that are other than usual. */
export function order_of(target, kind, duration, given = {}) {
  const attributes = { ...kind.attributes, ...given };
  if (attributes.stream === 'both') delete attributes.stream;
  const order = { target, action: kind.action, duration };
  return Object.keys(attributes).length === 0 ? order : { ...order, attributes };
}
