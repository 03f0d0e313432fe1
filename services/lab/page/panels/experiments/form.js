// The fields of an experiment that a form shows: riders, faults, pauses and tolerances. Needs the
// document; every change gives a new one, and the former stays as it is.

const changed = (document, path, value) => {
  const [name, ...rest] = path;
  const copy = Array.isArray(document) ? [...document] : { ...document };
  copy[name] = rest.length === 0 ? value : changed(document?.[name] ?? {}, rest, value);
  return copy;
};

export const change_at = changed;

export const value_at = (document, path) => path.reduce((at, name) => at?.[name], document);

const is_to = (activity, end) => (activity.provider?.url ?? '').split('?')[0].endsWith(end);

function field(label, path, kind = 'text', more = {}) {
  return { label, path, kind, ...more };
}

function fields_of_activity(activity, at) {
  const path = ['method', at];
  const body = [...path, 'provider', 'arguments'];
  const pause = field('pause after, s', [...path, 'pauses', 'after'], 'number');
  if (is_to(activity, '/api/faults')) {
    return [
      field('target', [...body, 'target']),
      field('action', [...body, 'action']),
      field('duration', [...body, 'duration']),
      pause,
    ];
  }
  if (is_to(activity, '/api/traffic'))
    return [field('riders, rides/s', [...body, 'rate'], 'number'), pause];
  return [pause];
}

/** [{title, fields: [{label, path, kind}]}], in the order of the document. */
export function form_of(document) {
  const parts = [
    {
      title: 'Experiment',
      fields: [field('title', ['title']), field('description', ['description'])],
    },
  ];
  for (const [at, probe] of (document['steady-state-hypothesis']?.probes ?? []).entries()) {
    const range = ['steady-state-hypothesis', 'probes', at, 'tolerance', 'range'];
    if (!Array.isArray(probe.tolerance?.range)) continue;
    const fields = [
      field('at least', [...range, 0], 'number'),
      field('at most', [...range, 1], 'number'),
    ];
    parts.push({ title: `Holds: ${probe.name}`, fields });
  }
  for (const [at, activity] of (document.method ?? []).entries()) {
    parts.push({
      title: `Step ${at + 1}: ${activity.name}`,
      fields: fields_of_activity(activity, at),
    });
  }
  return parts;
}

/** Of a text that was typed; null: it is no such value. */
export function typed(kind, text) {
  if (kind === 'text') return text;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : null;
}
