// The tab Services: each process with its state, rate, lag and members, each link, and what they
// can be hit by. Needs the frame and the history; keeps nothing of its own (see faults/asking.js).
import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon, process_signs, sign } from '../icons.js';
import { count, span } from '../words.js';
import { buttons_view, duration_view } from './faults/buttons.js';
import { curl_of, faults_of } from './faults/asking.js';
import { curl_view, dim, when } from './shared/parts.js';
import { counted, per_second } from './shared/text.js';
import { TABLE_AGES_S, table_of } from './services/lag.js';
import { SPARK, group_state_words, links_of, rows_of } from './services/rows.js';

const QUICK = ['kill', 'freeze', 'slow', 'restart'];
const QUICK_OF_LINKS = ['timeout', 'latency'];
const MOST_MEMBERS = 8;
const MANY = 10; // in an outbox: below it nothing is the matter
const TRENDS = { growing: ['up', 'bad'], shrinking: ['down', 'ok'], steady: ['even', 'none'] };

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
function table_view(rows, now_ms) {
  const readers = rows.filter((row) => row.lag);
  return html`
    <details class="twin">
      <summary>Lag of the last minute as a table</summary>
      <table>
        <caption class="unseen">Records that each group has not committed</caption>
        <thead>
          <tr>
            <th scope="col">service</th>
            ${TABLE_AGES_S.map(
              (age) => html`
                <th scope="col" class="number">${age ? `${age} s ago` : 'now'}</th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${readers.map(
            (row) => html`
              <tr>
                <th scope="row"><bdi>${row.label}</bdi></th>
                ${table_of(row.lag.points, now_ms).map(
                  (lag) => html`
                    <td class="number">${lag === null ? '–' : count(lag)}</td>
                  `,
                )}
              </tr>
            `,
          )}
        </tbody>
      </table>
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

/** What the buttons of the top bar do, in a shell. */
function shell_view(ctx) {
  const { curl } = ctx.actions;
  const { rate } = ctx.frame.traffic;
  return html`
    <details class="twin" data-shell>
      <summary>Riders, and stop all faults, in a shell</summary>
      ${curl_view(curl('PUT', '/api/traffic', { rate }))}
      ${curl_view(curl('POST', '/api/faults/reset', {}))}
    </details>
  `;
}

/** The shell line of what the pointer or the focus was at last; at first what it will be. */
function hint_view(ctx, hint) {
  const words = 'Each fault shows here the shell line that does the same.';
  return html`
    <div class="hint">${hint ? curl_view(curl_of(ctx, hint)) : dim(words)}</div>
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
      ${links_view(ctx, links_of(ctx.frame))} ${table_view(rows, ctx.now_ms)}
      ${shell_view(ctx)}
    </div>
    ${hint_view(ctx, faults_of(ctx).hint)}
  `;
}

export const panel = { id: 'services', title: 'Services', view };
