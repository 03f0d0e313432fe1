// The city as tables: rides by state, zones with their demand. Needs the model's rides and the
// frame's zones; loaded when it is first opened.

import { html } from '../../vendor/lit-html/lit-html.js';
import { count, ride_signs, sign } from '../../words.js';

/** `states`: [state, how many rides], the most first. */
export function table_view(ctx, states) {
  const zones = [...(ctx.frame.zones?.list ?? [])]
    .sort((a, b) => b[4] - a[4] || b[2] - a[2])
    .slice(0, 12);
  return html`<table>
      <caption>
        Rides of the last minutes
      </caption>
      <thead>
        <tr>
          <th scope="col">state</th>
          <th scope="col" class="number">rides</th>
        </tr>
      </thead>
      <tbody>
        ${states.map(
          ([state, rides]) =>
            html`<tr data-state=${state}>
              <th scope="row">${sign(ride_signs, state)}</th>
              <td class="number">${count(rides)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <table>
      <caption>
        Zones of the last minute, as analytics counts them
      </caption>
      <thead>
        <tr>
          <th scope="col">south-west corner</th>
          <th scope="col" class="number">asked</th>
          <th scope="col" class="number">matched</th>
          <th scope="col" class="number">surge</th>
        </tr>
      </thead>
      <tbody>
        ${zones.map(
          ([west, south, asked, matched, surge]) =>
            html`<tr data-zone=${`${west},${south}`}>
              <th scope="row">${south.toFixed(2)}, ${west.toFixed(3)}</th>
              <td class="number">${count(asked)}</td>
              <td class="number">${count(matched)}</td>
              <td class="number">×${surge.toFixed(1)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
