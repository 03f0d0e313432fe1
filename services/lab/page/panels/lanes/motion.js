// Where a ride is on both lanes at one moment: pure, from what frames said of it. A dot stands
// before a service for as long as the ride really waits there; its way between two of them takes a
// fixed time, because the real one is too short to be seen.

export const HOPS = ['matching', 'payment', 'notification', 'analytics'];
/** So much later than the frames: by then it is known where each ride waits. */
export const DELAY_MS = 400;
export const MOST_DOTS_PER_S = 60;

const TO_LOG_MS = 350;
const TO_SERVICE_MS = 700;
const TO_DONE_MS = 450;
const CHAIN_STEP_MS = 300;
const FALL_MS = 1500;
const ORPHAN_MS = 4000;
const UNKNOWN_MS = 5000; // so long is an answer on the chain waited for

/** How many rides one dot stands for, at `rate` rides per second. */
export function rides_per_dot(rate) {
  return Math.max(1, Math.ceil(rate / MOST_DOTS_PER_S - 0.01));
}

/** Whether this ride is the one of `per_dot` that has a dot: the same one everywhere. */
export function has_dot(ride, per_dot) {
  return per_dot === 1 || parseInt(ride.short, 16) % per_dot === 0;
}

const part = (t, begin, takes) => Math.min(1, Math.max(0, (t - begin) / takes));

/** When the ride goes on from `hop`, where it arrives at `arrives_ms`; Infinity: it waits. */
function goes_on(record, hop, arrives_ms) {
  if (record.hops.includes(hop)) return Infinity;
  return Math.max(arrives_ms, record.left[hop] ?? record.first_ms);
}

function on_log(ride, t) {
  const record = ride.lanes.log;
  const begin = record.asked_ms;
  if (t < begin) return [];
  if (record.state === 'failed') return falling('log', record, -1, t, begin);
  if (t < begin + TO_LOG_MS) return [{ lane: 'log', leg: 'trunk', f: part(t, begin, TO_LOG_MS) }];
  const arrives = begin + TO_LOG_MS + TO_SERVICE_MS;
  const places = [];
  for (const [at, hop] of HOPS.entries()) {
    const leaves = goes_on(record, hop, arrives);
    if (t < arrives)
      places.push({
        lane: 'log',
        leg: 'to',
        at,
        f: part(t, arrives - TO_SERVICE_MS, TO_SERVICE_MS),
      });
    else if (t < leaves) places.push({ lane: 'log', leg: 'queue', at, since: arrives });
    else if (t < leaves + TO_DONE_MS)
      places.push({ lane: 'log', leg: 'from', at, f: part(t, leaves, TO_DONE_MS) });
  }
  return places;
}

/** It waits until it is known that it failed, then falls; an orphan lies there for longer. */
function falling(lane, record, at, t, arrives) {
  const falls = Math.max(arrives, record.failed_ms ?? record.since_ms);
  if (t < falls) return [{ lane, leg: 'queue', at, since: arrives }];
  const lies = Math.max(falls, record.since_ms);
  if (record.state === 'orphaned' && t >= lies) {
    return t < lies + ORPHAN_MS ? [{ lane, leg: 'orphan', at, f: part(t, lies, ORPHAN_MS) }] : [];
  }
  return t < falls + FALL_MS ? [{ lane, leg: 'fall', at, f: part(t, falls, FALL_MS) }] : [];
}

const unanswered = (ride) => ({
  state: 'requested',
  hops: [HOPS[0]],
  left: {},
  first_ms: ride.asked_ms,
});

function on_chain(ride, t, is_asked) {
  const known = ride.lanes.chain;
  if (!known && (!is_asked || t > ride.asked_ms + UNKNOWN_MS)) return [];
  const record = known ?? unanswered(ride);
  const is_failed = record.state === 'failed' || record.state === 'orphaned';
  let begin = ride.asked_ms;
  if (t < begin) return [];
  if (is_failed && !HOPS.includes(record.hops[0])) return falling('chain', record, -1, t, begin);
  for (const [at, hop] of HOPS.entries()) {
    const arrives = begin + CHAIN_STEP_MS;
    if (t < arrives) return [{ lane: 'chain', leg: 'to', at, f: part(t, begin, CHAIN_STEP_MS) }];
    if (is_failed && record.hops[0] === hop) return falling('chain', record, at, t, arrives);
    const leaves = goes_on(record, hop, arrives);
    if (t < leaves) return [{ lane: 'chain', leg: 'queue', at, since: arrives }];
    begin = leaves;
  }
  if (t >= begin + TO_DONE_MS) return [];
  return [{ lane: 'chain', leg: 'from', at: HOPS.length - 1, f: part(t, begin, TO_DONE_MS) }];
}

/** The places of one ride at `t`, one for each dot; `is_asked`: riders ask on the chain as well. */
export function places_of(ride, t, is_asked) {
  return [...(ride.lanes.log ? on_log(ride, t) : []), ...on_chain(ride, t, is_asked)];
}

/** Whether something of the ride may still be seen after `t`. */
export function is_under_way(ride, t) {
  const newest = Math.max(ride.asked_ms, ...Object.values(ride.lanes).map((one) => one.since_ms));
  if (newest > t - 6000) return true;
  return Object.values(ride.lanes).some(
    (one) => one.hops.length > 0 && one.state !== 'failed' && one.state !== 'orphaned',
  );
}

/** Of every `slot_ms` the first ride: the one to follow with the eyes. */
export function ride_to_follow(rides, t, slot_ms = 2000) {
  const begin = Math.floor(t / slot_ms) * slot_ms;
  let first = null;
  for (const ride of rides) {
    if (ride.asked_ms >= begin && ride.asked_ms <= t && (!first || ride.asked_ms < first.asked_ms))
      first = ride;
  }
  return first;
}
