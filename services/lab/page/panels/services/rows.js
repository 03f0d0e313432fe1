// The rows of the tab Services: each process with its state, lag, members and what it can be hit
// by, and each link. Needs a frame and the history of the page's model; pure functions.
import { shown } from '../shared/text.js';
import { MINUTE_MS, bands_of, waiting, lags_of, outlook_of, picture_of, since } from './lag.js';

export const SPARK = { width: 110, height: 20 };

/** For how long the broker has not answered: groups and lags are as old; 0: they are new. */
export function groups_age_ms(frame, history) {
  if (frame.lag_known !== false) return 0;
  const last = history.findLast((one) => one.lag_known) ?? history[0];
  return Math.max(1, frame.t_ms - (last?.t_ms ?? frame.t_ms));
}

/** [state, why]: the frame's words, and "starting" for what runs and is not ready. */
export function state_of(process) {
  if (process.state !== 'running') return [process.state, ''];
  return process.ready ? ['running', ''] : ['starting', shown(process.why_not, 120)];
}

/** [{name, epoch, partitions}] of a group; those that own nothing, too. */
export function members_of(group) {
  const owned = new Map();
  for (const partitions of Object.values(group.topics)) {
    for (const { owner } of partitions) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  }
  return group.members.map(({ id, instance, epoch }) => {
    const name = instance || id;
    return { name: shown(name, 40), epoch, partitions: owned.get(name) ?? 0 };
  });
}

function lag_of(name, process, frame, minute) {
  const age_ms = groups_age_ms(frame, minute);
  const points = lags_of(minute, name);
  const faults = frame.faults.list.filter(
    ({ target }) => target === name || target.startsWith(`${name}:`),
  );
  return {
    words: waiting(process.lag, process.lag_s),
    ...outlook_of(minute, name, process.lag, process.lag_s, frame.t_ms),
    stale_ms: age_ms,
    points,
    ...picture_of(points, frame.t_ms, SPARK.width, SPARK.height),
    bands: bands_of(faults, frame.t_ms, SPARK.width),
  };
}

/** One row for each process; `lag` and `group` are null for one that reads nothing. */
export function rows_of(frame, history) {
  const minute = since(history, frame.t_ms - MINUTE_MS);
  return Object.entries(frame.processes).map(([name, process]) => {
    const group = Object.hasOwn(frame.groups, name) ? frame.groups[name] : null;
    const [state, why] = state_of(process);
    return {
      name,
      label: shown(name, 60),
      state,
      why,
      is_known: process.state !== 'unknown',
      rate: process.rate,
      lag_records: process.lag,
      outbox: process.outbox,
      dead_letters: process.dead_letters,
      restarts: process.restarts,
      pid: process.pid,
      lag: group === null ? null : lag_of(name, process, frame, minute),
      group: group && {
        epoch: group.epoch,
        state: shown(group.state, 30),
        members: members_of(group),
      },
    };
  });
}

/** [{name, caller, server, connections, faults}] */
export function links_of(frame) {
  return Object.entries(frame.links).map(([name, link]) => {
    const [caller, server = ''] = name.split(':').map((one) => shown(one, 40));
    const label = shown(name, 80);
    return { name, label, caller, server, connections: link.connections, faults: link.faults };
  });
}

const GROUP_STATES = {
  Empty: 'The group exists, and has no members.',
  Stable: 'Every partition has its member.',
  Reconciling: 'Members release partitions, and are given others.',
  Assigning: 'The members changed; the partitions are shared out again.',
  Dead: 'There is no such group any more.',
};
/** In plain words. */
export const group_state_words = (state) => GROUP_STATES[state] ?? '';
