// The steps of a run block as an experiment: a document that the lab runs, and Chaos Toolkit too.
// Needs the block; a step that cannot be read is an error that names its line.

const AUTH = { 'Content-Type': 'application/json', Authorization: '${auth}' };
const FAULT = /^(\w+) ([\w:]+) for (\d+(?:\.\d+)?) s(?: with (.+))?$/;
const RIDERS = /^(\d+(?:\.\d+)?)\/s(?: on (log|chain))?$/;
const SECONDS = /^(\d+(?:\.\d+)?) s$/;
const READ_WITHIN_S = 50; // of one audit, as the API has it

function fail(step, example) {
  throw new Error(`line ${step.line}: write "${step.name}: ${example}", not "${step.value}"`);
}

// "latency_ms=400, jitter_ms=20"
function attributes_of(text) {
  const pairs = (text ?? '')
    .split(',')
    .map((pair) => pair.trim().split('='))
    .filter((pair) => pair[1]);
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, isNaN(value) ? value : Number(value)]),
  );
}

// What POST /api/faults takes.
export function fault_of(step) {
  const match = FAULT.exec(step.value);
  if (!match) fail(step, 'freeze payment for 4 s');
  const [, action, target, seconds, attributes] = match;
  const fault = { target, action, duration: `${Math.round(Number(seconds) * 1000)}ms` };
  return attributes ? { ...fault, attributes: attributes_of(attributes) } : fault;
}

function riders_of(step) {
  const match = RIDERS.exec(step.value);
  if (!match) fail(step, '40/s');
  return { rate: Number(match[1]), lanes: match[2] ? [match[2]] : ['log', 'chain'] };
}

function seconds_in(step) {
  const match = SECONDS.exec(step.value);
  if (!match) fail(step, '4 s');
  return Number(match[1]);
}

function change(name, method, path, body) {
  const provider = { type: 'http', method, url: `\${lab}${path}`, headers: AUTH, secrets: ['lab'] };
  return { type: 'action', name, provider: { ...provider, arguments: body }, pauses: {} };
}

function settled(seconds) {
  const within = Math.min(seconds, READ_WITHIN_S);
  const url = `\${lab}/api/audit?within_s=${within}`;
  return {
    type: 'probe',
    name: 'every ride is settled',
    provider: { type: 'http', url, timeout: within + 5 },
  };
}

function add(method, step) {
  if (step.name === 'riders') {
    method.push(change(`riders: ${step.value}`, 'PUT', '/api/traffic', riders_of(step)));
  } else if (step.name === 'do') {
    method.push(change(step.value, 'POST', '/api/faults', fault_of(step)));
  } else if (step.name === 'wait') {
    if (method.length === 0) fail(step, '4 s, below another step');
    method[method.length - 1].pauses = { after: seconds_in(step) };
  } else {
    method.push({
      ...change('riders stop', 'PUT', '/api/traffic', { rate: 0 }),
      pauses: { after: 1 },
    });
    method.push(settled(seconds_in(step)));
  }
  return method;
}

// "notification no-inbox"
function unsafe_of(text) {
  const [service, guard] = text.split(/\s+/);
  return { [service]: [guard] };
}

const proven_probe = {
  type: 'probe',
  name: 'every fault is proven',
  tolerance: { type: 'range', target: 'body', range: [0, 0] },
  provider: { type: 'http', url: '${lab}/api/value/faults.not_proven' },
};

export function document_of(lesson, block) {
  const extension = { name: 'hailstorm', seed: 7 };
  if (block.without) extension.unsafe = unsafe_of(block.without);
  return {
    title: `${lesson.title}: ${block.id}`,
    description: `The run of the lesson ${lesson.name}.`,
    configuration: { lab: { type: 'env', key: 'HAIL_LAB', default: 'http://127.0.0.1:7408' } },
    secrets: { lab: { auth: { type: 'env', key: 'HAIL_LAB_BEARER' } } },
    runtime: { hypothesis: { strategy: 'after-method-only' } },
    'steady-state-hypothesis': { title: 'every fault is proven', probes: [proven_probe] },
    method: block.steps.reduce(add, []),
    rollbacks: [change('all faults are reverted', 'POST', '/api/faults/reset', {})],
    extensions: [extension],
  };
}

// How long it takes at the least, in seconds: for the page to say before it begins.
export function seconds_of_run(block) {
  const waits = block.steps.filter((step) => step.name === 'wait');
  return waits.reduce((sum, step) => sum + seconds_in(step), 2);
}
