// Where lanes, services and dots are on a canvas of a given size. Pure: from numbers to numbers.

import { HOPS } from './motion.js';

const DOT = 8; // from one waiting dot to the next
const CHAIN = ['gateway', ...HOPS];

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
