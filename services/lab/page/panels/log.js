// The tab Log: each topic's partitions as tubes with the place of every group in them, the groups
// with what each member owns, and the rewind of a group. Needs the frame and the history.
import { html, nothing, svg } from '../vendor/lit-html/lit-html.js';
import { count, counted, shown, span, when } from '../words.js';
import { buttons_view, duration_view } from './faults.js';
import { lag_in } from './log/rewind.js';
import { rewind_view, rewinds, toggle_rewind } from './log/rewind_form.js';
import { filled_part, hatched_part, lag_scale, record_scale, topics_of } from './log/tubes.js';
import { group_state_words, groups_age_ms, members_of } from './services.js';
import { dim, foreign, heads } from './shared/parts.js';

const WIDTH = 60;
const HEIGHT = 12;
const MARK = 5;
const MOST_TOPICS = 40;
const MOST_MEMBERS = 8;

/** A tube, filled up to `filled` and hatched for `hatched` of its width, with a mark in between. */
function tube_view(words, { filled, hatched = 0, is_marked = false, kind }) {
  const room = WIDTH - MARK - 2;
  const at = 1 + filled * room;
  const mark = `M${at.toFixed(1)} 0l${MARK} ${HEIGHT / 2}l${-MARK} ${HEIGHT / 2}z`;
  return html`
    <svg class="tube" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${words}>
      <title>${words}</title>
      <rect class="glass" x="0.5" y="0.5" width=${WIDTH - 1} height=${HEIGHT - 1} rx="2"></rect>
      <rect class=${kind} x="1" y="1" width=${filled * room} height=${HEIGHT - 2}></rect>
      <rect
        x=${at.toFixed(1)}
        y="1"
        width=${(hatched > 0 ? hatched * room + MARK : 0).toFixed(1)}
        height=${HEIGHT - 2}
        fill="url(#hatch)"
      ></rect>
      ${is_marked ? svg`<path class="mark" d=${mark}></path>` : nothing}
    </svg>
  `;
}

function end_view(one, scale) {
  const words = `partition ${one.index}: offsets ${count(one.start)} to ${count(one.end)}`;
  return html`
    <td>
      ${tube_view(words, { filled: filled_part(one.end - one.start, scale), kind: 'log' })}
      <span class="number">${count(one.end)}</span>
    </td>
  `;
}

function cell_view(reader, cell, scale) {
  const hatched = hatched_part(cell.lag, scale);
  const place = cell.committed < 0 ? 'no offset' : `committed ${count(cell.committed)}`;
  const words =
    `${shown(reader.group, 40)}, partition ${cell.index}: ${place} of ${count(cell.end)}, ` +
    `${count(cell.lag)} to go, ${cell.owner || 'no owner'}`;
  return html`
    <td data-lag=${cell.lag}>
      ${tube_view(words, {
        filled: cell.end > 0 ? 1 - hatched : 0,
        hatched,
        is_marked: cell.end > 0,
        kind: 'read',
      })}
      <span class="number">
        ${cell.committed < 0 ? '–' : count(cell.committed)}
        ${when(
          cell.lag > 0,
          html`
            <b>−${count(cell.lag)}</b>
          `,
        )}
      </span>
      ${when(reader.owner === null, dim(cell.owner || 'no owner'))}
    </td>
  `;
}

function reader_view(reader, scale) {
  return html`
    <tr data-reader=${shown(reader.group, 80)}>
      <th scope="row">${foreign(reader.group, 40)}</th>
      ${reader.cells.map((cell) => cell_view(reader, cell, scale))}
      <td class="number">${count(reader.lag)}</td>
    </tr>
  `;
}

function tubes_view(topic, scales) {
  return html`
    <table class="tubes">
      <thead>
        <tr>${heads(['group', ...topic.partitions.map((one) => `p${one.index}`)], ['lag'])}</tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">log</th>
          ${topic.partitions.map((one) => end_view(one, scales.records))}
          <td></td>
        </tr>
        ${topic.readers.map((reader) => reader_view(reader, scales.lag))}
      </tbody>
    </table>
  `;
}

