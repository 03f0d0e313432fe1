import assert from 'node:assert/strict';
import test from 'node:test';
import './document.mjs';
import { Pace } from '../../../../services/lab/page/places.js';

/** The time at which a browser with so many pictures a second is found too slow; null: never. */
function found_slow(pace, from_ms, fps, for_ms) {
  for (let at = from_ms; at < from_ms + for_ms; at += 1000 / fps) {
    if (pace.count(at)) return at;
  }
  return null;
}

test('a browser with 10 pictures a second is fast enough', () => {
  assert.equal(found_slow(new Pace(0), 0, 10, 60000), null);
});

test('one with 4 is too slow after three seconds, not before', () => {
  const at = found_slow(new Pace(0), 0, 4, 60000);
  assert.ok(at >= 3000 && at < 4500, `${at}`);
});

test('two slow seconds pass', () => {
  const pace = new Pace(0);
  assert.equal(found_slow(pace, 0, 4, 2000), null);
  assert.equal(found_slow(pace, 2000, 60, 3000), null);
  assert.equal(found_slow(pace, 5000, 4, 2000), null);
});
