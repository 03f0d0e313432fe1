// The rows of services, lag and its outlook, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import {
  bands_of,
  groups_age_ms,
  links_of,
  members_of,
  outlook_of,
  picture_of,
  rows_of,
  since,
  state_of,
  waiting,
} from '../../../../services/lab/page/panels/services.js';
import { table_of } from '../../../../services/lab/page/panels/services/table.js';
import { after, duration_ms } from '../../../../services/lab/page/panels/shared/text.js';
import { counted, per_second, shown } from '../../../../services/lab/page/words.js';

const NOW = 1_000_000;
/** Samples of 5 s, 5 a second, whose lag goes from `from` to `to`. */
function history_of(from, to) {
  return Array.from({ length: 26 }, (_, at) => ({
    t_ms: NOW - 5_000 + at * 200,
    lags: { payment: { lag: Math.round(from + ((to - from) * at) / 25), lag_s: 1 } },
  }));
}

test('the outlook says whether lag grows, and when it is cleared', () => {
  const outlook = (from, to, lag_s) => outlook_of(history_of(from, to), 'payment', to, lag_s, NOW);
  assert.deepEqual(outlook(100, 300, 4), { trend: 'growing', clear: '' });
  assert.deepEqual(outlook(500, 400, 4), { trend: 'shrinking', clear: 'clear in ≈ 20 s' });
  assert.deepEqual(outlook(300, 300, 4), { trend: 'steady', clear: 'not clearing' });
  assert.deepEqual(outlook(3, 5, 0.1), { trend: 'steady', clear: 'keeps up' });
  assert.deepEqual(outlook(200, 10, 0.2), { trend: 'steady', clear: 'keeps up' });
  assert.equal(outlook_of([], 'payment', 0, 0, NOW).trend, 'unknown');
  assert.equal(waiting(502, 4.1), '502 records wait, for 4.1 s');
  assert.equal(waiting(1, 0.2), '1 record waits, for 0.2 s');
  assert.equal(waiting(0, 0), 'nothing waits');
});

test('the picture ends where nothing is known, and its top is the highest lag', () => {
  const points = [
    [NOW - 50_000, 5],
    [NOW - 49_000, 80],
    [NOW - 2_000, 40],
    [NOW - 1_000, 20],
  ];
  const { path, top } = picture_of(points, NOW, 120, 26);
  assert.equal(top, 80);
  assert.equal(path.match(/M/g).length, 2, path);
  assert.equal(picture_of([], NOW, 120, 26).path, '');
});

test('the table has the same minute, and a gap where nothing is known', () => {
  assert.deepEqual(
    table_of(
      [
        [NOW - 60_500, 7],
        [NOW - 15_000, 3],
        [NOW, 1],
      ],
      NOW,
    ),
    [7, null, null, 3, 1],
  );
});

test('bands are where a fault was on', () => {
  const faults = [
    { id: 'a', injected_at_ms: NOW - 30_000, reverted_at_ms: NOW - 15_000 },
    { id: 'b', injected_at_ms: NOW - 90_000, reverted_at_ms: 0 },
    { id: 'c', injected_at_ms: 0, reverted_at_ms: 0 },
  ];
  assert.deepEqual(bands_of(faults, NOW, 120), [
    { id: 'a', x: 60, width: 30 },
    { id: 'b', x: 0, width: 120 },
  ]);
});

test('only the last samples are looked at', () => {
  assert.deepEqual(since([{ t_ms: 1 }, { t_ms: 5 }, { t_ms: 9 }], 4), [{ t_ms: 5 }, { t_ms: 9 }]);
});

const process = (more = {}) => ({
  state: 'running',
  pid: 7,
  ready: true,
  why_not: '',
  rate: 3.94,
  lag: 2,
  lag_s: 0.1,
  outbox: 0,
  dead_letters: 0,
  rss_kb: 1,
  restarts: 0,
  ...more,
});
const group = {
  epoch: 7,
  state: 'Stable',
  members: [
    { id: 'm-a', instance: 'payment-1', epoch: 7 },
    { id: 'm-b', instance: '', epoch: 6 },
  ],
  topics: {
    rides: [
      { start: 0, end: 9, committed: 7, owner: 'payment-1' },
      { start: 0, end: 4, committed: 4, owner: 'm-b' },
    ],
  },
};
const frame_of = (more = {}) => ({
  t_ms: NOW,
  lag_known: true,
  processes: { broker: process({ lag: 0 }), payment: process() },
  groups: { payment: group },
  links: { 'payment:broker': { connections: 2, faults: ['latency'] } },
  faults: { list: [] },
  ...more,
});

test('a process that runs and is not ready says why', () => {
  assert.deepEqual(state_of(process()), ['running', '']);
  assert.deepEqual(state_of(process({ ready: false, why_not: 'no log' })), ['starting', 'no log']);
  assert.deepEqual(state_of(process({ state: 'frozen', ready: false })), ['frozen', '']);
});

test('rows have lag and members where a group reads', () => {
  const [broker, payment] = rows_of(frame_of(), history_of(2, 2));
  assert.equal(broker.lag, null);
  assert.equal(payment.lag.words, '2 records wait, for 0.1 s');
  assert.deepEqual(payment.group.members, [
    { name: 'payment-1', epoch: 7, partitions: 1 },
    { name: 'm-b', epoch: 6, partitions: 1 },
  ]);
  assert.deepEqual(members_of({ members: [], topics: {} }), []);
  assert.deepEqual(links_of(frame_of())[0].faults, ['latency']);
});

test('what the broker said long ago is called old', () => {
  const history = [NOW - 9_000, NOW - 4_000, NOW].map((t_ms) => ({
    t_ms,
    lag_known: t_ms < NOW,
    lags: {},
  }));
  const silent = frame_of({ lag_known: false });
  assert.equal(groups_age_ms(frame_of(), history), 0);
  assert.equal(groups_age_ms(silent, history), 4_000);
  assert.equal(groups_age_ms(silent, []), 1, 'nobody knows since when');
  assert.equal(rows_of(silent, history)[1].lag.stale_ms, 4_000);
});

test('text from outside is bounded, and shows what it hides', () => {
  assert.equal(shown('a\u202eb\u0000c\ud800'), 'a\\u202eb\\u0000c\\ud800');
  assert.equal(shown('x'.repeat(65_536), 10), `${'x'.repeat(10)}… (65,536 characters)`);
  assert.equal(shown(`e${'\u0301'.repeat(500)}`).length, 3 + '… (501 characters)'.length);
  assert.equal(shown('שלום <b>'), 'שלום <b>');
  assert.equal(shown(undefined), '');
});

test('numbers have their units', () => {
  assert.equal(counted(1, 'record'), '1 record');
  assert.equal(counted(1_162, 'record'), '1,162 records');
  assert.equal(per_second(3.94), '3.9/s');
  assert.equal(per_second(0), '0/s');
  assert.equal(per_second(184.2), '184/s');
  assert.equal(after(190), '+0.19 s');
  assert.equal(duration_ms('2m'), 120_000);
  assert.equal(duration_ms('soon'), null);
});