/** A topic without records is a line alone. */
function topic_view(ctx, topic, scales) {
  const readers = topic.readers.map((one) => shown(one.group, 40)).join(', ');
  return html`
    <section class="topic" data-topic=${shown(topic.name, 80)}>
      <div class="row wrap">
        <h3>${foreign(topic.name, 80)}</h3>
        <span class="dim">${counted(topic.records, 'record')}</span>
        <span class="spring"></span>
        ${buttons_view(ctx, topic.name, ['poison'])}
      </div>
      ${topic.records > 0 ? tubes_view(topic, scales) : dim(`read by ${readers}`)}
    </section>
  `;
}

const owner_view = (one) => html`
  <span class="members" title=${`member ${one.name} in epoch ${one.epoch}`}>
    <bdi>${one.name}</bdi>
    <span class="dim">${counted(one.partitions, 'partition')}</span>
  </span>
`;

function row_of_group(ctx, name, group) {
  const is_open = rewinds(ctx, name);
  const label = shown(name, 80);
  return html`
    <tr data-group=${label} data-epoch=${group.epoch}>
      <th scope="row" title=${group_state_words(group.state)}>
        <b>${foreign(name, 40)}</b>
        <span class="dim">${shown(group.state, 30)} e${group.epoch}</span>
      </th>
      <td>${members_of(group).slice(0, MOST_MEMBERS).map(owner_view)}</td>
      <td class="number">${count(lag_in(ctx.frame, name))}</td>
      <td class="number">
        <button
          class="small"
          data-rewind-button
          aria-expanded=${is_open}
          aria-label=${`Rewind ${label}`}
          @click=${() => toggle_rewind(ctx, name)}
        >
          Rewind…
        </button>
      </td>
    </tr>
    ${rewind_row(ctx, name, group, is_open)}
  `;
}

const rewind_row = (ctx, name, group, is_open) =>
  is_open
    ? html`
        <tr>
          <td colspan="4">${rewind_view(ctx, name, Object.keys(group.topics))}</td>
        </tr>
      `
    : nothing;

function groups_view(ctx) {
  return html`
    <table class="groups">
      <thead>
        <tr>${heads(['group', 'members'], ['lag', ''])}</tr>
      </thead>
      <tbody>
        ${Object.entries(ctx.frame.groups).map(([name, group]) => row_of_group(ctx, name, group))}
      </tbody>
    </table>
  `;
}

function view(ctx) {
  if (!ctx.frame)
    return html`
      <p class="dim">Waiting for the first frame…</p>
    `;
  const topics = topics_of(ctx.frame);
  const scales = { records: record_scale(topics), lag: lag_scale(topics, ctx.history, ctx.now_ms) };
  const age_ms = groups_age_ms(ctx.frame, ctx.history);
  return html`
    <svg class="unseen" aria-hidden="true">
      <defs>
        <pattern
          id="hatch"
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="hatch-line" width="1.6" height="4"></rect>
        </pattern>
      </defs>
    </svg>
    <div class="head">
      <h2>Groups</h2>
      <span class="spring"></span>
      <span class="dim">faults</span>
      ${duration_view(ctx)}
    </div>
    <div data-stale=${age_ms ? 'yes' : 'no'}>
      ${when(age_ms, dim(`Last known ${span(age_ms)} ago: the broker does not answer.`))}
      ${groups_view(ctx)}
      <p class="dim scale" data-scale=${scales.lag}>
        A whole tube of the log: ${counted(scales.records, 'record')}, logarithmic. A whole hatched
        tube: a lag of ${counted(scales.lag, 'record')}, by its square root; the mark is what is
        committed.
      </p>
      ${topics.slice(0, MOST_TOPICS).map((topic) => topic_view(ctx, topic, scales))}
      ${when(
        topics.length > MOST_TOPICS,
        dim(`and ${counted(topics.length - MOST_TOPICS, 'more topic')}`),
      )}
      ${
        topics.length === 0
          ? html`
              <p class="dim">No group has read a topic yet.</p>
            `
          : nothing
      }
    </div>
  `;
}

export const panel = { id: 'log', title: 'Log', view };
