// The chart over time as a table. Needs samples of the history; loaded when it is first opened.

import { html } from '../../vendor/lit-html/lit-html.js';
import { count, ms, percent, short, span } from '../../words.js';
import { lag_of } from '../../model.js';

/** At most `most` samples, evenly, always with the last one: for the chart as a table. */
export function some_of(samples, most) {
  if (samples.length <= most) return samples;
  return Array.from(
    { length: most },
    (_, at) => samples[Math.round(((at + 1) * samples.length) / most) - 1],
  );
}

function row_view(one, end) {
  const lag = lag_of(one);
  const lane = ({ rate, accepted_ratio, p99_ms }) =>
    html`<td class="number">${short(rate)}/s, ${percent(accepted_ratio)}</td>
      <td class="number">${ms(p99_ms)}</td>`;
  return html`<tr data-t=${one.t_ms}>
    <th scope="row">−${span(end - one.t_ms)}</th>
    ${lane(one.lanes.log)}${lane(one.lanes.chain)}
    <td class="number">${count(lag.lag)} ${lag.name}</td>
    <td>${one.faults.map((fault) => `${fault.target} ${fault.action}`).join(', ')}</td>
  </tr>`;
}

export function table_view({ samples }) {
  const rows = some_of(samples, 15);
  const end = samples.at(-1)?.t_ms ?? 0;
  const number = (words) => html`<th scope="col" class="number">${words}</th>`;
  return html`<div class="time-table" tabindex="0"><table>
    <caption class="unseen">
      The chart over time in numbers
    </caption>
    <thead>
      <tr>
        <th scope="col">time</th>
        ${['event lane', 'p99', 'chain lane', 'p99', 'largest lag'].map(number)}
        <th scope="col">faults that were on</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((one) => row_view(one, end))}
    </tbody>
  </table></div>`;
}
