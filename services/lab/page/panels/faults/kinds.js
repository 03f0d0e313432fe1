// What can be set of a fault, and what is asked of the lab for one. Needs the answer of GET
// /api/fault-kinds; pure functions.

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

export const happens_at_once = (action) => AT_ONCE.has(action);

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
