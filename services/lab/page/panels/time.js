// Time: the last five minutes as a chart with the faults that were on, and the controls of the
// display's own time, which may stand, step, go back and run again. It records the frames; what
// shows them again is in ./time/, which is loaded when it is first asked for.

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import {
  STRIPS,
  bands_of,
  labels_of,
  points_of,
  sample_of,
  span_of,
  t_of,
  top_of,
  x_of,
} from '../model.js';
import { colors_of, font_of } from '../places.js';
import { icon, span } from '../words.js';

export const KEEP_MS = 300000;
export const MOST_CHARACTERS = 32e6; // of live frames
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const GAP = 4;
const line_hues = { log: 'ok', chain: 'bad' };
const dashes = { log: [], chain: [4, 2] };

let control = null; // of ./time/control.js, once it was asked for
let loading = null;
let table = null; // ./time/table.js, once it was opened
let drawn = null;
let recorded = []; // [text, sample] of each frame, until there is a control
let characters = 0;

export function load_control() {
  loading ??= import('./time/control.js').then(({ Control }) => {
    control = new Control(recorded);
    recorded = [];
    return control;
  });
  return loading;
}

const act = async (run) => run(await load_control());

function record(text, frame) {
  if (control) return control.record(text, frame);
  recorded.push([text, sample_of(frame)]);
  characters += text.length;
  const is_old = ([, { t_ms }]) => t_ms < frame.t_ms - KEEP_MS || t_ms > frame.t_ms;
  while (is_old(recorded[0]) || characters > MOST_CHARACTERS)
    characters -= recorded.shift()[0].length;
  return undefined;
}

const step = (ctx, by) => act((it) => it.step(ctx, by));
const open = (url, ctx) => act((it) => it.open_url(url, ctx));

let takes_files = false;

/** A recording may be dropped anywhere on the page. */
function take_files(ctx) {
  if (takes_files) return;
  takes_files = true;
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', (event) => {
    event.preventDefault();
    const [chosen] = event.dataTransfer.files;
    act((it) => it.open_file(chosen, ctx));
  });
}

const shown = (ctx) =>
  control?.shown(ctx) ?? { samples: ctx.history, keep_ms: KEEP_MS, now_ms: ctx.now_ms };
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
      ?disabled=${end === begin}
      @input=${(event) => act((it) => it.seek(ctx, begin + Number(event.target.value)))}
    />
    <output class="at number" data-at=${now_ms}>${is_now ? 'now' : `−${span(back)}`}</output>`;
}

function button(ctx, picture, words, run, key) {
  return html`<button
    class="small"
    aria-label=${words}
    title=${key ? `${words} (${key})` : words}
    aria-keyshortcuts=${key ?? nothing}
    ?disabled=${!(control ?? recorded[0])}
    @click=${() => act(run)}
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
  const play = (it) => {
    it.play(ctx);
    it.player.speed = own(ctx).speed;
  };
  const stand = (it) => it.pause(ctx);
  const go_live = () => act((it) => it.go_live(ctx));
  return html`${button(ctx, 'previous', 'One frame back', (it) => it.step(ctx, -1), 'ArrowLeft')}
    ${
      player?.runs
        ? button(ctx, 'pause', 'Stand still', stand)
        : button(ctx, 'play', 'Replay from here', play)
    }
    ${button(ctx, 'next', 'One frame on', (it) => it.step(ctx, 1), 'ArrowRight')}
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
  const save = () => act((it) => it.save(ctx));
  return html`<button class="small" ?disabled=${!ctx.frame} @click=${save}>
      ${icon('download')}<span>Export JSONL</span>
    </button>
    <label class="button small"
      >Open…<input
        class="unseen"
        type="file"
        accept=".jsonl"
        @change=${({ target }) => act((it) => it.open_file(target.files[0], ctx))}
    /></label>`;
}

function table_of(ctx) {
  if (table === null) setTimeout(() => load_table(ctx), 0);
  return table;
}

async function load_table(ctx) {
  table ??= await import('./time/table.js');
  ctx.set({});
}

function legend_view() {
  return html`<span class="legend" aria-hidden="true"
    ><span class="line-log"></span>event lane <span class="line-chain"></span>chain lane</span
  >`;
}

function view(ctx) {
  take_files(ctx);
  const what = shown(ctx);
  const is_table = own(ctx).table;
  return html`<header class="head time-head">
      <h2>Time</h2>
      ${controls_view(ctx, what)} <span class="spring"></span
      ><span class="problem" role="status">${control?.problem ?? ''}</span>
      ${legend_view()} ${files_view(ctx)}
      <button
        class="quiet small"
        aria-pressed=${is_table}
        @click=${() => ctx.set({ time: { ...own(ctx), table: !is_table } })}
      >
        as a table
      </button>
    </header>
    ${
      is_table
        ? (table_of(ctx)?.table_view(what) ?? nothing)
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
  const left = left_of(parseFloat(getComputedStyle(event.target).fontSize));
  const width = event.target.clientWidth - left - 2;
  const t_ms = t_of(event.offsetX, span_of(what.samples, what.keep_ms), left, width);
  act((it) => it.seek(ctx, t_ms));
}

