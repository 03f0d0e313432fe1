// The verdict of an audit in words, and its numbers as rows. Needs the answer of GET /api/audit;
// pure functions.
import { count, counted, shown } from '../../words.js';

const MOST_VIOLATIONS = 50;
const WORDS = ['lost', 'duplicated', 'orphaned'];
export const COLUMNS = ['requested', 'accepted', 'settled', 'on_their_way', ...WORDS];

/** {hue, icon, text} of the log lane: what the platform promises. */
export function verdict_of(audit) {
  const { log } = audit;
  if (audit.clean && log.requested === 0) {
    return { hue: 'none', icon: 'even', text: 'Nobody has asked for a ride yet.' };
  }
  if (audit.clean) {
    const rides = counted(log.accepted, 'ride');
    return {
      hue: 'ok',
      icon: 'check',
      text:
        `Clean: of ${rides} accepted on the event lane 0 are lost, 0 duplicated, 0 orphaned` +
        (log.on_their_way > 0 ? `; ${count(log.on_their_way)} are on their way.` : '.'),
    };
  }
  const wrong = WORDS.filter((word) => log[word] > 0).map((word) => `${log[word]} ${word}`);
  const what = wrong.length > 0 ? wrong.join(', ') : 'see below';
  return { hue: 'bad', icon: 'cross', text: `Not clean: on the event lane ${what}.` };
}

/** The chain lane is shown and not held to it. */
export function rows_of(audit) {
  return [
    ['event lane', audit.log],
    ['chain lane', audit.chain],
  ].map(([lane, figures]) => ({
    lane,
    cells: COLUMNS.map((column) => ({ column, value: figures[column] })),
  }));
}

export function violations_of(audit) {
  const violations = audit.offences.slice(0, MOST_VIOLATIONS).map((one) => ({
    lane: one.lane === 'log' ? 'event lane' : 'chain lane',
    ride: one.ride_id,
    text: `${shown(one.word, 20)}: ${shown(one.why, 200)}`,
  }));
  return { violations, left_out: Math.max(0, audit.offences.length - MOST_VIOLATIONS) };
}

export const troubles_of = (audit) => audit.troubles.slice(0, 20).map((line) => shown(line, 240));
