import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Model, lane_after } from '../../../../services/lab/page/model.js';

const T0 = 1_000_000;
const waiting = (payment) => ({ matching: 0, payment, notification: 0, analytics: 0 });

function frame(seq, rides, payment = 0) {
  return {
    run: 'r',
    seq,
    t_ms: T0 + seq * 200,
    rides,
    processes: {},
    lanes: { log: { waiting: waiting(payment) }, chain: { waiting: waiting(0) } },
    faults: { list: [] },
  };
}

const waits = (id, seq) => [id, 'log', 'matched', -73.9, 40.7, seq * 200, ['payment'], -73.8, 40.6];

test('of a ride it is known when it waited no longer for each service', () => {
  const change = (state, hops, ...driver) => ['r', 'log', state, -73.9, 40.7, 50, hops, ...driver];
  const asked = lane_after(undefined, change('requested', ['matching', 'payment']), T0);
  assert.equal(asked.asked_ms, T0 - 50);
  assert.equal(asked.driver, null);
  const matched = lane_after(asked, change('matched', ['payment'], -73.8, 40.6), T0 + 200);
  assert.deepEqual(matched.left, { matching: T0 + 200 });
  assert.equal(matched.matched_ms, T0 + 200);
  assert.deepEqual(matched.driver, [-73.8, 40.6]);
  const settled = lane_after(matched, change('settled', []), T0 + 900);
  assert.deepEqual(settled.left, { matching: T0 + 200, payment: T0 + 900 });
  assert.equal(settled.asked_ms, T0 - 50);
  assert.equal(settled.first_ms, T0);
});

test('what is settled stays so, whatever its rider was answered', () => {
  const settled = lane_after(undefined, ['r', 'log', 'settled', -73.9, 40.7, 50, []], T0);
  assert.equal(
    lane_after(settled, ['r', 'log', 'failed', null, null, 9, ['gateway']], T0 + 1),
    settled,
  );
});

test('a place that a later change does not know is kept', () => {
  const asked = lane_after(undefined, ['r', 'log', 'requested', -73.9, 40.7], T0);
  assert.deepEqual(asked.hops, []);
  const failed = lane_after(asked, ['r', 'log', 'failed', null, null, 9, ['gateway']], T0 + 1);
  assert.deepEqual([failed.lon, failed.lat, failed.failed_ms], [-73.9, 40.7, T0 + 1]);
});

test('who skips frames shows no ride as waiting that does not', () => {
  const model = new Model();
  model.take(frame(1, [waits('a', 1), waits('b', 1)], 2));
  model.take(frame(2, [waits('c', 2)], 3));
  assert.deepEqual([...model.rides.keys()], ['a', 'b', 'c']);
  model.take(frame(5, [], 1));
  assert.deepEqual([...model.rides.keys()], ['c']);
  model.take(frame(9, [], 0));
  assert.equal(model.rides.size, 0);
});

test('a ride is asked for when the first lane says so', () => {
  const model = new Model();
  model.take(frame(1, [['a', 'log', 'requested', -73.9, 40.7, 150, []]]));
  model.take(frame(2, [['a', 'chain', 'settled', -73.9, 40.7, 20, []]]));
  assert.equal(model.rides.get('a').asked_ms, T0 + 50);
});

test('who misses frames of less than a second knows of each ride what the others know', () => {
  const frames = [frame(1, [waits('a', 1)], 1), frame(2, [waits('b', 2)], 2)];
  const paid = (seq) => ['a', 'log', 'confirmed', -73.9, 40.7, seq * 200, [], -73.8, 40.6];
  frames.push(frame(3, [paid(3)], 1), frame(4, [], 1));
  frames[3].earlier = [
    [400, ['b', 'log', 'matched', -73.9, 40.7, 800, ['payment'], -73.8, 40.6]],
    [200, paid(4)],
  ];
  const saw_all = new Model();
  frames.forEach((one) => saw_all.take(one));
  const missed_two = new Model();
  missed_two.take(frames[0]);
  missed_two.take(frames[3]);
  assert.deepEqual(missed_two.rides, saw_all.rides);
  const came_last = new Model();
  came_last.take(frames[3]);
  assert.deepEqual(came_last.rides.get('b'), saw_all.rides.get('b'));
});

test('a ride stays as it was for who holds it, whatever later frames say', () => {
  const model = new Model();
  model.take(frame(1, [waits('a', 1)], 1));
  const held = model.rides.get('a');
  const before = structuredClone(held);
  model.take(frame(2, [['a', 'chain', 'failed', null, null, 400, ['payment']]], 1));
  model.take(frame(9, [], 0));
  assert.deepEqual(held, before);
  assert.equal(model.rides.get('a').lanes.log, undefined);
});
