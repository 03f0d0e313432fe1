// Every run of every lesson on real platforms, one for each seed: what is measured must be what the
// lesson's answer keys say. Uses the page's own modules, so both measure alike.
//   node tests/experiments/lessons.mjs --program FILE --data DIR --base-port N [--seeds N] [NAME…]
// NAME: a lesson without its ending. The last lines are the ranges, and what is not true any more.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { key_problem, quantile } from '../../services/lab/page/lessons/keys.js';
import { lesson_of, questions_of } from '../../services/lab/page/lessons/lesson.js';
import { measured } from '../../services/lab/page/lessons/measure.js';
import { evidence_of } from '../../services/lab/page/lessons/run.js';

const READY_WITHIN_MS = 60000;
const AT_ONCE = 3; // most of the time they wait
const PORTS_APART = 40; // a run without a guard has a platform beside this one

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    program: { type: 'string' },
    data: { type: 'string' },
    'base-port': { type: 'string' },
    seeds: { type: 'string', default: '3' },
  },
});
const seeds = Number(given.seeds);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function lessons() {
  const folder = new URL('../../docs/lessons/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => /^\d-.*\.md$/.test(name))
    .map((name) => lesson_of(name.slice(0, -3), readFileSync(new URL(name, folder), 'utf8')))
    .filter((lesson) => positionals.length === 0 || positionals.includes(lesson.name));
}

/** The lab as the lessons use it, with a token in place of a session. */
function lab_at(url, token) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  async function ask(method, path, body) {
    const response = await fetch(url + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return path.startsWith('/api/recording') ? text : JSON.parse(text);
  }
  return {
    get: (path) => ask('GET', path),
    start: (document) => ask('POST', '/api/experiments', document),
    queue: (options) => ask('POST', '/api/queue-or-log', options),
    recording: (seconds) => ask('GET', `/api/recording?seconds=${seconds}`),
    sleep,
  };
}

/** Five frames a second are made while somebody looks. */
function look_on(url, stop) {
  fetch(`${url}/api/stream`, { signal: stop.signal })
    .then(async (response) => {
      for await (const chunk of response.body) if (chunk.length === 0) break;
    })
    .catch(() => {});
}

async function with_platform(seed, work) {
  const data = `${given.data}/lessons-${seed}`;
  const port = Number(given['base-port']) + PORTS_APART * seed;
  mkdirSync(given.data, { recursive: true });
  const log = openSync(`${data}.log`, 'w');
  const options = ['serve', '--data', data, '--base-port', `${port}`, '--seed', `${seed}`];
  const platform = spawn(given.program, options, { stdio: ['ignore', log, log] });
  const ended = new Promise((done) => platform.on('exit', done));
  const stop = new AbortController();
  const url = `http://127.0.0.1:${port + 8}`;
  try {
    await ready(url);
    look_on(url, stop);
    await work(lab_at(url, readFileSync(`${data}/lab/lab-token`, 'utf8').trim()));
  } finally {
    stop.abort();
    platform.kill('SIGINT');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function ready(url) {
  for (let waited = 0; waited < READY_WITHIN_MS; waited += 200) {
    try {
      const frame = await (await fetch(`${url}/api/state`)).json();
      if (Object.values(frame.processes).every((process) => process.ready)) return;
    } catch {
      // Not yet.
    }
    await sleep(200);
  }
  throw new Error(`the platform at ${url} was not ready within 60 s`);
}

const results = new Map(); // "lesson question" → {question, values: [[seed, value]…]}
const failures = [];

async function run_lesson(lesson, seed, lab) {
  for (const block of lesson.runs) {
    const evidence = await evidence_of(lesson, block, lab);
    for (const question of questions_of(lesson, block.id)) {
      const name = `${lesson.name} ${question.id}`;
      const value = measured(question.grade.measure, evidence);
      if (!results.has(name)) results.set(name, { question, values: [] });
      results.get(name).values.push([seed, value]);
      const problem = key_problem(question, value);
      if (problem) failures.push(`${name}, seed ${seed}: ${problem}`);
    }
  }
}

async function run_seed(seed) {
  try {
    await with_platform(seed, async (lab) => {
      for (const lesson of lessons()) await run_lesson(lesson, seed, lab);
    });
  } catch (failure) {
    failures.push(`seed ${seed}: ${failure.message}`);
  }
}

function range_line([name, { question, values }]) {
  const all = values.map(([, value]) => value);
  if (question.kind === 'curve') return `${name.padEnd(40)} ${all.length} curves`;
  if (question.kind !== 'number')
    return `${name.padEnd(40)} ${[...new Set(all.map(String))].join(' | ')}`;
  const [low, high] = [0.05, 0.95].map((share) => Math.round(quantile(all, share) * 10) / 10);
  return `${name.padEnd(40)} ${low} … ${high} (key ${question.grade.key})`;
}

const waiting = Array.from({ length: seeds }, (_, at) => at + 1);
const workers = Array.from({ length: Math.min(seeds, AT_ONCE) }, async () => {
  while (waiting.length > 0) await run_seed(waiting.shift());
});
await Promise.all(workers);
for (const line of [...results].map(range_line).sort()) console.log(line);
for (const failure of failures) console.log(`not true: ${failure}`);
if (results.size === 0) failures.push('nothing was measured');
process.exit(failures.length === 0 ? 0 : 1);
