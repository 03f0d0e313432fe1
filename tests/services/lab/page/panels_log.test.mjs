// Tubes of the log, rewind, passport and audit, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import {
  rows_of,
  verdict_of,
  violations_of,
} from '../../../../services/lab/page/panels/audit/verdict.js';
import {
  filled,
  partitions_of,
  places_of,
} from '../../../../services/lab/page/panels/log/places.js';
import {
  EACH,
  has_place,
  lag_in,
  order_of,
  proof_of,
  summary_of,
} from '../../../../services/lab/page/panels/log/rewind.js';
import {
  filled_part,
  hatched_part,
  lag_scale,
  record_scale,
  round_up,
  topics_of,
} from '../../../../services/lab/page/panels/log/tubes.js';
import { passport_of, ride_named } from '../../../../services/lab/page/panels/passport/rows.js';

const NOW = 1_000_000;
const part = (end, committed, owner = 'payment-1', start = 0) => ({ start, end, committed, owner });
const frame = {
  groups: {
    payment: { epoch: 7, members: [], topics: { rides: [part(100, 40), part(50, 50)] } },
    matching: {
      epoch: 2,
      members: [],
      topics: { rides: [part(99, 99, 'a'), part(50, -1, 'b', 20)], others: [part(0, -1, '')] },
    },
  },
};

test('each topic has its partitions, and each group its place in them', () => {
  const [others, rides] = topics_of(frame);
  assert.equal(others.name, 'others');
  assert.deepEqual(rides.partitions, [
    { index: 0, start: 0, end: 100 },
    { index: 1, start: 0, end: 50 },
  ]);
  assert.equal(rides.records, 150);
  const [payment, matching] = rides.readers;
  assert.deepEqual([payment.lag, payment.owner, payment.epoch], [60, 'payment-1', 7]);
  assert.deepEqual(
    [matching.lag, matching.owner],
    [30, null],
    'what was never committed begins at the start',
  );
});

test('lag is drawn on one scale, which a lag of the last minute holds up', () => {
  const topics = topics_of(frame);
  assert.equal(lag_scale(topics, [], NOW), 100);
  const history = [
    { t_ms: NOW - 90_000, lags: { payment: { lag: 90_000 } } },
    { t_ms: NOW - 9_000, lags: { payment: { lag: 1_900 } } },
  ];
  assert.equal(lag_scale(topics, history, NOW), 500);
  assert.equal(lag_scale([], [], NOW), 10);
  assert.equal(record_scale(topics), 100);
  assert.deepEqual([1, 11, 49, 50, 51, 1_000].map(round_up), [1, 20, 50, 50, 100, 1_000]);
  assert.equal(hatched_part(25, 100), 0.5);
  assert.equal(hatched_part(900, 100), 1);
  assert.equal(filled_part(0, 100), 0);
  assert.equal(filled_part(100, 100), 1);
});

const answer = {
  preview: true,
  epoch: 7,
  records: 1_040,
  rides: 512,
  skipped: 0,
  effects: 0,
  partitions: [],
};

test('a preview says what would happen, and changes nothing in words', () => {
  assert.deepEqual(order_of({ to: ' -30s ', topic: '' }, true), { to: '-30s', preview: true });
  assert.deepEqual(order_of({ to: '20', topic: 'rides' }, false), {
    to: '20',
    preview: false,
    topic: 'rides',
  });
  assert.equal(
    summary_of(answer),
    '1,040 records of 512 rides will be delivered again; effects that change: 0, ' +
      'as every service keeps an inbox. ' +
      'Members will be fenced at epoch 8.',
  );
  assert.match(
    summary_of({ ...answer, preview: false, epoch: 8, skipped: 3 }),
    /3 records are passed over\. Members are fenced at epoch 8/,
  );
});

test('each partition has a place of its own, and stays where nothing is typed', () => {
  const rows = partitions_of(frame, 'matching');
  assert.deepEqual(
    rows.map(({ topic, partition, committed }) => [topic, partition, committed]),
    [
      ['rides', 0, 99],
      ['rides', 1, -1],
      ['others', 0, -1],
    ],
  );
  assert.equal(partitions_of(frame, 'matching', 'others').length, 1);
  assert.deepEqual(partitions_of(null, 'matching'), []);
  const typed = { ...filled({}, rows, () => ''), '1 rides': ' earliest ', '0 others': '7' };
  const places = [
    { topic: 'rides', partition: 1, to: 'earliest' },
    { topic: 'others', partition: 0, to: '7' },
  ];
  assert.deepEqual(places_of(typed), places);
  const form = { to: EACH, topic: 'rides', places: typed };
  assert.deepEqual(order_of(form, true), { places, preview: true });
  assert.equal(has_place(form), true);
  assert.equal(has_place({ to: EACH, places: { '1 rides': ' ' } }), false);
  assert.equal(has_place({ to: ' ', places: {} }), false);
});

