// Lessons as documents: the Markdown reader, hail blocks, and that every lesson of docs/lessons is
// whole.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { block_of, range_of } from '../../../../services/lab/page/lessons/blocks.js';
import { lesson_of, questions_of } from '../../../../services/lab/page/lessons/lesson.js';
import { parts_of } from '../../../../services/lab/page/lessons/markdown.js';
import { is_safe, spans_of } from '../../../../services/lab/page/lessons/spans.js';
import {
  document_of,
  fault_of,
  seconds_of_run,
} from '../../../../services/lab/page/lessons/steps.js';

const folder = new URL('../../../../docs/lessons/', import.meta.url);
const names = readdirSync(folder).filter((name) => /^\d-.*\.md$/.test(name));

test('A line is text, code, strong, emphasis and links', () => {
  assert.deepEqual(spans_of('a `b` **c** *d* [e](f.md).'), [
    { kind: 'text', text: 'a ' },
    { kind: 'code', text: 'b' },
    { kind: 'text', text: ' ' },
    { kind: 'strong', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'emphasis', text: 'd' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'e', target: 'f.md' },
    { kind: 'text', text: '.' },
  ]);
});

test('HTML stays text, and a link that is no link of the web stays text', () => {
  assert.deepEqual(spans_of('<b onclick=x>'), [{ kind: 'text', text: '<b onclick=x>' }]);
  for (const target of [
    'javascript:alert(1)',
    'JaVaScRiPt:x',
    ' data:text/html,x',
    '//evil.test',
    'vbscript:x',
  ]) {
    assert.equal(is_safe(target), false, target);
  }
  assert.deepEqual(spans_of('[x](javascript:alert)'), [{ kind: 'text', text: 'x' }]);
  for (const target of ['https://a.test/b', 'page.md#faults', '#here'])
    assert.ok(is_safe(target), target);
});

test('A document has headings, paragraphs, code, lists and tables', () => {
  const parts = parts_of(
    '# A\n\none\ntwo\n\n    $ x\n\n    y\n\n1. p\n   q\n2. r\n\n' +
      '| a | b |\n|---|---|\n| 1 | `2` |\n\n```hail\nrun x\n```\nend\n',
  );
  assert.deepEqual(
    parts.map((part) => part.kind),
    ['heading', 'paragraph', 'code', 'list', 'table', 'code', 'paragraph'],
  );
  assert.equal(parts[1].spans[0].text, 'one two');
  assert.equal(parts[2].text, '$ x\n\ny');
  assert.deepEqual(
    parts[3].items.map((item) => item[0].text),
    ['p q', 'r'],
  );
  assert.equal(parts[4].rows[0][1][0].kind, 'code');
  assert.deepEqual([parts[5].language, parts[5].text, parts[5].line], ['hail', 'run x', 19]);
});

test('A document without an end of its fence, or with nothing in it, is read to its end', () => {
  assert.equal(parts_of('```hail\nrun x').length, 1);
  assert.deepEqual(parts_of(''), []);
  assert.deepEqual(parts_of('\n\n'), []);
  assert.equal(parts_of('```bad fence!\nx').length, 1);
});

test('A block is refused with its line', () => {
  const refused = [
    ['', /line 5: the block is empty/],
    ['dance x', /line 5: a block is one of predict, run/],
    ['predict a\nkind: guess\nask: x', /line 5: kind is one of/],
    ['predict a\nkind: number\nask: x', /line 5: a number needs: from and to/],
    ['predict a\nkind: set\nask: x\namong: one', /line 5: a set needs: among/],
    ['predict\nkind: yes-no\nask: x', /line 5: predict needs a name/],
    ['predict a\nkind: yes-no', /line 5: predict needs: ask/],
    ['predict a\nkind: yes-no\nask: x\nask: y', /line 8: ask stands there twice/],
    ['predict a\ncolour: red', /line 6: predict has no field colour/],
    ['predict a\nnothing', /line 6: write "field: value"/],
    ['grade a\nmeasure: lost log', /line 5: grade needs: measure, key/],
    ['run a', /line 5: run has no step/],
  ];
  for (const [text, message] of refused) assert.throws(() => block_of(text, 5), message, text);
});

test('A range is one number or two in order', () => {
  assert.deepEqual(range_of('150 … 230'), { low: 150, high: 230 });
  assert.deepEqual(range_of('7'), { low: 7, high: 7 });
  for (const text of ['230 … 150', 'many', '1 … 2 … 3']) assert.equal(range_of(text), null, text);
});

test('No grade comes before its question and its run', () => {
  const ask = '```hail\npredict a\nkind: yes-no\nask: x\n```\n';
  const run = '```hail\nrun r\nriders: 40/s\n```\n';
  const grade = '```hail\ngrade a\nmeasure: lost log > 0\nkey: no\n```\n';
  assert.equal(lesson_of('x', ask + run + grade).questions.get('a').run, 'r');
  assert.throws(() => lesson_of('x', grade + ask + run), /nobody asked for a/);
  assert.throws(() => lesson_of('x', ask + grade + run), /a is graded before its run/);
  assert.throws(() => lesson_of('x', ask + run), /a has no grade/);
  assert.throws(() => lesson_of('x', ask + ask + run + grade), /a is asked twice/);
});

test('The steps of a run are an experiment', () => {
  const block = block_of(
    'run r\nriders: 40/s on log\nwait: 3 s\n' +
      'do: latency payment:broker for 1.5 s with latency_ms=400\nwait: 4 s\nsettle: 60 s\n' +
      'without: notification no-inbox',
  );
  const document = document_of({ name: 'x', title: 'X' }, block);
  assert.deepEqual(
    document.method.map((one) => one.name),
    [
      'riders: 40/s on log',
      'latency payment:broker for 1.5 s with latency_ms=400',
      'riders stop',
      'every ride is settled',
    ],
  );
  assert.deepEqual(document.method[0].provider.arguments, { rate: 40, lanes: ['log'] });
  assert.deepEqual(document.method[0].pauses, { after: 3 });
  assert.deepEqual(document.method[1].provider.arguments, {
    target: 'payment:broker',
    action: 'latency',
    duration: '1500ms',
    attributes: { latency_ms: 400 },
  });
  assert.match(document.method[3].provider.url, /within_s=50$/);
  assert.deepEqual(document.extensions[0].unsafe, { notification: ['no-inbox'] });
  assert.equal(seconds_of_run(block), 9);
  assert.throws(
    () => fault_of({ name: 'do', value: 'kill payment', line: 4 }),
    /line 4: write "do:/,
  );
});

test('There are at least eight lessons with a run, and each is whole', () => {
  let runs = 0;
  for (const name of names) {
    const lesson = lesson_of(name, readFileSync(new URL(name, folder), 'utf8'));
    assert.match(lesson.title, /^\d\. /, name);
    if (lesson.runs.length === 0) continue;
    ++runs;
    for (const run of lesson.runs) {
      if (!run.queue) document_of(lesson, run);
      assert.ok(
        questions_of(lesson, run.id).length > 0,
        `${name}: nothing is predicted before ${run.id}`,
      );
    }
  }
  assert.ok(runs >= 8, `${runs} lessons have a run`);
});
