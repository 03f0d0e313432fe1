// A Markdown document as a list of parts: headings, paragraphs, code, lists, tables and fenced
// blocks. Needs the text alone; it knows the subset that the lessons are written in.

import { spans_of } from './spans.js';

const FENCE = /^```(\w*)\s*$/;
const HEADING = /^(#{1,4}) (.*)$/;
const ITEM = /^(?:[-*]|(\d+)\.) (.*)$/;

const cells_of = (row) =>
  row
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => spans_of(cell.trim()));
const is_rule = (row) => /^\|[\s|:-]+$/.test(row);

// Takes lines from `lines` at `at` as long as `belongs`; gives them and where the rest begins.
function take(lines, at, belongs) {
  let end = at;
  while (end < lines.length && belongs(lines[end], end)) ++end;
  return [lines.slice(at, end), end];
}

function fenced(lines, at) {
  const [body, end] = take(lines, at + 1, (line) => !line.startsWith('```'));
  const language = FENCE.exec(lines[at])[1];
  return [{ kind: 'code', language, text: body.join('\n'), line: at + 2 }, end + 1];
}

function indented(lines, at) {
  const [body, end] = take(
    lines,
    at,
    (line, here) =>
      line.startsWith('    ') || (line === '' && (lines[here + 1] ?? '').startsWith('    ')),
  );
  const text = body.map((line) => line.slice(4)).join('\n');
  return [{ kind: 'code', language: '', text, line: at + 1 }, end];
}

function table(lines, at) {
  const [rows, end] = take(lines, at, (line) => line.startsWith('|'));
  const body = rows.filter((row) => !is_rule(row)).map(cells_of);
  return [{ kind: 'table', head: body[0] ?? [], rows: body.slice(1) }, end];
}

function list(lines, at) {
  const items = [];
  let end = at;
  for (; end < lines.length && lines[end] !== ''; ++end) {
    const item = ITEM.exec(lines[end]);
    if (item) items.push(item[2]);
    else items[items.length - 1] += ` ${lines[end].trim()}`;
  }
  const ordered = /^\d/.test(lines[at]);
  return [{ kind: 'list', ordered, items: items.map(spans_of) }, end];
}

function paragraph(lines, at) {
  const [body, end] = take(
    lines,
    at,
    (line, here) =>
      line !== '' &&
      (here === at || !(FENCE.test(line) || HEADING.test(line) || line.startsWith('|'))),
  );
  return [{ kind: 'paragraph', spans: spans_of(body.map((line) => line.trim()).join(' ')) }, end];
}

function part_at(lines, at) {
  const line = lines[at];
  const heading = HEADING.exec(line);
  if (heading) {
    return [{ kind: 'heading', level: heading[1].length, spans: spans_of(heading[2]) }, at + 1];
  }
  if (FENCE.test(line)) return fenced(lines, at);
  if (line.startsWith('    ')) return indented(lines, at);
  if (line.startsWith('|')) return table(lines, at);
  return ITEM.test(line) ? list(lines, at) : paragraph(lines, at);
}

export function parts_of(text) {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  const parts = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at] === '') {
      ++at;
      continue;
    }
    const [part, next] = part_at(lines, at);
    parts.push(part);
    at = next;
  }
  return parts;
}
