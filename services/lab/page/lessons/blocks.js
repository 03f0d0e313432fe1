// A ```hail block of a lesson: its first line says what it is, each other one is "field: value".
// Needs the block's text; whatever is wrong is an error that names the line.

const WORDS = ['predict', 'run', 'grade', 'explain', 'sandbox'];
const KINDS = ['set', 'number', 'order', 'curve', 'yes-no', 'choice'];
const MANY = ['do']; // fields that a block may have several times, in order with those below
const STEPS = ['riders', 'wait', 'do', 'settle'];

const FIELDS = {
  predict: ['kind', 'ask', 'among', 'unit', 'from', 'to', 'most', 'why'],
  run: [...STEPS, 'queue', 'without', 'watch'],
  grade: ['measure', 'key', 'because'],
  explain: ['ask', 'among', 'key'],
  sandbox: ['do', 'ask'],
};

export const list_of = (text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

function fail(line, why) {
  throw new Error(`line ${line}: ${why}`);
}

function field_of(text, word, line) {
  const colon = text.indexOf(':');
  if (colon < 1) fail(line, `write "field: value", not "${text}"`);
  const name = text.slice(0, colon).trim();
  if (!FIELDS[word].includes(name)) {
    fail(line, `${word} has no field ${name}: it has ${FIELDS[word].join(', ')}`);
  }
  return [name, text.slice(colon + 1).trim()];
}

// "150 … 230" or "7" as a range.
export function range_of(text) {
  const numbers = text.split('…').map((part) => Number(part.trim()));
  if (numbers.length > 2 || numbers.some((number) => !Number.isFinite(number))) return null;
  const [low, high = low] = numbers;
  return low <= high ? { low, high } : null;
}

function check_predict(block, line) {
  if (!KINDS.includes(block.kind)) fail(line, `kind is one of ${KINDS.join(', ')}`);
  if (!block.ask) fail(line, 'predict needs: ask');
  if (['set', 'order', 'choice'].includes(block.kind) && list_of(block.among ?? '').length < 2) {
    fail(line, `a ${block.kind} needs: among, with at least two`);
  }
  const scaled = ['number', 'curve'].includes(block.kind);
  if (scaled && !(Number(block.from) < Number(block.to))) {
    fail(line, `a ${block.kind} needs: from and to, the ends of its scale`);
  }
}

function parse(text, line) {
  const lines = text.split('\n').map((one, index) => ({ text: one.trim(), line: line + index }));
  const used = lines.filter((one) => one.text !== '');
  if (used.length === 0) fail(line, 'the block is empty');
  const [word, id = ''] = used[0].text.split(/\s+/);
  if (!WORDS.includes(word))
    fail(used[0].line, `a block is one of ${WORDS.join(', ')}, not ${word}`);
  const block = { word, id, line, steps: [] };
  for (const one of used.slice(1)) {
    const [name, value] = field_of(one.text, word, one.line);
    if (word !== 'predict' && STEPS.includes(name)) {
      block.steps.push({ name, value, line: one.line });
    } else if (name in block && !MANY.includes(name)) {
      fail(one.line, `${name} stands there twice`);
    } else {
      block[name] = value;
    }
  }
  return block;
}

// Errors: an Error that says the line, counted from `line`, and what to write.
export function block_of(text, line = 1) {
  const block = parse(text, line);
  if (block.word !== 'sandbox' && block.id === '')
    fail(line, `${block.word} needs a name after it`);
  if (block.word === 'predict') check_predict(block, line);
  if (block.word === 'grade' && !(block.measure && block.key))
    fail(line, 'grade needs: measure, key');
  if (block.word === 'run' && block.steps.length === 0) fail(line, 'run has no step');
  return block;
}