test('the proof of a rewind waits for epoch, lag and audit', () => {
  const audit = (lost) => ({ log: { lost, duplicated: 0, orphaned: 0 } });
  const states = (at, more) =>
    proof_of(at, {
      group: 'payment',
      answer: { ...answer, epoch: 8 },
      before: audit(0),
      after: null,
      ...more,
    }).map((one) => one.state);
  assert.deepEqual(states(frame, {}), ['waits', 'waits', 'waits']);
  const moved = { groups: { payment: { epoch: 8, topics: { rides: [part(1_000, 0)] } } } };
  assert.equal(lag_in(moved, 'payment'), 1_000);
  assert.deepEqual(states(moved, {}), ['done', 'waits', 'waits']);
  const drained = { groups: { payment: { epoch: 8, topics: { rides: [part(1_000, 999)] } } } };
  assert.deepEqual(states(drained, { after: audit(0) }), ['done', 'done', 'done']);
  assert.deepEqual(states(drained, { after: audit(2) }), ['done', 'done', 'wrong']);
  assert.deepEqual(states(null, {}), ['waits', 'waits', 'waits']);
});

test('a passport counts from its first entry, and hostile details stay text', () => {
  const entry = (t_ms, more) => ({
    t_ms,
    lane: 'log',
    by: 'log',
    what: 'appended',
    event: 'ride_matched',
    detail: '',
    ...more,
  });
  const passport = passport_of({
    ride_id: 'r',
    rider_id: '<script>alert(1)</script>',
    traceparent: '',
    notes: ['x'.repeat(65_536)],
    entries: [
      entry(NOW, {}),
      entry(NOW + 8, { what: 'unheard', detail: `\u202e${'y'.repeat(65_536)}` }),
      entry(null, { lane: 'chain' }),
    ],
  });
  assert.deepEqual(
    passport.rows.map((row) => row.at),
    ['+0 ms', '+8 ms', ''],
  );
  assert.equal(passport.rider, '<script>alert(1)</script>');
  assert.ok(passport.rows[1].detail.startsWith('\\u202eyyy'));
  assert.ok(passport.rows[1].detail.length < 300);
  assert.ok(passport.notes[0].length < 300);
  const long = passport_of({
    rider_id: '',
    traceparent: '',
    notes: [],
    entries: Array.from({ length: 500 }, () => entry(NOW, {})),
  });
  assert.deepEqual([long.rows.length, long.left_out], [400, 100]);
});

test('a ride is found by its beginning', () => {
  const rides = new Map([
    ['dfb43c57-1', {}],
    ['a0', {}],
  ]);
  assert.equal(ride_named(' dfb43c57 ', rides), 'dfb43c57-1');
  assert.equal(ride_named('a0', rides), 'a0');
  assert.equal(ride_named('zz', rides), 'zz');
  assert.equal(ride_named('  ', rides), '');
});

const lane = (more = {}) => ({
  requested: 10,
  accepted: 10,
  settled: 10,
  lost: 0,
  duplicated: 0,
  orphaned: 0,
  ...more,
});
const audit = (more = {}) => ({
  clean: true,
  log: lane(),
  chain: lane({ orphaned: 4 }),
  troubles: [],
  offences: [],
  ...more,
});

test('the verdict is about the event lane', () => {
  assert.equal(verdict_of(audit()).hue, 'ok');
  assert.match(verdict_of(audit()).text, /^Clean: of 10 rides/);
  assert.equal(verdict_of(audit({ log: lane({ requested: 0 }) })).hue, 'none');
  const bad = verdict_of(audit({ clean: false, log: lane({ lost: 2, duplicated: 1 }) }));
  assert.deepEqual(
    [bad.hue, bad.text],
    ['bad', 'Not clean: on the event lane 2 lost, 1 duplicated.'],
  );
  assert.equal(verdict_of(audit({ clean: false })).text, 'Not clean: on the event lane see below.');
  assert.equal(rows_of(audit())[1].cells.at(-1).value, 4);
});

test('violations are bounded', () => {
  const one = { lane: 'log', word: 'lost', ride_id: 'r', why: 'x'.repeat(9_000) };
  const { violations, left_out } = violations_of(
    audit({ offences: Array.from({ length: 70 }, () => one) }),
  );
  assert.deepEqual([violations.length, left_out], [50, 20]);
  assert.ok(violations[0].text.length < 300);
});
