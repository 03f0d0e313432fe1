// Where a ride is on both lanes at one moment, and which dot it has there: pure, from what frames
// said of it to shapes on a canvas of a given size. A dot stands before a service for as long as the
// ride really waits there; its way between two of them takes a fixed time, because the real one is
// too short to be seen.

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
const SEEN_MS = 6000; // after its last news
const UNKNOWN_MS = 5000; // so long is an answer on the chain waited for
const CHAIN = ['gateway', ...HOPS];
const DOT = 8; // from one waiting dot to the next

/** How many rides one dot stands for, at `rate` rides per second. */
export function rides_per_dot(rate) {
  return Math.max(1, Math.ceil(rate / MOST_DOTS_PER_S - 0.01));
}

/** Whether this ride is the one of `per_dot` that has a dot: the same one everywhere. */
export function has_dot(ride, per_dot) {
  return per_dot === 1 || parseInt(ride.short, 16) % per_dot === 0;
}

const has_failed = (state) => state === 'failed' || state === 'orphaned';
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
  const is_failed = has_failed(record.state);
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
  if (ride.asked_ms > t - SEEN_MS) return true;
  const { log, chain } = ride.lanes;
  return [log, chain].some(
    (one) =>
      one && (one.since_ms > t - SEEN_MS || (one.hops.length > 0 && !has_failed(one.state))),
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

// Where lanes, services and dots are on a canvas.

const box = (name, x, y, width, height) => ({ name, x, y, width, height });

/** `em`: the size of the text, in pixels. */
export function geometry(width, height, em = 12) {
  const box_h = em * 1.9;
  const chain_y = height - em * 3.6;
  const log_w = Math.min(90, width * 0.18);
  const top = em * 2.4;
  const pitch = (chain_y - em * 3.4 - top) / HOPS.length;
  const rows = HOPS.map((_, at) => top + pitch * (at + 0.5));
  const trunk_y = (rows[0] + rows.at(-1)) / 2;
  const service_w = Math.min(104, width * 0.21);
  const service_x = width * 0.76 - service_w;
  const hop_w = Math.min(96, width * 0.145);
  const gap = (width - 8 - CHAIN.length * hop_w) / CHAIN.length;
  return {
    width,
    height,
    em,
    rows,
    trunk_y,
    chain_y,
    done_x: width - 14,
    gateway: box('gateway', 4, trunk_y - box_h / 2, log_w, box_h),
    log: box('log', log_w + 4 + Math.min(40, width * 0.07), top, 24, chain_y - em * 3.4 - top),
    services: HOPS.map((name, at) => box(name, service_x, rows[at] - box_h / 2, service_w, box_h)),
    chain: CHAIN.map((name, at) =>
      box(name, 4 + at * (hop_w + gap), chain_y - box_h / 2, hop_w, box_h),
    ),
  };
}

const mix = (from, to, f) => from + (to - from) * f;
const end_of = (one) => one.x + one.width;

function log_point(g, place, rank) {
  if (place.leg === 'trunk')
    return { x: mix(end_of(g.gateway), g.log.x + 12, place.f), y: g.trunk_y };
  if (place.leg === 'fall') return { x: end_of(g.gateway) + 6, y: g.trunk_y + 10 + 26 * place.f };
  if (place.leg === 'queue' && place.at < 0) return { x: end_of(g.gateway) + 6, y: g.trunk_y };
  const service = g.services[place.at];
  const y = g.rows[place.at];
  if (place.leg === 'from') return { x: mix(end_of(service) + 4, g.done_x, place.f), y };
  const columns = Math.max(1, Math.floor((service.x - end_of(g.log) - 10) / DOT));
  if (place.leg === 'to') {
    const stop = service.x - 8 - Math.min(rank, columns - 1) * DOT;
    return { x: mix(end_of(g.log), stop, place.f), y };
  }
  const row = Math.floor(rank / columns);
  return row > 1 ? null : { x: service.x - 8 - (rank % columns) * DOT, y: y + row * DOT };
}

function chain_point(g, place, rank) {
  const one = g.chain[place.at + 1]; // the gateway is the first box
  const begin = end_of(g.chain[place.at] ?? { x: -24, width: 0 }) + 3;
  const { leg, f } = place;
  const { x } = one;
  const below = g.chain_y + one.height / 2;
  if (leg === 'from') return { x: mix(end_of(one) + 3, g.done_x, f), y: g.chain_y };
  if (leg === 'fall') return { x: x - 2, y: below + 4 + g.em * 1.5 * f };
  if (leg === 'orphan') return { x: x + 6 + one.width * 0.8 * place.spread, y: below + g.em };
  const columns = Math.max(1, Math.floor((x - begin - 2) / DOT));
  if (leg === 'to') {
    return { x: mix(begin, x - 6 - Math.min(rank, columns - 1) * DOT, f), y: g.chain_y };
  }
  const row = Math.floor(rank / columns);
  return row > 3 ? null : { x: x - 6 - (rank % columns) * DOT, y: g.chain_y - row * DOT };
}

/** Where a place is; `rank` counts the dots that wait before it. Null: it has no room. */
export function point_of(g, place, rank) {
  return place.lane === 'log' ? log_point(g, place, rank) : chain_point(g, place, rank);
}

/** The ride whose dot is nearest to a point, within `reach` pixels; null: there is none. */
export function ride_near(dots, x, y, reach = 10) {
  let nearest = null;
  let least = reach * reach;
  for (const dot of dots) {
    const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2;
    if (distance <= least) {
      least = distance;
      nearest = dot.id;
    }
  }
  return nearest;
}

// The dots of all rides: shape says what was done for the ride, its hue only repeats it.

const spread_of = (ride) => parseInt(ride.short.slice(0, 2), 16) / 256 || 0;

function sign_on_log(place, state) {
  if (place.leg === 'fall') return ['diamond', 'bad'];
  if (place.leg !== 'from') return ['circle', 'wait'];
  if (place.at === 0 && state === 'unmatched') return ['diamond', 'slow'];
  if (place.at === 1 && state === 'declined') return ['diamond', 'slow'];
  return state === 'settled' && place.f > 0.6 ? ['check', 'ok'] : ['dot', 'ok'];
}

function sign_on_chain(place) {
  if (place.leg === 'fall') return ['diamond', 'bad'];
  if (place.leg === 'orphan') return ['cross', 'orphan'];
  if (place.leg === 'from') return ['check', 'ok'];
  if (place.at < 1) return ['circle', 'wait'];
  return place.at === 1 ? ['dot', 'wait'] : ['square', 'link'];
}

/** Rides that wait at one place get ranks in the order of arrival; a new ride gets the last one. */
function rank_queues(found) {
  const queues = new Map();
  const name_of = ({ lane, at }) => `${lane} ${at}`;
  for (const one of found) {
    if (one.place.leg !== 'queue') continue;
    const name = name_of(one.place);
    if (!queues.has(name)) queues.set(name, []);
    queues.get(name).push(one);
  }
  for (const queue of queues.values()) {
    queue.sort((a, b) => a.place.since - b.place.since);
    queue.forEach((one, rank) => (one.rank = rank));
  }
  for (const one of found) {
    if (one.place.leg === 'to') one.rank = queues.get(name_of(one.place))?.length ?? 0;
  }
}

/**
 * `still`: nothing moves, so only what waits or lies is there. Gives {id, short, lane, x, y, shape,
 * hue} each.
 */
export function dots_of(rides, t, { geometry, is_asked, per_dot, still }) {
  const found = [];
  for (const ride of rides) {
    if (!has_dot(ride, per_dot)) continue;
    for (const place of places_of(ride, t, is_asked)) {
      place.spread = spread_of(ride);
      if (!still || place.leg === 'queue' || place.leg === 'orphan')
        found.push({ ride, place, rank: 0 });
    }
  }
  rank_queues(found);
  const dots = [];
  for (const { ride, place, rank } of found) {
    const point = point_of(geometry, place, rank);
    if (!point) continue;
    const [shape, hue] =
      place.lane === 'log' ? sign_on_log(place, ride.lanes.log.state) : sign_on_chain(place);
    dots.push({ id: ride.id, short: ride.short, lane: place.lane, ...point, shape, hue });
  }
  return dots;
}
