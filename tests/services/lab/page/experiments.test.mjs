// Experiments as text and form, their steady state, the blast radius and storms, as data.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  cell_of,
  faults_of,
  changes_of,
  kept_of,
  score_of,
  subjects_of,
  targets_of,
} from '../../../../services/lab/page/panels/blast/model.js';
import { effects_of } from '../../../../services/lab/page/panels/experiments/effects.js';
import { recalled, remember } from '../../../../services/lab/page/panels/blast/memory.js';
import {
  change_at,
  form_of,
  typed,
  value_at,
} from '../../../../services/lab/page/panels/experiments/form.js';
import { audit_paths, steady_of } from '../../../../services/lab/page/panels/experiments/steady.js';
import { yaml_of } from '../../../../services/lab/page/panels/experiments/yaml.js';
import { order_of, presets } from '../../../../services/lab/page/panels/storm/presets.js';

const document = {
  title: 'Payment is frozen',
  'steady-state-hypothesis': {
    title: 'holds',
    probes: [
      {
        type: 'probe',
        name: 'rides are accepted',
        tolerance: { type: 'range', target: 'body', range: [0.999, 1] },
        provider: { type: 'http', url: '${lab}/api/value/lanes.log.accepted_ratio' },
      },
      {
        type: 'probe',
        name: 'nothing is lost',
        tolerance: { type: 'range', target: 'body', range: [0, 0] },
        provider: { type: 'http', url: '${lab}/api/value/audit.log.lost' },
      },
      { type: 'probe', name: 'it answers', tolerance: 200, provider: { url: '${lab}/api/state' } },
    ],
  },
  method: [
    {
      type: 'action',
      name: 'freeze payment',
      provider: {
        type: 'http',
        method: 'POST',
        url: '${lab}/api/faults',
        arguments: { target: 'payment', action: 'freeze', duration: '5s' },
      },
      pauses: { after: 9 },
    },
    { type: 'probe', name: 'settled', provider: { url: '${lab}/api/audit?within_s=50' } },
  ],
};

test('A document is written as YAML in block style', () => {
  assert.equal(
    yaml_of({ title: 'A: b', seed: 7, off: 'no', list: [1, 'x y'], map: { a: { b: [1, 2] } } }),
    'title: "A: b"\nseed: 7\n"off": "no"\nlist:\n  - 1\n  - x y\nmap:\n  a: {b: [1, 2]}\n',
  );
  assert.equal(
    yaml_of({ duration: '5s', odd: '1e5', hex: '0x1F' }),
    'duration: 5s\nodd: "1e5"\nhex: "0x1F"\n',
  );
  const text = yaml_of(document);
  assert.match(text, /^title: Payment is frozen\n/);
  assert.match(text, /\n {2}- type: action\n {4}name: freeze payment\n/);
  assert.match(text, /\n {6}range: \[0.999, 1\]|range: \[0.999, 1\]}/);
});

test('A text that YAML would take for something else is quoted', () => {
  for (const hard of [
    'yes',
    'null',
    '7',
    '- a',
    '#x',
    'a: b',
    '',
    ' a',
    "it's: so",
    '*a',
    '&b',
    '{x}',
    'a #b',
  ]) {
    assert.equal(yaml_of({ name: hard }), `name: ${JSON.stringify(hard)}\n`, hard);
  }
});

test('A form has the riders, faults, pauses and tolerances of an experiment', () => {
  const parts = form_of(document);
  assert.deepEqual(
    parts.map((part) => part.title),
    [
      'Experiment',
      'Holds: rides are accepted',
      'Holds: nothing is lost',
      'Step 1: freeze payment',
      'Step 2: settled',
    ],
  );
  const duration = parts[3].fields.find((field) => field.label === 'duration');
  assert.equal(value_at(document, duration.path), '5s');
  const next = change_at(document, duration.path, '7s');
  assert.equal(value_at(next, duration.path), '7s');
  assert.equal(value_at(document, duration.path), '5s', 'the former stays as it is');
  assert.equal(next['steady-state-hypothesis'], document['steady-state-hypothesis']);
});

test('What is typed into a field for numbers is a number', () => {
  assert.equal(typed('number', '0.5'), 0.5);
  for (const text of ['', ' ', 'fast', '1e999']) assert.equal(typed('number', text), null, text);
  assert.equal(typed('text', ''), '');
});

test('The steady state holds, does not hold, or is not known', () => {
  const words = (frame, audited) => steady_of(document, frame, audited).map((probe) => probe.word);
  const frame = { lanes: { log: { accepted_ratio: 1 } } };
  assert.deepEqual(words(frame, {}), ['holds', 'not known', 'not known']);
  assert.deepEqual(words({ lanes: { log: { accepted_ratio: 0.9 } } }, { 'audit.log.lost': 2 }), [
    'does not hold',
    'does not hold',
    'not known',
  ]);
  assert.deepEqual(words(null, { 'audit.log.lost': 0 }), ['not known', 'holds', 'not known']);
  assert.deepEqual(audit_paths(document), ['audit.log.lost']);
  const after_riders = {
    ...document,
    extensions: [{ name: 'hailstorm', when: { 'nothing is lost': ['before', 'after'] } }],
  };
  const riding = { ...frame, traffic: { running: true } };
  const [, lost] = steady_of(after_riders, riding, { 'audit.log.lost': 2 });
  assert.equal(lost.word, 'waits for the riders');
});

