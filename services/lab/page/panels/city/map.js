// The city on a canvas: from longitude and latitude to pixels and back, and which rides are drawn
// how. Pure; the box is that of the rides themselves, so any city of any trips file will do.

const EDGE = 0.06; // of the box, left free at each side
const LEAST_DEGREES = 0.01;
const OUTSIDE = 0.01; // of the rides at each edge, which may be far away
export const SEEN_MS = 6000; // a ride that is done is shown so long
export const DRIVE_MS = 2000; // the way of a driver, which really takes minutes

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** The box that has nearly all places, as {west, south, east, north}; null without places. */
export function box_of(places) {
  if (places.length === 0) return null;
  const lons = places.map(([lon]) => lon).sort((a, b) => a - b);
  const lats = places.map(([, lat]) => lat).sort((a, b) => a - b);
  return {
    west: quantile(lons, OUTSIDE),
    east: quantile(lons, 1 - OUTSIDE),
    south: quantile(lats, OUTSIDE),
    north: quantile(lats, 1 - OUTSIDE),
  };
}

/** A box that holds both, so that the map does not shrink; either may be null. */
export function both(a, b) {
  if (!a || !b) return a ?? b;
  return {
    west: Math.min(a.west, b.west),
    east: Math.max(a.east, b.east),
    south: Math.min(a.south, b.south),
    north: Math.max(a.north, b.north),
  };
}

/** (lon, lat) → pixels, north up, with one scale for both: a kilometre is as long either way. */
export function projection(box, width, height) {
  const shrink = Math.cos((((box.south + box.north) / 2) * Math.PI) / 180);
  const wide = Math.max(box.east - box.west, LEAST_DEGREES) * shrink * (1 + 2 * EDGE);
  const high = Math.max(box.north - box.south, LEAST_DEGREES) * (1 + 2 * EDGE);
  const scale = Math.min(width / wide, height / high);
  const middle = [(box.west + box.east) / 2, (box.south + box.north) / 2];
  return (lon, lat) => ({
    x: width / 2 + (lon - middle[0]) * shrink * scale,
    y: height / 2 - (lat - middle[1]) * scale,
  });
}

/** Where a ride's pickup is, as either lane knows it; null: not known. */
export function place_of(ride) {
  for (const lane of ['log', 'chain']) {
    const one = ride.lanes[lane];
    if (one && one.lon !== null && one.lat !== null) return [one.lon, one.lat];
  }
  return null;
}

/** Whether a ride is to be seen at `t`: it is under way, or over for a short time. */
export function is_seen(ride, lane, t) {
  const one = ride.lanes[lane];
  if (!one) return lane === 'chain' && Boolean(ride.lanes.log) && t - ride.asked_ms < SEEN_MS;
  const is_over = one.hops.length === 0 || ['settled', 'failed', 'orphaned'].includes(one.state);
  return !is_over || t - one.since_ms < SEEN_MS;
}

/** How far the driver of a ride has come, from 0 (where it stood) to 1; null: it is not drawn. */
export function drive_of(ride, lane, t) {
  const one = ride.lanes[lane];
  if (!one?.driver || t < one.matched_ms || t > one.matched_ms + DRIVE_MS * 1.5) return null;
  return Math.min(1, (t - one.matched_ms) / DRIVE_MS);
}
