import assert from 'node:assert/strict';
import test from 'node:test';
import { Model } from '../../../../services/lab/page/model.js';

function frame(seq, more = {}) {
  return {
    v: 1,
    run: 'one',
    seq,
    t_ms: 1000 + seq * 200,
    processes: { payment: { lag: seq, lag_s: 0, rate: 40 } },
    lanes: { log: { rate: 40 }, chain: { rate: 39 } },
    faults: { on: 0, not_proven: 0, list: [] },
    rides: [],
    ...more,
  };
}

test('takes frames in their order, and each once', () => {
  const model = new Model();
  assert.equal(model.take(frame(1)), 'first');
  assert.equal(model.take(frame(2)), 'next');
  assert.equal(model.take(frame(2)), 'old');
  assert.equal(model.take(frame(1)), 'old');
  assert.equal(model.previous.seq, 1);
  assert.equal(model.history.length, 2);
});

test('another run makes all from before void', () => {
  const model = new Model();
  model.take(frame(7, { rides: [['r-1', 'log', 'matched', 1, 2]] }));
  assert.equal(model.take(frame(1, { run: 'two' })), 'new run');
  assert.equal(model.rides.size, 0);
  assert.equal(model.history.length, 1);
  assert.equal(model.previous, null);
});

test('knows a ride in both lanes, by its newest state', () => {
  const model = new Model();
  const id = '0123456789abcdef';
  model.take(frame(1, { rides: [[id, 'log', 'requested', 1, 2]] }));
  model.take(
    frame(2, {
      rides: [
        [id, 'log', 'matched', 1, 2],
        [id, 'chain', 'failed', 1, 2],
      ],
    }),
  );
  const ride = model.rides.get(id);
  assert.equal(ride.short, '01234567');
  assert.equal(ride.lanes.log.state, 'matched');
  assert.equal(ride.lanes.log.since_ms, 1400);
  assert.equal(ride.lanes.chain.state, 'failed');
});

test('keeps a bounded number of rides: the last ones', () => {
  const model = new Model();
  for (let seq = 1; seq <= 30; ++seq) {
    const rides = Array.from({ length: 100 }, (_, at) => [`${seq}-${at}`, 'log', 'settled', 0, 0]);
    model.take(frame(seq, { rides }));
  }
  assert.equal(model.rides.size, 2000);
  assert.ok(model.rides.has('30-99'));
  assert.ok(!model.rides.has('1-0'));
});

test('keeps five minutes: one figure a second, and all of the last minute', () => {
  const model = new Model();
  for (let seq = 1; seq <= 5 * 3600; ++seq) model.take(frame(seq));
  const { history } = model;
  const now = history.at(-1).t_ms;
  assert.ok(history[0].t_ms >= now - 300000 && history[0].t_ms < now - 298000);
  const fine = history.filter((one) => one.t_ms >= now - 60000);
  assert.ok(fine.length >= 300 && fine.length <= 301, `${fine.length}`);
  const seconds = history.filter((one) => one.t_ms < now - 60000).map((one) => one.t_ms / 1000);
  const steps = seconds.slice(1).map((at, i) => Math.floor(at) - Math.floor(seconds[i]));
  assert.ok(steps.every((step) => step === 1));
  assert.ok(history.length < 560);
});

test('a fault is in the figures until it is reverted', () => {
  const model = new Model();
  const on = { id: 'f1', target: 'payment', action: 'kill', phase: 'proven', reverted_at_ms: 0 };
  const off = { id: 'f2', phase: 'proven_off', reverted_at_ms: 5 };
  model.take(frame(1, { faults: { on: 1, not_proven: 0, list: [on, off] } }));
  assert.deepEqual(model.history[0].faults, [{ id: 'f1', target: 'payment', action: 'kill' }]);
});

test('a copy stays as it is', () => {
  const model = new Model();
  model.take(frame(1, { rides: [['r', 'log', 'requested', 0, 0]] }));
  const copy = model.copy();
  model.take(frame(2, { rides: [['r', 'log', 'matched', 0, 0]] }));
  assert.equal(copy.frame.seq, 1);
  assert.equal(copy.rides.get('r').lanes.log.state, 'requested');
  assert.equal(copy.history.length, 1);
});