const kinds = [
  { action: 'freeze', of: 'process', targets: ['broker', 'payment'] },
  { action: 'disk_full', of: 'process', targets: ['broker', 'payment'] },
  { action: 'timeout', of: 'link', targets: ['payment:broker'] },
  { action: 'poison', of: 'topic', targets: ['ride_matched'] },
];

test('Rows are what the lab can inject and the command measures', () => {
  assert.deepEqual(faults_of(kinds), ['freeze', 'timeout']);
  assert.deepEqual(targets_of(kinds, 'timeout'), ['payment:broker']);
  assert.deepEqual(targets_of([], 'freeze'), []);
  const frame = { processes: { broker: {}, payment: {} } };
  assert.deepEqual(subjects_of(frame), [
    'broker',
    'payment',
    'log lane',
    'log settling',
    'chain lane',
  ]);
});

const figures = (change = {}) => ({
  accepted_percent: 100,
  p99_ms: 5,
  lag: 2,
  lag_s: 0,
  settled_per_s: 40,
  errors: 0,
  ...change,
});
const effect = (observed, during = {}) => ({
  predicted: 'calm',
  observed,
  why: observed === 'hurt' ? 'it waits' : '',
  before: figures(),
  during: figures(during),
  after: figures(),
  recovered_s: 0,
});

test('A surprise is where the learner and the platform differ, in either way', () => {
  const cell = {
    refusal: '',
    proven: true,
    recovered_s: 0.4,
    effects: { 'chain lane': effect('hurt', { accepted_percent: 0 }), matching: effect('calm') },
  };
  const key = 'freeze payment';
  const state = { said: {}, done: { [key]: kept_of(cell, { matching: 'hurt' }) } };
  assert.deepEqual(
    ['chain lane', 'matching', 'gateway'].map((subject) => {
      const { said, came, is_surprise } = cell_of(state, key, subject);
      return [said, came, is_surprise];
    }),
    [
      ['calm', 'hurt', true],
      ['hurt', 'calm', true],
      ['calm', null, false],
    ],
  );
  assert.deepEqual(score_of(state, key, ['chain lane', 'matching', 'gateway']), {
    measured: 2,
    surprises: 2,
  });
  const later = { ...state, said: { [key]: { 'chain lane': 'hurt' } } };
  assert.equal(
    cell_of(later, key, 'chain lane').said,
    'calm',
    'what was said after the run does not count',
  );
});

test('The table of changes has what changed, the largest first', () => {
  const rows = changes_of({
    'chain lane': effect('hurt', { accepted_percent: 0, p99_ms: 6 }),
    matching: effect('calm'),
  });
  assert.deepEqual(
    rows.map(({ figure, was, now, delta }) => [figure, was, now, delta]),
    [
      ['accepted %', 100, 0, -100],
      ['p99 ms', 5, 6, 1],
    ],
  );
});

test('An experiment changed what was otherwise while its faults were on', () => {
  const frame = (t_ms, log, chain, lag) => ({
    t_ms,
    lanes: {
      log: { requested: log, accepted: log, failed: 0, settled: log, p99_ms: 5 },
      chain: { requested: log, accepted: chain, failed: log - chain, settled: chain, p99_ms: 9 },
    },
    processes: { payment: { lag, lag_s: 0, dead_letters: 0 } },
  });
  const frames = [
    frame(0, 0, 0, 2),
    frame(1000, 40, 40, 2),
    frame(2000, 80, 40, 90),
    frame(3000, 120, 40, 200),
  ];
  const faults = [{ injected_at_ms: 1500, reverted_at_ms: 3500 }];
  const effects = effects_of(frames, faults);
  assert.equal(effects['chain lane'].before.accepted_percent, 100);
  assert.equal(effects['chain lane'].during.accepted_percent, 0);
  assert.equal(effects['log lane'].during.accepted_percent, 100);
  assert.equal(effects.payment.during.lag, 200);
  assert.equal(effects.payment.after.lag, 0, 'nothing was seen after it');
  assert.ok(changes_of(effects).some((row) => row.subject === 'payment' && row.figure === 'lag'));
  assert.deepEqual(effects_of(frames, []), {});
  assert.deepEqual(effects_of([], faults), {});
});

test('Rows are kept where the browser keeps anything, and what is damaged is left out', () => {
  const kept = new Map();
  const storage = {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => kept.set(key, text),
  };
  remember({ a: { effects: {}, recovered_s: 1 }, b: { effects: 'x' } }, storage);
  assert.deepEqual(Object.keys(recalled(storage)), ['a']);
  assert.deepEqual(recalled({ getItem: () => '{' }), {});
  assert.deepEqual(recalled(undefined), {});
});

test('A preset is an order of a storm', () => {
  for (const { name } of presets) {
    const order = order_of({ preset: name, seed: 7, minutes: 0.5, at_once: 2, rate: 40 });
    assert.equal(order.seed, 7, name);
    assert.equal(name === 'Hail' ? order.kills : undefined, order.kills, name);
  }
  assert.deepEqual(order_of({ preset: 'Everything', seed: 1, minutes: 1, at_once: 3, rate: 20 }), {
    seed: 1,
    minutes: 1,
    at_once: 3,
    rate: 20,
  });
});
