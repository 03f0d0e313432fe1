// Following a run of the lab, and the riders after it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  follow,
  from_rest,
  value_of,
  with_riders_restored,
} from '../../../../services/lab/page/lessons/follow.js';

const at_once = async () => {};

function answering(answers) {
  const asked = [];
  return { asked, get: async (path) => (asked.push(path), answers.shift()) };
}

test('A run is followed to its end, also while the lab does not answer', async () => {
  const actions = answering([
    { ok: true, value: { state: 'running', said: 'a' } },
    { ok: false, problem: { status: 0, detail: 'no answer' } },
    { ok: false, problem: { status: 502, detail: 'bad gateway' } },
    { ok: true, value: { state: 'passed', said: 'b', result: {} } },
  ]);
  const said = [];
  const end = await follow(actions, '/api/blast/r1', (run) => said.push(run.said), at_once);
  assert.equal(end.state, 'passed');
  assert.deepEqual(said, ['a', 'b']);
  assert.equal(actions.asked.length, 4);
});

test('A run that the lab does not know any more is an error', async () => {
  const actions = answering([{ ok: false, problem: { status: 404, detail: 'there is no run' } }]);
  await assert.rejects(
    follow(actions, '/api/blast/r1', () => {}, at_once),
    /there is no run/,
  );
});

test('A refusal is an error with the words of the lab', async () => {
  assert.equal(await value_of({ ok: true, value: 7 }), 7);
  const refused = {
    ok: false,
    problem: { status: 409, title: 'Conflict', detail: 'blast b1 is on' },
  };
  await assert.rejects(value_of(refused), (error) => {
    assert.equal(error.message, 'blast b1 is on');
    assert.equal(error.problem.status, 409);
    return true;
  });
});

test('Riders ride on as before a run, also after one that failed', async () => {
  const orders = [];
  const ctx = (rate) => ({
    frame: { traffic: { rate, lanes: ['log'] } },
    actions: { traffic: async (order) => orders.push(order) },
  });
  assert.equal(await with_riders_restored(ctx(60), async () => 'done'), 'done');
  await assert.rejects(
    with_riders_restored(ctx(40), async () => {
      throw new Error('failed');
    }),
    /failed/,
  );
  assert.deepEqual(orders, [
    { rate: 60, lanes: ['log'] },
    { rate: 40, lanes: ['log'] },
  ]);
  await with_riders_restored(ctx(0), async () => {});
  assert.equal(orders.length, 2, 'nobody rode');
});

test('What is audited begins without riders, when every ride is settled', async () => {
  const done = [];
  const ctx = (running) => ({
    frame: { traffic: { rate: running ? 40 : 0, lanes: ['log'], running } },
    actions: {
      traffic: async ({ rate }) => (done.push(`rate ${rate}`), { ok: true, value: {} }),
      audit: async (seconds) => (done.push(`audit within ${seconds}`), { ok: true, value: {} }),
    },
  });
  await from_rest(ctx(true), async () => done.push('work'));
  assert.deepEqual(done.splice(0), ['rate 0', 'audit within 30', 'work', 'rate 40']);
  await from_rest(ctx(false), async () => done.push('work'));
  assert.deepEqual(done, ['work']);
});
