// How much waits for a group and where that leads: trend, time to clear, and the picture of the
// last minute. Needs the history of the page's model; pure functions.
import { count, span } from '../../words.js';

export const MINUTE_MS = 60000;
const TREND_MS = 5000;
const FEWEST_POINTS = 4;
const KEEPS_UP_S = 1;
const LOWEST_TOP = 10; // a picture of next to nothing looks like it

/** The samples after `from_ms`; history is in the order of time. */
export function since(history, from_ms) {
  let at = history.length;
  while (at > 0 && history[at - 1].t_ms > from_ms) at -= 1;
  return history.slice(at);
}

/** [[t_ms, lag], …] of one group. */
export function lags_of(samples, name) {
  return samples
    .map((sample) => [sample.t_ms, sample.lags[name]?.lag])
    .filter(([, lag]) => Number.isFinite(lag));
}

/** Records per second by which the lag rises, over the last 5 s; null: not enough is known. */
export function slope_of(points) {
  if (points.length < FEWEST_POINTS) return null;
  const origin = points[0][0];
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const times = points.map(([t_ms]) => (t_ms - origin) / 1000);
  const lags = points.map(([, lag]) => lag);
  const [t, l] = [mean(times), mean(lags)];
  const spread = times.reduce((sum, one) => sum + (one - t) ** 2, 0);
  if (spread === 0) return null;
  return times.reduce((sum, one, at) => sum + (one - t) * (lags[at] - l), 0) / spread;
}

/** {trend: growing, shrinking, steady, unknown; clear: in words, when it will be caught up}. */
export function outlook_of(history, name, lag, lag_s, now_ms) {
  const slope = slope_of(lags_of(since(history, now_ms - TREND_MS), name));
  if (slope === null) return { trend: 'unknown', clear: '' };
  const enough = Math.max(2, lag * 0.02);
  if (lag_s < KEEPS_UP_S) return { trend: 'steady', clear: 'keeps up' };
  if (slope > enough) return { trend: 'growing', clear: '' };
  if (slope >= -enough) return { trend: 'steady', clear: 'not clearing' };
  const clear_ms = Math.round((lag / -slope) * 10) * 100;
  return { trend: 'shrinking', clear: `clear in ≈ ${span(clear_ms)}` };
}

/** "502 records wait, for 4.1 s" */
export function waiting(lag, lag_s) {
  if (lag === 0) return 'nothing waits';
  const records = lag === 1 ? '1 record waits' : `${count(lag)} records wait`;
  return lag_s < 0.1 ? records : `${records}, for ${span(lag_s * 1000)}`;
}

/**
 * The last minute as the path of an SVG of `width` by `height`: of each pixel the highest lag. It
 * ends where nothing is known. `top`: the lag at the upper edge.
 */
export function picture_of(points, now_ms, width, height) {
  const columns = new Array(width + 1).fill(null);
  for (const [t_ms, lag] of points) {
    const x = Math.round((1 - (now_ms - t_ms) / MINUTE_MS) * width);
    if (x >= 0 && x <= width) columns[x] = Math.max(columns[x] ?? 0, lag);
  }
  const top = columns.reduce((most, lag) => Math.max(most, lag ?? 0), LOWEST_TOP);
  let path = '';
  let last = -Infinity;
  columns.forEach((lag, x) => {
    if (lag === null) return;
    const y = (height - 1 - (lag / top) * (height - 2)).toFixed(1);
    path += `${x - last > (width * 2500) / MINUTE_MS ? 'M' : 'L'}${x} ${y}`;
    last = x;
  });
  return { path, top };
}

/** Where in that picture a fault was on: [{x, width, id}]. */
export function bands_of(faults, now_ms, width) {
  const x_of = (t_ms) => Math.max(0, (1 - (now_ms - t_ms) / MINUTE_MS) * width);
  return faults
    .filter((one) => one.injected_at_ms !== 0)
    .map((one) => {
      const x = x_of(one.injected_at_ms);
      return { id: one.id, x, width: Math.max(1, x_of(one.reverted_at_ms || now_ms) - x) };
    });
}

/** The same minute as numbers: the lag at 60, 45, 30, 15 and 0 s ago; null: not known. */
export const TABLE_AGES_S = [60, 45, 30, 15, 0];
export function table_of(points, now_ms) {
  return TABLE_AGES_S.map((age_s) => {
    const at_ms = now_ms - age_s * 1000;
    const near = points.filter(([t_ms]) => Math.abs(t_ms - at_ms) <= 1500);
    return near.length === 0 ? null : near.at(-1)[1];
  });
}
