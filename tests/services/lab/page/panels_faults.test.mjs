// Chips and orders of faults, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import { kinds_for, summary_of } from '../../../../services/lab/page/panels/faults.js';
import { chip_of, chips_of } from '../../../../services/lab/page/panels/faults/chips.js';
import { fields_of, order_of } from '../../../../services/lab/page/panels/faults/kinds.js';
import {
  refusal_of,
  with_answer,
  with_order,
  without,
  words_of,
} from '../../../../services/lab/page/panels/faults/orders.js';

const ASKED = 1_000_000;
const fault = (more = {}) => ({
  id: 'f1',
  target: 'payment',
  action: 'freeze',
  duration: '10s',
  attributes: {},
  seed: 0,
  by: '',
  phase: 'proven',
  asked_at_ms: ASKED,
  injected_at_ms: ASKED + 20,
  proven_at_ms: ASKED + 190,
  reverted_at_ms: 0,
  proven_off_at_ms: 0,
  reverts_at_ms: ASKED + 10_020,
  evidence: '/proc/7/status says T',
  details: {},
  ...more,
});
const frame = (...list) => ({ faults: { on: list.length, not_proven: 0, list } });

test('a chip goes from the ask to the proof that the fault is off', () => {
  const chip = (more, now_ms) => chip_of(fault(more), now_ms);
  const none = { injected_at_ms: 0, proven_at_ms: 0, reverts_at_ms: 0 };
  assert.equal(chip({ ...none, phase: 'asked' }, ASKED).phase, 'asked');
  assert.equal(chip({ proven_at_ms: 0, phase: 'injected' }, ASKED + 30).phase, 'injected');
  const proven = chip({}, ASKED + 5_020);
  assert.equal(proven.words, 'proven on at +0.19 s');
  assert.equal(proven.left, 'reverts in 5.0 s');
  assert.equal(proven.part, 0.5);
  assert.equal(chip({}, ASKED + 10_100).phase, 'reverting');
  const reverted = { reverted_at_ms: ASKED + 10_030, phase: 'reverted' };
  assert.equal(chip(reverted, ASKED + 10_100).phase, 'reverted');
  const off = chip({ ...reverted, proven_off_at_ms: ASKED + 10_050, phase: 'proven_off' }, ASKED);
  assert.equal(off.words, 'proven off at +10.1 s');
  assert.deepEqual(
    off.steps.map((step) => step.at),
    ['+0.00 s', '+0.02 s', '+0.19 s', '+10.0 s', '+10.1 s'],
  );
});

test('what was not proven is said in red, on and off', () => {
  const on = chip_of(
    fault({ proven_at_ms: 0, phase: 'not_proven', evidence: 'it runs' }),
    ASKED + 3_000,
  );
  assert.deepEqual([on.hue, on.words, on.evidence], ['bad', 'NOT PROVEN', 'it runs']);
  const ended = { reverted_at_ms: ASKED + 10_030, phase: 'reverted' };
  assert.equal(chip_of(fault(ended), ASKED + 20_000).phase, 'reverted');
  const off = chip_of(fault(ended), ASKED + 30_000);
  assert.deepEqual([off.hue, off.phase], ['bad', 'not_proven_off']);
  const never = chip_of(fault({ ...ended, proven_at_ms: 0, phase: 'not_proven' }), ASKED + 11_000);
  assert.equal(never.words, 'ended, NOT PROVEN');
});

test('a fault that happens at once is not reverted', () => {
  const chip = chip_of(fault({ action: 'poison', target: 'ride_matched' }), ASKED + 5_020);
  assert.equal(chip.left, 'can be repeated in 5.0 s');
});

test('chips show what was pressed before any frame knows it, and once', () => {
  const orders = with_order([], 'f1', { target: 'payment', action: 'freeze', duration: '10s' });
  const { chips } = chips_of(frame(), orders, ASKED);
  assert.deepEqual(
    chips.map((one) => [one.id, one.phase]),
    [['f1', 'asked']],
  );
  const taken = with_answer(orders, 'f1', { ok: true, value: fault() });
  assert.equal(chips_of(frame(), taken, ASKED + 200).chips[0].phase, 'proven');
  assert.equal(chips_of(frame(fault()), taken, ASKED + 200).chips.length, 1);
  assert.equal(
    chips_of(frame(), taken, ASKED + 60_000).chips.length,
    0,
    'no frame knows it any more',
  );
});

