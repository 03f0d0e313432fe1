// The pictures of the tab Services as numbers: the lag of each group in the last minute. Needs the
// rows of the tab; loaded when the table is first opened.
import { html } from '../../vendor/lit-html/lit-html.js';
import { count } from '../../words.js';

/** The same minute as numbers: the lag at 60, 45, 30, 15 and 0 s ago; null: not known. */
const TABLE_AGES_S = [60, 45, 30, 15, 0];
export function table_of(points, now_ms) {
  return TABLE_AGES_S.map((age_s) => {
    const at_ms = now_ms - age_s * 1000;
    const near = points.filter(([t_ms]) => Math.abs(t_ms - at_ms) <= 1500);
    return near.length === 0 ? null : near.at(-1)[1];
  });
}

const head_view = (age) => html`
  <th scope="col" class="number">${age ? `${age} s ago` : 'now'}</th>
`;

function row_view(row, now_ms) {
  const cell = (lag) => html`
    <td class="number">${lag === null ? '–' : count(lag)}</td>
  `;
  return html`
    <tr>
      <th scope="row"><bdi>${row.label}</bdi></th>
      ${table_of(row.lag.points, now_ms).map(cell)}
    </tr>
  `;
}

export function table_view(rows, now_ms) {
  const readers = rows.filter((row) => row.lag);
  return html`
    <table>
      <caption class="unseen">Records that each group has not committed</caption>
      <thead>
        <tr>
          <th scope="col">service</th>
          ${TABLE_AGES_S.map(head_view)}
        </tr>
      </thead>
      <tbody>
        ${readers.map((row) => row_view(row, now_ms))}
      </tbody>
    </table>
  `;
}
