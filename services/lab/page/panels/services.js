// The tab Services: each process with its state, rate, lag and members, each link, and what they
// can be hit by. Needs the frame and the history; what its rows say is made by pure functions.
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import {
  count,
  counted,
  icon,
  per_second,
  process_signs,
  shown,
  sign,
  span,
  when,
} from '../words.js';
import { buttons_view, duration_view, hint_view } from './faults.js';

const MINUTE_MS = 60000;
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

const SPARK = { width: 110, height: 20 };

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

const QUICK = ['kill', 'freeze', 'slow', 'restart'];
const QUICK_OF_LINKS = ['timeout', 'latency'];
const MOST_MEMBERS = 8;
const MANY = 10; // in an outbox: below it nothing is the matter
const TRENDS = { growing: ['up', 'bad'], shrinking: ['down', 'ok'], steady: ['even', 'none'] };

const dim = (text) => html`
  <span class="dim">${text}</span>
`;
let table = null; // ./services/table.js, once it was opened
let shell = null; // ./services/shell.js, once it was opened

/** Where the lag goes, and when it is cleared. */
function trend_view({ trend, clear }) {
  if (!Object.hasOwn(TRENDS, trend)) return nothing;
  const [picture, hue] = TRENDS[trend];
  const words = trend === 'steady' ? clear : trend;
  return html`
    <span class="sign" data-hue=${hue} data-trend=${trend}>
      ${icon(picture)}
      <span>${words}</span>
    </span>
    ${when(trend !== 'steady' && clear, dim(clear))}
  `;
}

const band_path = ({ x, width }, height) =>
  `M${x.toFixed(1)} 0h${width.toFixed(1)}v${height}h-${width.toFixed(1)}z`;

function picture_view(name, lag) {
  const { width, height } = SPARK;
  return html`
    <svg
      class="spark"
      viewBox=${`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label=${`lag of ${name} in the last minute, at most ${count(lag.top)} records`}
    >
      <path class="band" d=${lag.bands.map((band) => band_path(band, height)).join('')}></path>
      <path class="line" d=${lag.path || 'M0 0'}></path>
    </svg>
  `;
}

function lag_view(row) {
  const { lag } = row;
  const is_stale = lag.stale_ms > 0;
  return html`
    <div class="lag" data-stale=${is_stale ? 'yes' : 'no'}>
      <span class="cut">
        ${when(is_stale, dim(`last known ${span(lag.stale_ms)} ago:`))} ${lag.words}
      </span>
      ${is_stale ? nothing : trend_view(lag)}
      <span class="spring"></span>
      ${picture_view(row.label, lag)}
    </div>
  `;
}

const member_words = ({ name, epoch, partitions }) =>
  `member ${name} in epoch ${epoch} owns ${counted(partitions, 'partition')}`;

/** In which epoch the members are, and how many partitions they own; each by name in the title. */
function members_view({ members, state, epoch }) {
  const words = [`group ${state}, epoch ${epoch}: ${group_state_words(state)}`];
  const title = words.concat(members.slice(0, MOST_MEMBERS).map(member_words)).join('\n');
  const owned = counted(
    members.reduce((sum, one) => sum + one.partitions, 0),
    'partition',
  );
  const epochs = [...new Set(members.map((one) => `e${one.epoch}`))].slice(0, MOST_MEMBERS);
  const parts = [members.length === 1 ? '' : counted(members.length, 'member'), epochs.join(' ')];
  const text = members.length === 0 ? 'no members' : [...parts, owned].filter(Boolean).join(' · ');
  return html`
    <span class="members dim" title=${title}>${text}</span>
  `;
}

/** What is worth a word only where it is not 0. */
function extras_view(row) {
  const extras = [];
  if (row.outbox >= MANY) extras.push(`${count(row.outbox)} in the outbox`);
  if (row.dead_letters > 0) extras.push(counted(row.dead_letters, 'dead letter'));
  if (row.restarts > 0) extras.push(counted(row.restarts + 1, 'start'));
  return extras.length === 0
    ? nothing
    : html`
        <span class="members dim">${extras.join(' · ')}</span>
      `;
}

function process_view(ctx, row) {
  return html`
    <li
      class="process"
      data-process=${row.label}
      data-state=${row.state}
      data-lag=${row.lag_records}
    >
      <div class="row">
        <h3 class="cut"><bdi>${row.label}</bdi></h3>
        ${sign(process_signs, row.state)}
        <span class="dim cut"><bdi>${row.why}</bdi></span>
        <span class="spring"></span>
        ${extras_view(row)} ${row.group ? members_view(row.group) : nothing}
        <span class="number">${row.is_known ? per_second(row.rate) : '–'}</span>
      </div>
      ${row.lag ? lag_view(row) : nothing} ${buttons_view(ctx, row.name, QUICK)}
    </li>
  `;
}

const hit_view = (faults) => html`
  <span class="sign" data-hue="slow">
    ${icon('fault')}
    <span>${faults.join(', ')}</span>
  </span>
`;

function link_view(ctx, link) {
  return html`
    <li class="process link" data-link=${link.label} data-faults=${link.faults.join(' ')}>
      <div class="row">
        <h3 class="cut">
          <bdi>${link.caller}</bdi>
          →
          <bdi>${link.server}</bdi>
        </h3>
        <span class="dim" title=${counted(link.connections, 'connection')}>
          ${count(link.connections)} open
        </span>
        ${when(link.faults.length > 0, hit_view(link.faults))}
        <span class="spring"></span>
        ${buttons_view(ctx, link.name, QUICK_OF_LINKS)}
      </div>
    </li>
  `;
}

/** The pictures of the last minute as numbers. */
function twin_view(ctx, rows) {
  const load = async () => {
    table ??= await import('./services/table.js');
    ctx.set({});
  };
  return html`
    <details class="twin" @toggle=${load}>
      <summary>Lag of the last minute as a table</summary>
      ${table?.table_view(rows, ctx.now_ms) ?? nothing}
    </details>
  `;
}

/** What the buttons of the top bar do, in a shell. */
function shell_view(ctx) {
  const load = async () => {
    shell ??= await import('./services/shell.js');
    ctx.set({});
  };
  return html`
    <details class="twin" data-shell @toggle=${load}>
      <summary>Riders, and stop all faults, in a shell</summary>
      ${shell?.shell_view(ctx) ?? nothing}
    </details>
  `;
}

function links_view(ctx, links) {
  if (links.length === 0) return nothing;
  return html`
    <h2>Links</h2>
    <ul class="processes links">
      ${links.map((link) => link_view(ctx, link))}
    </ul>
  `;
}

function view(ctx) {
  if (!ctx.frame)
    return html`
      <p class="dim">Waiting for the first frame…</p>
    `;
  const rows = rows_of(ctx.frame, ctx.history);
  return html`
    <div class="head">
      <h2>Services and broker</h2>
      <span class="spring"></span>
      <span class="dim">faults</span>
      ${duration_view(ctx)}
    </div>
    <div class="scroll">
      <ul class="processes">
        ${rows.map((row) => process_view(ctx, row))}
      </ul>
      ${links_view(ctx, links_of(ctx.frame))} ${twin_view(ctx, rows)}
      ${shell_view(ctx)}
    </div>
    ${hint_view(ctx)}
  `;
}

/** What is shown at once. */
const news_of = ({ processes, faults }) =>
  [
    ...Object.values(processes).map((one) => `${one.state} ${one.ready}`),
    ...faults.list.map((one) => `${one.id} ${one.phase}`),
  ].join();

export const panel = { id: 'services', title: 'Services', view, stands_ms: 390, news_of };