test('a fault that an agent has not injected yet has its chip', () => {
  const asked = fault({ phase: 'asked', injected_at_ms: 0, proven_at_ms: 0, reverts_at_ms: 0 });
  assert.equal(chips_of(frame(asked), [], ASKED + 100).chips[0].phase, 'asked');
});

test('a fault that ended is seen for some seconds, and chips are bounded', () => {
  const ended = fault({ reverted_at_ms: ASKED + 10_030, proven_off_at_ms: ASKED + 10_050 });
  assert.equal(chips_of(frame(ended), [], ASKED + 12_000).chips.length, 1);
  assert.equal(chips_of(frame(ended), [], ASKED + 30_000).chips.length, 0);
  const many = Array.from({ length: 40 }, (_, at) => fault({ id: `f${at}` }));
  const { chips, more } = chips_of(frame(...many), [], ASKED + 200);
  assert.equal(chips.length + more, 40);
  assert.ok(chips.length <= 12);
});

test('the summary counts what is on', () => {
  assert.equal(summary_of(null), 'No fault is on');
  assert.equal(summary_of(frame(fault())), '1 fault is on');
  const unproven = fault({ id: 'f2', phase: 'not_proven', proven_at_ms: 0 });
  assert.equal(summary_of(frame(fault(), unproven)), '2 faults are on, 1 NOT PROVEN');
});

test('hostile names stay text, are bounded, and turn nothing', () => {
  const name = `<img src=x onerror=alert(1)>\u202e${'x'.repeat(65_536)}`;
  const { title } = chip_of(fault({ target: name }), ASKED + 200);
  assert.ok(title.startsWith('<img src=x onerror=alert(1)>\\u202e'));
  assert.ok(title.length < 120, title.length);
});

test('a refusal stays beside its target until the next press there', () => {
  const order = { target: 'payment', action: 'freeze', duration: '10s' };
  const problem = { title: 'Conflict', status: 409, detail: 'freeze of payment is on already' };
  const refused = with_answer(with_order([], 'a', order), 'a', { ok: false, problem });
  assert.equal(
    words_of(refusal_of(refused, 'payment').problem),
    '409 Conflict: freeze of payment is on already',
  );
  assert.equal(refusal_of(refused, 'matching'), undefined);
  assert.equal(refusal_of(with_order(refused, 'b', order), 'payment'), undefined);
  assert.equal(without(refused, 'a').length, 0);
  assert.equal(chips_of(frame(), refused, ASKED).chips.length, 0);
});

const KINDS = [
  { action: 'freeze', of: 'process', targets: ['broker', 'payment'], attributes: {} },
  { action: 'store_lock', of: 'service', targets: ['payment'], attributes: {} },
  { action: 'bandwidth', of: 'link', targets: ['payment:broker'], attributes: { rate_kb_s: 4 } },
  { action: 'poison', of: 'topic', targets: ['rides'], attributes: { kind: 'undecodable' } },
];

test('a target is offered what the lab can do to it', () => {
  const offered = (target) => kinds_for(KINDS, target).map((one) => one.action);
  assert.deepEqual(offered('payment'), ['freeze', 'store_lock']);
  assert.deepEqual(offered('broker'), ['freeze']);
  assert.deepEqual(offered('nothing'), []);
  assert.deepEqual(kinds_for(null, 'payment'), []);
});

test('an order has the usual attributes, and those that were given', () => {
  assert.deepEqual(order_of('payment', KINDS[0], '15s'), {
    target: 'payment',
    action: 'freeze',
    duration: '15s',
  });
  const slow = order_of('payment:broker', KINDS[2], '5s', { rate_kb_s: 9, stream: 'both' });
  assert.deepEqual(slow.attributes, { rate_kb_s: 9 });
  const one_way = order_of('payment:broker', KINDS[2], '5s', { stream: 'upstream' });
  assert.deepEqual(one_way.attributes, { rate_kb_s: 4, stream: 'upstream' });
});

test('fields have their units, and a choice where there is one', () => {
  assert.deepEqual(
    fields_of(KINDS[2]).map((one) => [one.label, one.unit]),
    [
      ['rate', 'kB/s'],
      ['stream', ''],
    ],
  );
  assert.deepEqual(fields_of(KINDS[3])[0].options, ['undecodable', 'impossible']);
});
