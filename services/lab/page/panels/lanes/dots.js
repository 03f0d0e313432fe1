// The dots of all rides at one moment: who has one, where it is, which shape. Pure; shape says what
// was done for the ride, its hue only repeats it.

import { point_of } from './geometry.js';
import { has_dot, places_of } from './motion.js';

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
