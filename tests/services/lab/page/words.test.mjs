import assert from 'node:assert/strict';
import test from 'node:test';
import './document.mjs';
import { count, cut, ms, percent, short, span } from '../../../../services/lab/page/words.js';

test('what is not known is a dash, never 0', () => {
  for (const word of [count, short, percent, ms, span]) {
    assert.equal(word(undefined), '–');
    assert.equal(word(NaN), '–');
  }
});

test('numbers look alike in every language', () => {
  assert.equal(count(1162), '1,162');
  assert.equal(short(0.42), '0.4');
  assert.equal(short(42.4), '42');
  assert.equal(short(40), '40');
  assert.equal(short(1087.4), '1,087');
  assert.equal(ms(2.64), '2.6 ms');
});

test('99.97 % is not all', () => {
  assert.equal(percent(0.9997), '99.9 %');
  assert.equal(percent(1), '100 %');
  assert.equal(percent(0.57), '57 %');
});

test('spans are as exact as they are short', () => {
  assert.equal(span(240), '0.2 s');
  assert.equal(span(12400), '12 s');
  assert.equal(span(75000), '1 min 15 s');
  assert.equal(span(3700000), '1 h 1 min');
});

test('a foreign text of 64 kB takes a line', () => {
  assert.equal(cut('x'.repeat(65536), 10), 'xxxxxxxxxx… (65,536 characters)');
  assert.equal(cut('short'), 'short');
});
