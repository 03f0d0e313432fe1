import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import {
  bands_of,
  labels_of,
  lag_of,
  points_of,
  round_up,
  span_of,
  t_of,
  x_of,
} from '../../../../services/lab/page/model.js';
import { some_of } from '../../../../services/lab/page/panels/time/table.js';

test('a scale ends at the next round number', () => {
  const ends = [0, NaN, 0.3, 1, 1.1, 4.9, 5, 7, 40, 104, 1087].map(round_up);
  assert.deepEqual(ends, [1, 1, 0.5, 1, 2, 5, 5, 10, 50, 200, 2000]);
});

test('from a time to a pixel and back', () => {
  const span = { begin: 1000, end: 2000 };
  assert.equal(x_of(1500, span, 100, 400), 300);
  assert.equal(t_of(300, span, 100, 400), 1500);
  assert.equal(t_of(0, span, 100, 400), 1000);
  assert.equal(t_of(9999, span, 100, 400), 2000);
});

test('one to five minutes are drawn of a live tape, and all of a recording', () => {
  const samples = [{ t_ms: 500_000 }, { t_ms: 560_000 }];
  assert.deepEqual(span_of(samples, 300_000), { begin: 500_000, end: 560_000 });
  assert.deepEqual(span_of(samples.slice(1), 300_000), { begin: 500_000, end: 560_000 });
  assert.deepEqual(span_of([{ t_ms: 0 }, ...samples], 300_000), { begin: 260_000, end: 560_000 });
  assert.deepEqual(span_of(samples, Infinity), { begin: 500_000, end: 560_000 });
});

test('of several samples on a pixel the highest is drawn', () => {
  const samples = [1, 9, 2, 3].map((value, at) => ({ t_ms: at, value }));
  const points = points_of(
    samples,
    (one) => one.value,
    (t) => Math.floor(t / 3),
    (value) => value,
  );
  assert.deepEqual(points, [
    { x: 0, y: 9 },
    { x: 1, y: 3 },
  ]);
});

test('a fault is a range with a label, up to the first sample without it', () => {
  const on = { id: 'a', target: 'payment', action: 'freeze' };
  const also = { id: 'b', target: 'broker', action: 'kill' };
  const samples = [[], [on], [on, also], [also], []].map((faults, at) => ({
    t_ms: at * 100,
    faults,
  }));
  assert.deepEqual(bands_of(samples), [
    { id: 'a', label: 'payment freeze', begin: 100, end: 300 },
    { id: 'b', label: 'broker kill', begin: 200, end: 400 },
  ]);
});

test('labels have rows in which none covers another, and one without room is left out', () => {
  const bands = ['aa', 'bbbb', 'cc', 'dd', 'ee'].map((label, at) => ({ label, begin: at * 10 }));
  const placed = (more) =>
    labels_of(bands, {
      to_x: (t_ms) => t_ms,
      width_of: (label) => label.length * 10,
      right: 1000,
      ...more,
    });
  assert.deepEqual(
    placed().map(({ label, x, row }) => [label, x, row]),
    [
      ['aa', 4, 0],
      ['bbbb', 14, 1],
      ['cc', 24, 2],
      ['dd', 34, 0],
    ],
  );
  assert.deepEqual(
    placed({ most: 1 }).map(({ label }) => label),
    ['aa', 'dd'],
  );
  assert.equal(placed({ right: 50 })[1].x, 10, 'it ends where the picture does');
});

test('the largest lag is named', () => {
  const lags = { matching: { lag: 3, lag_s: 0.1 }, payment: { lag: 502, lag_s: 4.1 } };
  assert.deepEqual(lag_of({ lags }), { name: 'payment', lag: 502, lag_s: 4.1 });
  assert.equal(lag_of({ lags: {} }).lag, 0);
});

test('a table has few rows, and the last sample among them', () => {
  const samples = Array.from({ length: 100 }, (_, at) => at);
  assert.deepEqual(some_of(samples, 4), [24, 49, 74, 99]);
  assert.deepEqual(some_of([1, 2], 4), [1, 2]);
});
