// A document of maps, lists, texts, numbers and truths as YAML, in block style. Needs nothing; what
// it writes, the lab's reader reads back as the same document.

const PLAIN = /^[A-Za-z_$/][\w ./$:{}()-]*$/;
const SPAN = /^\d+(\.\d+)?(ms|s|m|h)$/;
const WORDS = /^(true|false|null|yes|no|on|off|~|y|n)$/i;
const WIDE = 88;

const is_flat = (value) => value === null || typeof value !== 'object';

function scalar(value) {
  if (typeof value !== 'string') return JSON.stringify(value);
  if (SPAN.test(value)) return value;
  const is_plain = PLAIN.test(value) && !WORDS.test(value) && !/: |:$| #|\s$/.test(value);
  return is_plain && !/[{}]/.test(value) ? value : JSON.stringify(value);
}

function flow(value) {
  if (is_flat(value)) return scalar(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([name, one]) => `${scalar(name)}: ${flow(one)}`)
    .join(', ')}}`;
}

/** Small maps and lists have one line. */
function fits(value, indent) {
  const is_small = Object.values(value).every((one) => is_flat(one) || Array.isArray(one));
  return is_small && flow(value).length + indent < WIDE;
}

function lines_of(value, indent) {
  const blank = ' '.repeat(indent);
  if (Array.isArray(value)) {
    return value.flatMap((one) => {
      if (is_flat(one) || fits(one, indent)) return [`${blank}- ${flow(one)}`];
      const [first, ...rest] = lines_of(one, indent + 2);
      return [`${blank}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value).flatMap(([name, one]) => {
    const head = `${blank}${scalar(name)}:`;
    if (is_flat(one) || Object.keys(one).length === 0 || (indent > 0 && fits(one, head.length))) {
      return [`${head} ${flow(one)}`];
    }
    return [head, ...lines_of(one, indent + 2)];
  });
}

export const yaml_of = (document) => `${lines_of(document, 0).join('\n')}\n`;
