import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lane_after } from '../../../../services/lab/page/model.js';
import {
  dots_of,
  geometry,
  has_dot,
  is_under_way,
  places_of,
  point_of,
  ride_near,
  ride_to_follow,
  rides_per_dot,
} from '../../../../services/lab/page/panels/lanes/dots.js';

const T0 = 1_000_000;

/** A ride that was asked for at T0; `changes` are [t_ms after T0, lane, state, hops]. */
function ride(changes, short = '0a000001') {
  const made = { id: `${short}-rest`, short, asked_ms: T0, lanes: {} };
  for (const [after_ms, lane, state, hops = []] of changes) {
    const age = after_ms;
    const change = [made.id, lane, state, -73.9, 40.7, age, hops];
    made.lanes[lane] = lane_after(made.lanes[lane], change, T0 + after_ms);
  }
  return made;
}

const legs = (one, after_ms, is_asked = false) =>
  places_of(one, T0 + after_ms, is_asked).map(({ lane, leg, at }) => `${lane} ${leg} ${at ?? ''}`);

test('a ride on the event lane reaches all four services at once and goes on from each', () => {
  const one = ride([[50, 'log', 'settled']]);
  assert.deepEqual(legs(one, -1), []);
  assert.deepEqual(legs(one, 100), ['log trunk ']);
  assert.deepEqual(legs(one, 500), ['log to 0', 'log to 1', 'log to 2', 'log to 3']);
  assert.deepEqual(legs(one, 1200), ['log from 0', 'log from 1', 'log from 2', 'log from 3']);
  assert.deepEqual(legs(one, 2000), []);
});

test('a ride waits before the service that has not handled it, for as long as that is so', () => {
  const changes = [
    [50, 'log', 'matched', ['payment']],
    [9000, 'log', 'settled'],
  ];
  const waiting = ride(changes.slice(0, 1));
  assert.deepEqual(legs(waiting, 60_000), ['log queue 1']);
  const done = ride(changes);
  assert.deepEqual(legs(done, 8999), ['log queue 1']);
  assert.deepEqual(legs(done, 9100), ['log from 1']);
  assert.ok(is_under_way(waiting, T0 + 60_000));
  assert.ok(!is_under_way(done, T0 + 60_000));
});

test('on the chain a ride is at one place, and falls where it failed once that is known', () => {
  const one = ride([
    [200, 'chain', 'matched', ['payment']],
    [1200, 'chain', 'failed', ['payment']],
  ]);
  assert.deepEqual(legs(one, 100), ['chain to 0']);
  assert.deepEqual(legs(one, 1000), ['chain queue 1']);
  assert.deepEqual(legs(one, 1300), ['chain fall 1']);
  assert.deepEqual(legs(one, 5000), []);
});

test('an orphan lies at its place for a while, however late its effect came', () => {
  const one = ride([
    [1200, 'chain', 'failed', ['payment']],
    [9000, 'chain', 'orphaned', ['payment']],
  ]);
  assert.deepEqual(legs(one, 5000), []);
  assert.deepEqual(legs(one, 9500), ['chain orphan 1']);
  assert.deepEqual(legs(one, 20_000), []);
});

test('a ride of which the chain says nothing yet waits at its first service', () => {
  const one = ride([[50, 'log', 'settled']]);
  assert.deepEqual(legs(one, 3000, true), ['chain queue 0']);
  assert.deepEqual(legs(one, 3000, false), []);
  assert.deepEqual(legs(one, 60_000, true), []);
});

test('a refusal of the gateway falls at the gateway, on either lane', () => {
  assert.deepEqual(legs(ride([[300, 'log', 'failed', ['gateway']]]), 400), ['log fall -1']);
  assert.deepEqual(legs(ride([[300, 'chain', 'failed', ['gateway']]]), 400), ['chain fall -1']);
});

test('a dot never goes back', () => {
  const g = geometry(500, 330);
  const one = ride([
    [150, 'log', 'matched', ['payment', 'analytics']],
    [1700, 'log', 'settled'],
    [250, 'chain', 'matched', ['payment']],
    [1700, 'chain', 'settled'],
  ]);
  const last = new Map();
  for (let after_ms = 0; after_ms < 4000; after_ms += 10) {
    for (const place of places_of(one, T0 + after_ms, true)) {
      const name = place.lane === 'log' ? `log ${place.at ?? ''}` : 'chain';
      const { x } = point_of(g, place, 0);
      assert.ok(x >= (last.get(name) ?? 0) - 3, `${name} at ${after_ms}`);
      last.set(name, x);
    }
  }
  assert.ok(last.get('log 1') > g.done_x - 20);
});

test('above 60 rides a second one dot stands for several, the same rides in both lanes', () => {
  assert.equal(rides_per_dot(40), 1);
  assert.equal(rides_per_dot(60), 1);
  assert.equal(rides_per_dot(61), 2);
  assert.equal(rides_per_dot(200), 4);
  const shorts = Array.from({ length: 4000 }, (_, at) =>
    ((at * 2654435761) % 2 ** 32).toString(16).padStart(8, '0'),
  );
  const shown = shorts.filter((short) => has_dot({ short }, 4));
  assert.ok(Math.abs(shown.length - 1000) < 100, `${shown.length}`);
});

test('the ride to follow is the first of its span and the same for all of it', () => {
  const rides = [10, 1950, 2100, 3900].map((asked, at) => ({ id: at, asked_ms: asked }));
  assert.equal(ride_to_follow(rides, 1990).id, 0);
  assert.equal(ride_to_follow(rides, 2050), null);
  assert.equal(ride_to_follow(rides, 2200).id, 2);
  assert.equal(ride_to_follow(rides, 3990).id, 2);
});

test('dots wait in the order in which they came, and those without room are left out', () => {
  const rides = Array.from({ length: 200 }, (_, at) => {
    const one = ride([[50, 'log', 'matched', ['payment']]], (at + 1).toString(16).padStart(8, '0'));
    one.lanes.log.asked_ms = T0 + at * 10;
    return one;
  });
  const g = geometry(500, 330);
  const options = { geometry: g, is_asked: false, per_dot: 1, still: false };
  const dots = dots_of(rides, T0 + 30_000, options);
  assert.ok(dots.length > 20 && dots.length < 80, `${dots.length}`);
  assert.equal(dots[0].id, rides[0].id);
  assert.ok(dots[0].x > dots[1].x);
  assert.ok(
    dots.every((dot) => dot.shape === 'circle' && dot.x > g.log.x && dot.x < g.services[1].x),
  );
});

test('where nothing may move, only what waits has a dot', () => {
  const rides = [ride([[50, 'log', 'settled']]), ride([[50, 'log', 'matched', ['payment']]])];
  const options = { geometry: geometry(500, 330), is_asked: false, per_dot: 1, still: true };
  assert.equal(dots_of(rides, T0 + 500, options).length, 0);
  assert.equal(dots_of(rides, T0 + 5000, options).length, 1);
  assert.deepEqual(dots_of(rides, T0 + 5000, options), dots_of(rides, T0 + 9000, options));
});

test('the ride at a point is the one whose dot is nearest, and none where none is near', () => {
  const dots = [
    { id: 'a', x: 10, y: 10 },
    { id: 'b', x: 16, y: 10 },
  ];
  assert.equal(ride_near(dots, 11, 12), 'a');
  assert.equal(ride_near(dots, 15, 10), 'b');
  assert.equal(ride_near(dots, 40, 10), null);
});
