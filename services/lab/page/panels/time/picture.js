// Draws the chart over time: three strips with one time axis, faults as labelled ranges across
// them, and a line where the display is. Needs a canvas; numbers come from chart.js.

import { colors_of, font_of } from '../lanes/glyphs.js';
import { STRIPS, bands_of, labels_of, points_of, span_of, top_of, x_of } from './chart.js';

const GAP = 4;
const line_hues = { log: 'ok', chain: 'bad' };
const dashes = { log: [], chain: [4, 2] };
let drawn = null;

export const left_of = (em) => em * 8.6;

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

/** `shown`: {samples, keep_ms, now_ms}. */
export function draw_time(canvas_of, shown, key) {
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
  const span = span_of(shown.samples, shown.keep_ms);
  const plot = width - left - 2;
  const to_x = (t_ms) => x_of(t_ms, span, left, plot);
  const seen = shown.samples.filter((sample) => sample.t_ms >= span.begin);
  const high = (height - GAP * (STRIPS.length - 1)) / STRIPS.length;
  STRIPS.forEach((strip, at) => {
    draw_strip(
      context,
      strip,
      { x: left, y: at * (high + GAP), width: plot, height: high },
      seen,
      to_x,
      colors,
    );
  });
  const bands = bands_of(seen);
  for (const band of bands) draw_band(context, band, to_x, height, colors);
  draw_labels(context, bands, to_x, width, colors);
  const x = to_x(shown.now_ms);
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
}
