// The blast radius as data: which faults hit which targets, what the learner said, what came, and
// where both differ. Needs a frame, the lab's fault kinds and the results of its blasts; pure
// functions.

const lanes = ['log lane', 'log settling', 'chain lane'];
const measured_targets = ['process', 'service', 'link'];
// It needs a file system of its own for each process.
const left_out = 'disk_full';

/** The faults that the command measures where none are chosen. */
export const faults_of = (kinds) =>
  kinds
    .filter((kind) => measured_targets.includes(kind.of) && kind.action !== left_out)
    .map((kind) => kind.action);

export const targets_of = (kinds, fault) =>
  kinds.find((kind) => kind.action === fault)?.targets ?? [];

/** Those that may suffer: the processes, then the lanes. */
export const subjects_of = (frame) => [...Object.keys(frame?.processes ?? {}), ...lanes];

export const key_of = (fault, target) => `${fault} ${target}`;

/** The learner's word on one subject; nobody suffers unless the learner says so. */
export const said_of = (said, key, subject) => (said[key]?.[subject] === 'hurt' ? 'hurt' : 'calm');

/** {said, came, is_surprise, why} of a subject; came is null where nothing was measured. */
export function cell_of(state, key, subject) {
  const done = state.done[key];
  const effect = done?.effects[subject];
  const said = done
    ? said_of({ [key]: done.said }, key, subject)
    : said_of(state.said, key, subject);
  if (!effect) return { said, came: null, is_surprise: false, why: '' };
  const is_surprise = effect.observed !== said;
  return { said, came: effect.observed, is_surprise, why: effect.why, model: effect.predicted };
}

/** What is kept of a cell of a blast; `said` is what the learner had committed to. */
export function kept_of(cell, said) {
  return {
    said,
    effects: cell.effects,
    refusal: cell.refusal,
    proven: cell.proven,
    recovered_s: cell.recovered_s,
  };
}

const figures = [
  ['accepted_percent', 'accepted %'],
  ['p99_ms', 'p99 ms'],
  ['lag', 'lag'],
  ['lag_s', 'lag s'],
  ['settled_per_s', 'settled/s'],
  ['errors', 'errors'],
];

const round = (value) => Math.round(value * 10) / 10;

/** Rows {subject, figure, was, now, after, delta} of what changed, the largest change first. */
export function changes_of(effects) {
  const rows = [];
  for (const [subject, effect] of Object.entries(effects)) {
    for (const [name, figure] of figures) {
      const [was, now, after] = ['before', 'during', 'after'].map((part) => effect[part][name]);
      if (round(was) === round(now)) continue;
      const share = Math.abs(now - was) / Math.max(Math.abs(was), Math.abs(now));
      rows.push({
        subject,
        figure,
        was: round(was),
        now: round(now),
        after: round(after),
        delta: round(now - was),
        share,
      });
    }
  }
  return rows.sort((a, b) => b.share - a.share);
}

/** "3 surprises in 8": of the row's own cells. */
export function score_of(state, key, subjects) {
  const cells = subjects.map((subject) => cell_of(state, key, subject)).filter((cell) => cell.came);
  return { measured: cells.length, surprises: cells.filter((cell) => cell.is_surprise).length };
}
