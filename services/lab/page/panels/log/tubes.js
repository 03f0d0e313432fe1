// The log as tubes: each topic's partitions, and in each the place of every group that reads it.
// Needs a frame and the history of the page's model; pure functions.
import { shown } from '../../words.js';

const LOWEST_SCALE = 10;
const SCALE_MS = 60000;

/** 1, 2 or 5 times a power of ten, the first that is not below `value`. */
export function round_up(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((one) => one * power).find((one) => one >= value);
}

function cell_of({ start = 0, end, committed, owner }, index) {
  const from = committed < 0 ? start : Math.max(start, committed);
  return { index, end, committed, lag: Math.max(0, end - from), owner: shown(owner, 40) };
}

function reader_of(name, group, partitions) {
  const cells = partitions.map(cell_of);
  const owners = [...new Set(cells.map((cell) => cell.owner))];
  return {
    group: name,
    epoch: group.epoch,
    lag: cells.reduce((sum, cell) => sum + cell.lag, 0),
    owner: owners.length === 1 ? owners[0] : null, // null: see each cell
    cells,
  };
}

/** What is retained of each partition, by whichever group the broker described last. */
function with_ends(ends, partitions) {
  partitions.forEach(({ start = 0, end }, index) => {
    const known = ends[index] ?? { index, start, end };
    ends[index] = { index, start: Math.min(known.start, start), end: Math.max(known.end, end) };
  });
  return ends;
}

/** Dead letters are no part of a ride's way. */
const is_aside = ({ name }) => Number(name.startsWith('dead_letter'));

/** [{name, partitions: [{index, start, end}], records, readers: […]}], by name. */
export function topics_of(frame) {
  const topics = new Map();
  for (const [name, group] of Object.entries(frame.groups)) {
    for (const [topic, partitions] of Object.entries(group.topics)) {
      const known = topics.get(topic) ?? { name: topic, partitions: [], readers: [] };
      with_ends(known.partitions, partitions);
      known.readers.push(reader_of(name, group, partitions));
      topics.set(topic, known);
    }
  }
  const records = ({ partitions }) => partitions.reduce((sum, one) => sum + one.end - one.start, 0);
  return [...topics.values()]
    .map((one) => ({ ...one, records: records(one) }))
    .sort((a, b) => is_aside(a) - is_aside(b) || (a.name < b.name ? -1 : 1));
}

/**
 * The lag that fills a whole tube, the same for all: above the largest of any partition now and,
 * shared evenly among four partitions, of any group in the last minute.
 */
export function lag_scale(topics, history, now_ms) {
  let most = LOWEST_SCALE;
  for (const { readers } of topics) {
    for (const { cells } of readers) for (const { lag } of cells) most = Math.max(most, lag);
  }
  for (let at = history.length - 1; at >= 0 && history[at].t_ms > now_ms - SCALE_MS; at -= 1) {
    for (const { lag } of Object.values(history[at].lags)) most = Math.max(most, lag / 4);
  }
  return round_up(most);
}

/** The records that fill a whole tube of the log's own row. */
export function record_scale(topics) {
  const all = topics.flatMap(({ partitions }) => partitions.map((one) => one.end - one.start));
  return round_up(Math.max(LOWEST_SCALE, ...all));
}

/** How much of a tube is hatched: square root, so that one record is seen beside thousands. */
export function hatched_part(lag, scale) {
  return Math.min(1, Math.sqrt(lag / scale));
}

/** How much of a tube is filled: logarithm. */
export function filled_part(records, scale) {
  return records <= 0 ? 0 : Math.min(1, Math.log10(1 + records) / Math.log10(1 + scale));
}
