import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import { SmoothClock, speed_of } from '../../../../services/lab/page/places.js';

test('the clock runs on between frames, never back, and stays near the frames', () => {
  const clock = new SmoothClock();
  let last = 0;
  for (let at = 0; at < 10_000; at += 16) {
    const seq = Math.floor(at / 200);
    const t = clock.tick({ seq, t_ms: 5_000_000 + seq * 200 + (seq % 3) * 30 }, at);
    assert.ok(t >= last, `${at}`);
    assert.ok(Math.abs(t - (5_000_000 + at)) < 300, `${at}: ${t}`);
    last = t;
  }
});

test('it stands where no frame comes, and while the display does', () => {
  const clock = new SmoothClock();
  const frame = { seq: 1, t_ms: 1000 };
  clock.tick(frame, 0);
  assert.equal(clock.tick(frame, 60_000), 2000);
  assert.equal(clock.tick(frame, 60_100, 0), 1000);
  assert.equal(clock.tick(frame, 60_200, 0), 1000);
});

test('it jumps where the display jumps', () => {
  const clock = new SmoothClock();
  clock.tick({ seq: 900, t_ms: 900_000 }, 0);
  assert.equal(clock.tick({ seq: 100, t_ms: 100_000 }, 16), 100_000);
});

test('the display runs as fast as the replay does, and not at all without motion', () => {
  const ctx = { mode: 'replaying', state: { time: { speed: 4 } }, reduced_motion: false };
  assert.equal(speed_of(ctx), 4);
  assert.equal(speed_of({ ...ctx, mode: 'live' }), 1);
  assert.equal(speed_of({ ...ctx, mode: 'paused' }), 0);
  assert.equal(speed_of({ ...ctx, reduced_motion: true }), 0);
});
