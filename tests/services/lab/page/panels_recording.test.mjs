// The panels' models over frames of a real platform whose payment was frozen for 4 s (recorded by
// hail-lab record at 40 rides a second; every third frame is kept).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import './document.mjs';
import { Model } from '../../../../services/lab/page/model.js';
import { chips_of } from '../../../../services/lab/page/panels/faults/chips.js';
import { lag_scale, topics_of } from '../../../../services/lab/page/panels/log/tubes.js';
import { links_of, rows_of } from '../../../../services/lab/page/panels/services.js';

const file = new URL('frames/payment_frozen.jsonl', import.meta.url);
const frames = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .filter((line) => 'seq' in line);

/** What the panels say at each frame. */
function shown() {
  const model = new Model();
  return frames.map((frame) => {
    model.take(frame);
    const rows = rows_of(frame, model.history);
    const topics = topics_of(frame);
    return {
      rows,
      topics,
      payment: rows.find((row) => row.name === 'payment'),
      links: links_of(frame),
      chips: chips_of(frame, [], frame.t_ms).chips,
      scale: lag_scale(topics, model.history, frame.t_ms),
    };
  });
}

test('the fault is seen from its proof to the proof that it is off', () => {
  const phases = shown().map(({ chips }) => chips[0]?.phase);
  const seen = [...new Set(phases)];
  assert.equal(seen[0], 'proven');
  assert.ok(seen.includes('proven_off'), seen.join());
  assert.ok(!seen.includes('not_proven'));
});

test('payment is frozen, lags and catches up, and nobody else does', () => {
  const all = shown();
  const states = all.map(({ payment }) => payment.state);
  assert.ok(states.includes('frozen') && states.at(-1) === 'running', states.join());
  const frozen = all.filter(({ payment }) => payment.state === 'frozen');
  assert.ok(frozen.some(({ payment }) => payment.lag.trend === 'growing'));
  assert.match(frozen.at(-1).payment.lag.words, /records wait, for \d/);
  const others = frozen.flatMap(({ rows }) => rows.filter((row) => row.name !== 'payment'));
  assert.ok(others.every((row) => row.state === 'running'));
  assert.ok(all.at(-1).payment.lag_records < frozen.at(-1).payment.lag_records);
});

test('its tubes are hatched on a scale that holds, and every partition has an owner', () => {
  const all = shown();
  const lag_of = ({ topics }) =>
    topics
      .find((one) => one.name === 'ride_requested')
      .readers.find((one) => one.group === 'payment').lag;
  const most = all.reduce((a, b) => (lag_of(a) > lag_of(b) ? a : b));
  assert.ok(lag_of(most) > 40, lag_of(most));
  assert.ok(most.scale * 4 >= lag_of(most));
  assert.ok(all.at(-1).scale >= most.scale / 2, 'a moment later it is much the same');
  for (const { topics } of all) {
    const requested = topics.find((one) => one.name === 'ride_requested');
    assert.equal(requested.partitions.length, 4);
    for (const { owner, group } of requested.readers) {
      if (group !== 'payment') assert.equal(owner, `${group}-1`);
    }
  }
  assert.ok(all[0].links.length >= 8);
});
