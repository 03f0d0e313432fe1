// Time: the last five minutes as a chart with the faults that were on, and the display's own time,
// which may stand, step, go back and run again; a recording from a file is shown the same way.
// What it does is in ./time/, which is loaded once the page is painted.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { icon } from '../icons.js';
import { count, ms, percent, short, span } from '../words.js';

const MOST_WAITING = 50; // frames, until the parts are there
const SPEEDS = [0.25, 0.5, 1, 2, 4];

let parts = null; // ./time/parts.js
let control = null;
let loading = null;
let waiting = []; // frames that came before

export function load_parts() {
  loading ??= import('./time/parts.js').then((loaded) => {
    parts = loaded;
    control = new parts.Control();
    for (const [text, frame] of waiting) control.record(text, frame);
    waiting = [];
    return control;
  });
  return loading;
}

function record(text, frame) {
  if (control) control.record(text, frame);
  else if (waiting.push([text, frame]) > MOST_WAITING) waiting.shift();
}

async function open(url, ctx) {
  return (await load_parts()).open_url(url, ctx);
}

let takes_files = false;

/** A recording may be dropped anywhere on the page. */
function take_files(ctx) {
  if (takes_files) return;
  takes_files = true;
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    const [chosen] = event.dataTransfer.files;
    load_parts().then(() => control.open_file(chosen, ctx));
  });
}

async function save(ctx) {
  const link = document.createElement('a');
  const text = await control.recording(ctx);
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = `hailstorm-${ctx.run}-${ctx.frame.seq}.jsonl`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const shown = (ctx) =>
  control?.shown(ctx) ?? { samples: ctx.history, keep_ms: 0, now_ms: ctx.now_ms };
const own = (ctx) => ({ speed: 1, table: false, ...ctx.state.time });

function slider_view(ctx, { samples, now_ms }) {
  const begin = samples[0]?.t_ms ?? 0;
  const end = samples.at(-1)?.t_ms ?? 0;
  const back = end - now_ms;
  const is_now = !control?.player;
  return html`<input
      type="range"
      class="scrub"
      min="0"
      max=${Math.max(end - begin, 1)}
      step="100"
      aria-label="Time of the display"
      aria-valuetext=${is_now ? 'now' : `${span(back)} before the end`}
      .value=${String(now_ms - begin)}
      ?disabled=${!control || end === begin}
      @input=${(event) => control.seek(ctx, begin + Number(event.target.value))}
    />
    <output class="at number" data-at=${now_ms}>${is_now ? 'now' : `−${span(back)}`}</output>`;
}

function button(ctx, picture, words, run, key) {
  return html`<button
    class="small"
    aria-label=${words}
    title=${key ? `${words} (${key})` : words}
    aria-keyshortcuts=${key ?? nothing}
    ?disabled=${!control?.can_replay}
    @click=${run}
  >
    ${icon(picture)}
  </button>`;
}

function speed_view(ctx) {
  const set_speed = (event) => {
    const speed = Number(event.target.value);
    if (control?.player) control.player.speed = speed;
    ctx.set({ time: { ...own(ctx), speed } });
  };
  return html`<label
    >speed
    <select @change=${set_speed}>
      ${SPEEDS.map(
        (one) => html`<option value=${one} ?selected=${one === own(ctx).speed}>${one}×</option>`,
      )}
    </select></label
  >`;
}

function controls_view(ctx, what) {
  const { player = null, file = null } = control ?? {};
  const back = player && ctx.conn !== 'none';
  const play = () => {
    control.play(ctx);
    control.player.speed = own(ctx).speed;
  };
  const stand = () => control.pause(ctx);
  const go_live = () => control.go_live(ctx);
  return html`${button(ctx, 'previous', 'One frame back', () => control.step(ctx, -1), 'ArrowLeft')}
    ${
      player?.runs
        ? button(ctx, 'pause', 'Stand still', stand)
        : button(ctx, 'play', 'Replay from here', play)
    }
    ${button(ctx, 'next', 'One frame on', () => control.step(ctx, 1), 'ArrowRight')}
    ${speed_view(ctx)} ${slider_view(ctx, what)}
    ${
      back
        ? html`<button class="small" @click=${go_live}>${icon('live')}<span>Now</span></button>`
        : nothing
    }
    ${
      file
        ? html`<span class="chip" data-hue="orphan" data-file=${file}
          >${icon('play')}<span class="cut foreign">${file}</span></span>`
        : nothing
    }`;
}

function files_view(ctx) {
  return html`<button class="small" ?disabled=${!ctx.frame || !control} @click=${() => save(ctx)}>
      ${icon('download')}<span>Export JSONL</span>
    </button>
    <label class="button small"
      >Open…<input
        class="unseen"
        type="file"
        accept=".jsonl"
        ?disabled=${!control}
        @change=${(event) => control.open_file(event.target.files[0], ctx)}
    /></label>`;
}

function row_view(one, end) {
  const lag = parts.lag_of(one);
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

function table_view({ samples }) {
  const rows = parts ? parts.some_of(samples, 15) : [];
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

function legend_view() {
  return html`<span class="legend" aria-hidden="true"
    ><span class="line-log"></span>event lane <span class="line-chain"></span>chain lane</span
  >`;
}

function view(ctx) {
  take_files(ctx);
  const what = shown(ctx);
  const { table } = own(ctx);
  return html`<header class="head time-head">
      <h2>Time</h2>
      ${controls_view(ctx, what)} <span class="spring"></span
      ><span class="problem" role="status">${control?.problem ?? ''}</span>
      ${legend_view()} ${files_view(ctx)}
      <button
        class="quiet small"
        aria-pressed=${table}
        @click=${() => ctx.set({ time: { ...own(ctx), table: !table } })}
      >
        as a table
      </button>
    </header>
    ${
      table
        ? table_view(what)
        : html`<canvas
            class="time-canvas"
            data-canvas="time"
            role="img"
            @click=${(event) => on_click(event, ctx)}
            aria-label="Accepted rides per second, p99 and lag over time, with faults"
          ></canvas>`
    }`;
}

function on_click(event, ctx) {
  const what = shown(ctx);
  const left = parts.left_of(parseFloat(getComputedStyle(event.target).fontSize));
  const width = event.target.clientWidth - left - 2;
  control.seek(
    ctx,
    parts.t_of(event.offsetX, parts.span_of(what.samples, what.keep_ms), left, width),
  );
}

function draw(canvas_of, ctx) {
  if (!parts) return void load_parts();
  if (!ctx.frame) return undefined;
  // Five minutes do not look another after a fifth of a second.
  const moment = control.player ? ctx.frame.seq : Math.floor(ctx.now_ms / 1000);
  parts.draw_time(canvas_of, shown(ctx), [ctx.run, moment, control.file].join(' '));
  return undefined;
}

export const panel = {
  id: 'time',
  title: 'Time',
  view,
  draw,
  record,
  open,
  pause: (ctx) => control?.pause(ctx) ?? false,
  go_live: (ctx) => control?.go_live(ctx) ?? false,
  toggle: (ctx) => control?.toggle(ctx) ?? false,
  keys: [
    { key: 'ArrowLeft', name: '←', what: 'one frame back', run: (ctx) => control?.step(ctx, -1) },
    { key: 'ArrowRight', name: '→', what: 'one frame on', run: (ctx) => control?.step(ctx, 1) },
  ],
};
