// Measures over made frames: what a run showed.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { measured } from '../../../../services/lab/page/lessons/measure.js';
import { evidence_of, frames_of } from '../../../../services/lab/page/lessons/run.js';
import { block_of } from '../../../../services/lab/page/lessons/blocks.js';

const process = (change = {}) => ({ state: 'running', ready: true, rate: 40, lag: 2, ...change });
const lane = (requested, accepted, p99_ms = 5) => ({
  requested,
  accepted,
  failed: requested - accepted,
  p50_ms: p99_ms > 1000 ? 1001.48 : 4,
  p99_ms,
});

// A frame a second; the fault is on from 2 to 5 s.
function evidence() {
  const lags = [2, 3, 2, 100, 200, 300, 150, 10, 2, 1];
  const frames = lags.map((lag, second) => ({
    t_ms: 1000 * second,
    processes: {
      payment: process(second >= 2 && second < 5 ? { state: 'frozen', ready: false } : {}),
      notification: process({ lag }),
      matching: process({ lag: second === 4 ? 90 : 2 }),
      analytics: process(),
    },
    lanes: {
      log: lane(40 * second, 40 * second),
      chain: lane(
        40 * second,
        40 * (second > 2 ? Math.max(2, second - 3) : second),
        second > 2 ? 1003.4 : 9,
      ),
    },
  }));
  const faults = [
    { target: 'payment', action: 'freeze', injected_at_ms: 2000, reverted_at_ms: 5000 },
  ];
  const counts = (lost) => ({ lost, duplicated: 3, orphaned: 0 });
  return {
    frames,
    faults,
    before: { log: counts(1), chain: counts(0) },
    after: { log: counts(1), chain: counts(7) },
  };
}

test('What happened to riders is counted while the fault was on', () => {
  assert.equal(measured('accepted log 1', evidence()), 100);
  assert.equal(measured('accepted chain 1', evidence()), 0);
  assert.equal(measured('refused log', evidence()), 0);
  assert.equal(measured('refused chain', evidence()), 120);
  assert.equal(measured('waited chain 1', evidence()), 1003);
  assert.equal(measured('median chain 1', evidence()), 1001.5);
});

test('Those that suffer are lanes that accept less and processes whose lag grows', () => {
  assert.deepEqual(measured('hurt 1', evidence()), ['notification', 'matching', 'chain lane']);
  assert.deepEqual(measured('hurt 2', evidence()), [], 'there was no second fault');
});

test('Lag has a most, a curve, and a time until it is gone', () => {
  assert.equal(measured('most-lag notification', evidence()), 300);
  assert.equal(measured('caught-up notification', evidence()), 2);
  assert.deepEqual(measured('lag-curve notification', evidence()).slice(0, 3), [
    [0, 2],
    [1, 100],
    [2, 200],
  ]);
  assert.deepEqual(measured('recovery', evidence()), ['matching', 'notification']);
  const never = evidence();
  never.frames.at(-1).processes.notification.lag = 500;
  assert.equal(measured('caught-up notification', never), null);
});

test("What the audit found before the run is not the run's", () => {
  assert.equal(measured('lost log', evidence()), 0);
  assert.equal(measured('lost chain', evidence()), 7);
  assert.equal(measured('lost log > 0', evidence()), 'no');
  assert.equal(measured('lost chain > lost log', evidence()), 'yes');
  assert.equal(measured('duplicated log = 0', evidence()), 'yes');
});

test('What the queue gave is found by its path', () => {
  assert.equal(measured('queue log.late', { queue: { log: { late: 40 } } }), 40);
  assert.equal(measured('queue log.nothing', { queue: { log: {} } }), null);
  assert.throws(() => measured('luck', evidence()), /there is no measure luck: there are accepted/);
});

const scripted = (change = {}) => {
  const asked = [];
  const run = {
    id: 'r1',
    state: 'running',
    began_ms: 1000,
    ended_ms: null,
    said: 'pause',
    result: null,
  };
  const ours = { faults: [{ target: 'payment' }], audit: { log: { lost: 2 } } };
  const done = {
    ...run,
    state: 'passed',
    ended_ms: 9000,
    result: { 'x-hailstorm': ours },
    ...change,
  };
  const states = [run, done];
  return {
    asked,
    get: async (path) => {
      asked.push(path);
      return path === '/api/audit'
        ? { log: { lost: 1 } }
        : states.length > 1
          ? states.shift()
          : states[0];
    },
    start: async (document) => (asked.push(document.title), run),
    recording: async (seconds) => (
      asked.push(seconds),
      '{"recording":1}\n{"v":1,"t_ms":900}\n{"v":1,"t_ms":1100}\n{"audit":{}}\n'
    ),
    queue: async (options) => (asked.push(options), { log: { late: 5 } }),
    sleep: async () => {},
  };
};

test('The evidence of a run is its frames, its faults, and the audits around it', async () => {
  const lab = scripted();
  const said = [];
  const block = block_of('run r\nriders: 40/s\nwait: 1 s');
  const found = await evidence_of({ name: 'x', title: 'X' }, block, lab, (text) => said.push(text));
  assert.deepEqual(
    found.frames.map((frame) => frame.t_ms),
    [1100],
  );
  assert.deepEqual([found.before.log.lost, found.after.log.lost], [1, 2]);
  assert.deepEqual(lab.asked, [
    '/api/audit',
    'X: r',
    '/api/experiments/r1',
    '/api/experiments/r1',
    11,
  ]);
  assert.deepEqual(said, ['pause']);
});

test('A run without a guard has its own platform, so only the audit after it counts', async () => {
  const block = block_of('run r\nriders: 40/s\nwithout: notification no-inbox');
  const found = await evidence_of({ name: 'x', title: 'X' }, block, scripted());
  assert.deepEqual([found.frames, found.before, found.after.log.lost], [[], null, 2]);
});

test('A run that was stopped, or proved nothing, is no evidence', async () => {
  const block = block_of('run r\nriders: 40/s');
  for (const state of ['stopped', 'inconclusive']) {
    const lab = scripted({ state, said: 'why' });
    await assert.rejects(
      evidence_of({ name: 'x', title: 'X' }, block, lab),
      /the run ended .*: why/,
    );
  }
});

test('A queue is asked for as many rides as the lesson says, after the riders', async () => {
  const lab = scripted();
  const found = await evidence_of({}, block_of('run r\nqueue: 60\nriders: 1/s'), lab);
  assert.deepEqual(lab.asked.at(-2), { rides: 60 });
  assert.equal(found.queue.log.late, 5);
});

test('What helps the queue is what gave every reader all messages', () => {
  const all = { first: 60, second: 60 };
  const half = { first: 31, second: 29 };
  const helps = (queue, queue_each) =>
    measured('queue-helps', { queue: { rides: 60, queue, queue_each } });
  assert.match(helps(half, all), /a queue for each reader/);
  assert.equal(helps(all, all), 'one queue');
  assert.equal(helps(half, half), 'nothing');
});

test('Records that came again are those that the log counted', () => {
  assert.equal(measured('redelivered 1', { faults: [{ details: { records: 520 } }] }), 520);
  assert.equal(measured('redelivered 1', { faults: [] }), null);
});

test('Frames of a recording are its lines with a version', () => {
  assert.deepEqual(frames_of('{"recording":1}\n{"v":1,"t_ms":5,"seq":1}\n', 0), [
    { v: 1, t_ms: 5, seq: 1 },
  ]);
});
