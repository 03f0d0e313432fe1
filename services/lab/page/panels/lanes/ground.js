// Draws what stands still of both lanes: services and their states, the log, how many rides wait.
// Needs a canvas; it keeps the picture until something of it changes.

import { font_of } from './glyphs.js';

const state_words = {
  running: '',
  exited: 'DOWN',
  frozen: 'FROZEN',
  slow: 'SLOW',
  unknown: 'UNKNOWN',
};
const state_hues = { running: 'line', exited: 'bad', frozen: 'bad', slow: 'slow', unknown: 'none' };

let ground = null; // {name, canvas}

function text(context, words, x, y, color, align = 'left') {
  context.fillStyle = color;
  context.textAlign = align;
  context.fillText(words, x, y);
}

function draw_box(context, one, words, colors, hue) {
  context.fillStyle = colors.raised;
  context.strokeStyle = colors[hue];
  context.lineWidth = hue === 'line' ? 1 : 2;
  context.setLineDash(hue === 'line' ? [] : [4, 3]);
  context.beginPath();
  context.roundRect(one.x + 0.5, one.y + 0.5, one.width, one.height, 4);
  context.fill();
  context.stroke();
  context.setLineDash([]);
  context.font = font_of(colors, 0.92);
  text(context, words, one.x + one.width / 2 + 0.5, one.y + one.height / 2, colors.ink, 'center');
}

function draw_service(context, one, process, colors) {
  const state = process?.state ?? 'unknown';
  draw_box(context, one, one.name, colors, state_hues[state] ?? 'none');
  const word = state_words[state] ?? state;
  if (word === '') return;
  context.font = font_of(colors, 0.85, 600);
  text(
    context,
    word,
    one.x + one.width / 2,
    one.y - colors.em * 0.6,
    colors[state_hues[state] ?? 'none'],
    'center',
  );
}

export function line(context, points, color, width = 1) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.beginPath();
  points.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.stroke();
}

function draw_log_lane(context, g, frame, colors) {
  const { gateway, log, services } = g;
  line(
    context,
    [
      [gateway.x + gateway.width, g.trunk_y],
      [log.x, g.trunk_y],
    ],
    colors.line,
    2,
  );
  for (const [at, one] of services.entries()) {
    line(
      context,
      [
        [log.x + log.width, g.rows[at]],
        [g.done_x, g.rows[at]],
      ],
      colors.line,
      2,
    );
    draw_service(context, one, frame.processes[one.name], colors);
    const waiting = frame.lanes.log.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.92, 600);
    text(
      context,
      `${waiting.toLocaleString('en-US')} wait`,
      one.x - 8,
      g.rows[at] - colors.em * 1.1,
      colors.ink,
      'right',
    );
  }
  draw_service(context, gateway, frame.processes.gateway, colors);
  const broker = frame.processes.broker?.state ?? 'unknown';
  context.fillStyle = colors.faint;
  context.strokeStyle =
    colors[state_hues[broker] === 'line' ? 'dim' : (state_hues[broker] ?? 'none')];
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(log.x, log.y, log.width, log.height, 10);
  context.fill();
  context.stroke();
  context.font = font_of(colors, 0.92);
  text(context, 'log', log.x + log.width / 2, log.y + colors.em, colors.ink, 'center');
  const word = state_words[broker] ?? broker;
  if (word)
    text(context, word, log.x + log.width / 2, log.y - colors.em * 0.5, colors.bad, 'center');
}

function draw_chain_lane(context, g, frame, colors) {
  line(
    context,
    [
      [4, g.chain_y],
      [g.done_x, g.chain_y],
    ],
    colors.line,
    2,
  );
  for (const one of g.chain) {
    draw_service(context, one, frame.processes[one.name], colors);
    const waiting = frame.lanes.chain.waiting?.[one.name] ?? 0;
    if (waiting === 0) continue;
    context.font = font_of(colors, 0.85, 600);
    text(
      context,
      `${waiting} wait`,
      one.x - 12,
      one.y + one.height + colors.em * 0.6,
      colors.ink,
      'right',
    );
  }
}

function draw_ground(context, g, ctx, per_dot, colors) {
  context.textBaseline = 'middle';
  context.font = font_of(colors, 1, 600);
  text(context, 'Event lane', 4, colors.em * 0.8, colors.ink);
  text(context, 'Chain lane', 4, g.chain_y - colors.em * 2.6, colors.ink);
  context.font = font_of(colors, 0.92);
  const said = per_dot === 1 ? 'each dot is a ride' : `1 dot = ${per_dot} rides`;
  text(context, said, g.width - 6, colors.em * 0.8, colors.dim, 'right');
  text(context, 'done', g.width - 6, colors.em * 2, colors.dim, 'right');
  line(
    context,
    [
      [4, g.chain_y - colors.em * 3.6],
      [g.width - 4, g.chain_y - colors.em * 3.6],
    ],
    colors.faint,
  );
  draw_log_lane(context, g, ctx.frame, colors);
  draw_chain_lane(context, g, ctx.frame, colors);
}

/** All that the ground says: it is drawn again when that has changed. */
function name_of_ground(canvas, ctx, per_dot, colors) {
  const { processes, lanes } = ctx.frame;
  const states = Object.values(processes).map((one) => one.state);
  const waiting = [lanes.log, lanes.chain].flatMap((lane) => Object.values(lane.waiting ?? {}));
  return [canvas.width, canvas.height, colors.look, per_dot, ...states, ...waiting].join(' ');
}

/** A picture of what stands still, as a canvas. */
export function ground_for(canvas, ctx, g, per_dot, colors) {
  const name = name_of_ground(canvas, ctx, per_dot, colors);
  if (ground?.name === name) return ground.canvas;
  const layer = ground?.canvas ?? document.createElement('canvas');
  layer.width = canvas.width;
  layer.height = canvas.height;
  const context = layer.getContext('2d');
  const scale = canvas.width / g.width;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  draw_ground(context, g, ctx, per_dot, colors);
  ground = { name, canvas: layer };
  return layer;
}
