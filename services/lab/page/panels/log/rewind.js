// Rewinding a group: what is asked, what a preview says, and the proof of what came of it. Needs
// the answers of POST /api/groups/GROUP/reset and frames; pure functions.
import { count, counted, shown } from '../../words.js';
import { places_of } from './places.js';

export const EACH = 'each'; // a place of its own for each partition

/** Ready-made places to go to; the others are typed. */
export const PLACES = [
  ['-30s', '30 s ago'],
  ['-2m', '2 min ago'],
  ['earliest', 'the first record'],
  ['latest', 'the end'],
  ['', 'an offset or a time'],
  [EACH, 'a place for each partition'],
];

export function order_of({ to, topic, places }, preview) {
  if (to === EACH) return { places: places_of(places), preview };
  const order = { to: to.trim(), preview };
  return topic ? { ...order, topic } : order;
}

/** Whether the form says a place. */
export const has_place = ({ to, places }) =>
  to === EACH ? places_of(places).length > 0 : to.trim() !== '';

/** [{topic, partition, from, to, records, rides}], as text. */
export function rows_of(answer) {
  return answer.partitions.map((one) => ({
    topic: shown(one.topic, 60),
    partition: one.partition,
    from: one.from < 0 ? '–' : count(one.from),
    to: count(one.to),
    records: count(one.records),
    rides: count(one.rides ?? NaN),
  }));
}

/** The damage, in one sentence. */
export function summary_of(answer) {
  const verb = answer.preview ? 'will be' : 'are';
  const rides = answer.rides === null ? '' : ` of ${counted(answer.rides, 'ride')}`;
  const skipped =
    answer.skipped === 0 ? '' : ` ${counted(answer.skipped, 'record')} ${verb} passed over.`;
  const epoch = answer.preview ? answer.epoch + 1 : answer.epoch;
  return (
    `${counted(answer.records, 'record')}${rides} ${verb} delivered again; effects that change: ` +
    `${answer.effects}, as every service keeps an inbox.${skipped} ` +
    `Members ${verb} fenced at epoch ${epoch}.`
  );
}

/** What a group that keeps up may have to do besides. */
export const few = (answer) => 20 + answer.records / 100;

/** The lag of a group in a frame, over all of its partitions. */
export function lag_in(frame, group) {
  let lag = 0;
  for (const partitions of Object.values(frame?.groups?.[group]?.topics ?? {})) {
    for (const { start = 0, end, committed } of partitions) {
      lag += Math.max(0, end - Math.max(start, committed));
    }
  }
  return lag;
}

const same = (a, b) =>
  ['lost', 'duplicated', 'orphaned'].every((word) => a.log[word] === b.log[word]);

/**
 * What shows that a rewind did what it says: [{text, state}], state: done, waits, wrong.
 * `rewind`: {group, answer, before, after}, the audits before and after it; null: not yet.
 */
export function proof_of(frame, { group, answer, before, after }) {
  const epoch = frame?.groups?.[group]?.epoch ?? 0;
  const lag = lag_in(frame, group);
  const is_drained = after !== null || (epoch >= answer.epoch && lag <= few(answer));
  const effects = () => {
    if (!before || !after) return { text: 'the audit is as before', state: 'waits' };
    if (same(before, after))
      return { text: `the audit is as before: ${totals(after)}`, state: 'done' };
    return { text: `the audit was ${totals(before)}, and is ${totals(after)}`, state: 'wrong' };
  };
  return [
    {
      text: `members are fenced: epoch ${answer.epoch}`,
      state: epoch >= answer.epoch ? 'done' : 'waits',
    },
    {
      text: `${counted(answer.records, 'record')} delivered again: ${count(lag)} to go`,
      state: is_drained ? 'done' : 'waits',
    },
    effects(),
  ];
}

const totals = ({ log }) =>
  `${log.lost} lost, ${log.duplicated} duplicated, ${log.orphaned} orphaned`;
