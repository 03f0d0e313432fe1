import assert from 'node:assert/strict';
import test from 'node:test';
import { hash_of, state_of } from '../../../../services/lab/page/address.js';

const places = { tabs: ['services', 'log'], drawers: ['passport'] };

test('the page as it begins has an empty address', () => {
  assert.equal(hash_of({ tab: 'services', drawer: null, focus: null }, places), '');
  assert.deepEqual(state_of('', places), {});
});

test('what is in the address comes back', () => {
  const state = { tab: 'log', drawer: 'passport', focus: 'dfb43c57-8a2a-8e23-b9b6-d31e91aa232e' };
  assert.deepEqual(state_of(hash_of(state, places), places), state);
});

test('what is unknown is passed over', () => {
  assert.deepEqual(state_of('#tab=nothing&open=__proto__&ride=<b>&x=1', places), {});
  assert.deepEqual(state_of('#k=abc', places), {});
});
