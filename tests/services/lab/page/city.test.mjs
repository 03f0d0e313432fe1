import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import {
  both,
  box_of,
  drive_of,
  is_seen,
  place_of,
  projection,
} from '../../../../services/lab/page/panels/city.js';

test('the box has nearly all places, so that a few far ones do not shrink the city', () => {
  const places = Array.from({ length: 1000 }, (_, at) => [-74 + at / 10_000, 40.7 + at / 20_000]);
  places.push([0, 0]);
  const box = box_of(places);
  assert.ok(box.west >= -74 && box.west < -73.99);
  assert.ok(box.east < -73.8 && box.north < 41 && box.south > 40);
  assert.equal(box_of([]), null);
});

test('the box grows and never shrinks', () => {
  const a = { west: 1, east: 2, south: 3, north: 4 };
  assert.deepEqual(both(a, { west: 1.5, east: 3, south: 3.5, north: 3.6 }), { ...a, east: 3 });
  assert.equal(both(null, a), a);
  assert.equal(both(a, null), a);
});

test('north is up, the whole box is on the canvas, and a kilometre is as long either way', () => {
  const box = { west: -74.02, east: -73.92, south: 40.7, north: 40.8 };
  const at = projection(box, 300, 400);
  const corner = at(box.west, box.south);
  const far = at(box.east, box.north);
  for (const { x, y } of [corner, far]) assert.ok(x >= 0 && x <= 300 && y >= 0 && y <= 400);
  assert.ok(far.y < corner.y && far.x > corner.x);
  const wide = (far.x - corner.x) / (0.1 * Math.cos((40.75 * Math.PI) / 180));
  const high = (corner.y - far.y) / 0.1;
  assert.ok(Math.abs(wide - high) < 1e-6);
});

test('one place alone is drawn in the middle', () => {
  const at = projection(box_of([[-74, 40.7]]), 300, 400);
  assert.deepEqual(at(-74, 40.7), { x: 150, y: 200 });
});

const ride = (lanes) => ({ id: 'r', asked_ms: 1000, lanes });
const lane = (more) => ({
  state: 'requested',
  since_ms: 1000,
  lon: -74,
  lat: 40.7,
  hops: [],
  ...more,
});

test('a ride that the chain knows no place of has that of the event lane', () => {
  assert.deepEqual(
    place_of(ride({ log: lane(), chain: lane({ lon: null, lat: null }) })),
    [-74, 40.7],
  );
  assert.equal(place_of(ride({ chain: lane({ lon: null, lat: null }) })), null);
});

test('a ride that waits is seen for as long as it does; one that is over, for a short time', () => {
  const waits = ride({ log: lane({ hops: ['payment'] }) });
  assert.ok(is_seen(waits, 'log', 900_000));
  const done = ride({ log: lane({ state: 'settled' }) });
  assert.ok(is_seen(done, 'log', 6000));
  assert.ok(!is_seen(done, 'log', 8000));
  const failed = ride({ log: lane(), chain: lane({ state: 'failed', hops: ['payment'] }) });
  assert.ok(!is_seen(failed, 'chain', 8000));
  assert.ok(is_seen(done, 'chain', 2000), 'it is asked for on the chain at the same moment');
});

test('a driver is on its way for two seconds, and there is none without a match', () => {
  const matched = ride({ log: lane({ driver: [-74.01, 40.71], matched_ms: 2000 }) });
  assert.equal(drive_of(matched, 'log', 1999), null);
  assert.equal(drive_of(matched, 'log', 3000), 0.5);
  assert.equal(drive_of(matched, 'log', 4500), 1);
  assert.equal(drive_of(matched, 'log', 9000), null);
  assert.equal(drive_of(ride({ log: lane() }), 'log', 3000), null);
});