const left_of = (em) => em * 8.6;

function draw_band(context, band, to_x, height, colors) {
  const from = to_x(band.begin);
  const to = Math.max(from + 2, to_x(band.end));
  context.globalAlpha = 0.13;
  context.fillStyle = colors.bad;
  context.fillRect(from, 0, to - from, height);
  context.globalAlpha = 1;
  context.strokeStyle = colors.bad;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(from + 0.5, 0);
  context.lineTo(from + 0.5, height);
  context.stroke();
}

function draw_labels(context, bands, to_x, right, colors) {
  context.font = font_of(colors, 0.85, 600);
  context.fillStyle = colors.ink;
  context.textAlign = 'left';
  const width_of = (label) => context.measureText(label).width;
  for (const { label, x, row } of labels_of(bands, { to_x, width_of, right })) {
    context.fillText(label, x, colors.em * (0.7 + row * 0.95));
  }
}

function draw_strip(context, strip, area, samples, to_x, colors) {
  const top = top_of(strip, samples);
  const y_of = (value) => area.y + area.height - 1 - (value / top) * (area.height - 3);
  context.strokeStyle = colors.faint;
  context.lineWidth = 1;
  context.strokeRect(area.x + 0.5, area.y + 0.5, area.width, area.height - 1);
  for (const [name, value] of strip.lines) {
    context.strokeStyle = colors[line_hues[name]];
    context.lineWidth = 1.6;
    context.setLineDash(dashes[name]);
    context.beginPath();
    points_of(samples, value, to_x, y_of).forEach(({ x, y }, at) =>
      at === 0 ? context.moveTo(x, y) : context.lineTo(x, y),
    );
    context.stroke();
  }
  context.setLineDash([]);
  context.font = font_of(colors, 0.9);
  context.textAlign = 'left';
  context.fillStyle = colors.ink;
  context.fillText(strip.title, 0, area.y + area.height / 2);
  context.textAlign = 'right';
  context.fillStyle = colors.dim;
  context.fillText(
    `${top.toLocaleString('en-US')}${strip.unit === ' ms' ? ' ms' : ''}`,
    area.x - 5,
    area.y + colors.em * 0.6,
  );
}

/** `what`: {samples, keep_ms, now_ms}. */
function draw_time(canvas_of, what, key) {
  const context = canvas_of('time');
  if (!context) return;
  const { canvas } = context;
  const { clientWidth: width, clientHeight: height } = canvas;
  const colors = colors_of(canvas);
  const name = `${key} ${canvas.width} ${canvas.height} ${colors.look}`;
  if (drawn === name) return;
  drawn = name;
  context.clearRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const left = left_of(colors.em);
  const span = span_of(what.samples, what.keep_ms);
  const plot = width - left - 2;
  const to_x = (t_ms) => x_of(t_ms, span, left, plot);
  const seen = what.samples.filter((sample) => sample.t_ms >= span.begin);
  const high = (height - GAP * (STRIPS.length - 1)) / STRIPS.length;
  STRIPS.forEach((strip, at) => {
    const area = { x: left, y: at * (high + GAP), width: plot, height: high };
    draw_strip(context, strip, area, seen, to_x, colors);
  });
  const bands = bands_of(seen);
  for (const band of bands) draw_band(context, band, to_x, height, colors);
  draw_labels(context, bands, to_x, width, colors);
  const x = to_x(what.now_ms);
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
}

function draw(canvas_of, ctx) {
  if (!ctx.frame) return;
  // Five minutes do not look another after a fifth of a second.
  const moment = control?.player ? ctx.frame.seq : Math.floor(ctx.now_ms / 1000);
  draw_time(canvas_of, shown(ctx), [ctx.run, moment, control?.file].join(' '));
}

export const panel = {
  id: 'time',
  title: 'Time',
  stands_ms: 390,
  view,
  draw,
  record,
  open,
  pause: (ctx) => act((it) => it.pause(ctx)),
  go_live: (ctx) => control?.go_live(ctx) ?? false,
  toggle: (ctx) => act((it) => it.toggle(ctx)),
  keys: [
    { key: 'ArrowLeft', name: '←', what: 'one frame back', run: (ctx) => step(ctx, -1) },
    { key: 'ArrowRight', name: '→', what: 'one frame on', run: (ctx) => step(ctx, 1) },
  ],
};
