// The steady state of an experiment, live: each probe's number now, and whether it holds. Needs the
// document, the newest frame, and the numbers of the audit by their paths; pure functions.

const VALUE_PATH = /\/api\/value\/([\w.:-]+)/;

function number_of(value) {
  if (value === true) return 1;
  if (value === false) return 0;
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' ? value : null;
}

/** As GET /api/value/PATH gives it. */
export function frame_value(frame, path) {
  return number_of(path.split('.').reduce((at, name) => at?.[name], frame));
}

/** Paths of the hypothesis that only an audit knows. */
export function audit_paths(document) {
  return probes_of(document)
    .map(({ path }) => path)
    .filter((path) => path?.startsWith('audit.'));
}

/** Whether the run looks at it while riders ride, too. */
function looks_during(document, name) {
  const ours = (document.extensions ?? []).find((one) => one.name === 'hailstorm');
  return ours?.when?.[name]?.includes('during') ?? true;
}

function probes_of(document) {
  return (document['steady-state-hypothesis']?.probes ?? []).map((probe) => ({
    name: probe.name,
    range: probe.tolerance?.range ?? null,
    during: looks_during(document, probe.name),
    path: VALUE_PATH.exec(probe.provider?.url ?? '')?.[1] ?? null,
  }));
}

function word_of({ range, during }, value, frame) {
  if (value === null || range === null) return 'not known';
  if (value >= range[0] && value <= range[1]) return 'holds';
  // A ride that is on its way counts as lost until it is settled.
  return !during && frame?.traffic?.running ? 'waits for the riders' : 'does not hold';
}

/** [{name, path, range, value, word}]: holds, does not hold, waits for the riders, or not known. */
export function steady_of(document, frame, audited) {
  return probes_of(document).map((probe) => {
    const { path } = probe;
    const value =
      path === null
        ? null
        : path.startsWith('audit.')
          ? (audited[path] ?? null)
          : frame
            ? frame_value(frame, path)
            : null;
    return { ...probe, value, word: word_of(probe, value, frame) };
  });
}
