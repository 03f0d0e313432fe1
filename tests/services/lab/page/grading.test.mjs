// What an answer is worth beside what was measured, and what counts as measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Answers } from '../../../../services/lab/page/lessons/answers.js';
import {
  grade_answer,
  grade_curve,
  grade_number,
  grade_order,
  grade_set,
  grade_word,
  height_at,
  kendall,
  number_at,
  position_of,
} from '../../../../services/lab/page/lessons/grading.js';
import { key_problem, quantile } from '../../../../services/lab/page/lessons/keys.js';

test('A number is exact within a factor of 1.25, near within 2, else off', () => {
  const words = [
    [100, 100, 'exact'],
    [125, 100, 'exact'],
    [100, 125, 'exact'],
    [126, 100, 'near'],
    [200, 100, 'near'],
    [50, 100, 'near'],
    [201, 100, 'off'],
    [49, 100, 'off'],
  ];
  for (const [answer, measured, word] of words) {
    assert.equal(grade_number(answer, measured).word, word, `${answer} for ${measured}`);
  }
});

test('Nothing is met by nothing, and something small is near it', () => {
  assert.equal(grade_number(0, 0).word, 'exact');
  assert.equal(grade_number(1, 0).word, 'near');
  assert.equal(grade_number(0, 2).word, 'near');
  assert.equal(grade_number(40, 0).word, 'off');
  assert.equal(grade_number(0, 40).word, 'off');
});

test('Of a set each member is right, missed or a false alarm', () => {
  const grade = grade_set(['payment'], ['chain lane'], ['payment', 'matching', 'chain lane']);
  assert.deepEqual(
    grade.cells.map((cell) => cell.word),
    ['false alarm', 'right', 'missed'],
  );
  assert.equal(grade.word, 'off');
  assert.equal(grade_set([], ['a'], ['a', 'b']).word, 'near');
  assert.equal(grade_set(['a'], ['a'], ['a', 'b']).word, 'exact');
});

test('An order counts by the pairs that are in order', () => {
  assert.equal(kendall(['a', 'b', 'c'], ['a', 'b', 'c']), 1);
  assert.equal(kendall(['c', 'b', 'a'], ['a', 'b', 'c']), -1);
  assert.equal(kendall(['b', 'a', 'c'], ['a', 'b', 'c']), 1 / 3);
  assert.equal(kendall([], []), 1);
  assert.equal(grade_order(['b', 'a', 'c'], ['a', 'b', 'c']).word, 'near');
  assert.equal(grade_order(['c', 'b', 'a'], ['a', 'b', 'c']).word, 'off');
  assert.equal(grade_order(['a', 'b', 'c'], ['a', 'b', 'c']).word, 'exact');
});

test('A curve counts by the area between', () => {
  const hill = [
    [0, 0],
    [4, 100],
    [8, 0],
  ];
  assert.equal(height_at(hill, 2), 50);
  assert.equal(height_at(hill, -1), 0);
  assert.equal(height_at(hill, 9), 0);
  assert.equal(grade_curve(hill, hill).word, 'exact');
  assert.equal(
    grade_curve(
      [
        [0, 0],
        [4, 80],
        [8, 0],
      ],
      hill,
    ).word,
    'exact',
  );
  assert.equal(
    grade_curve(
      [
        [0, 0],
        [8, 100],
      ],
      hill,
    ).word,
    'off',
  );
  assert.equal(
    grade_curve(
      [
        [0, 30],
        [8, 30],
      ],
      hill,
    ).word,
    'near',
  );
  assert.equal(grade_curve([], hill).word, 'off');
});

test('A word is right or not', () => {
  assert.equal(grade_word('yes', 'yes').word, 'exact');
  assert.equal(grade_word('yes', 'no').word, 'off');
  assert.equal(grade_answer({ kind: 'yes-no' }, 'no', 'no').word, 'exact');
  assert.equal(grade_answer({ kind: 'number' }, '90', 100).word, 'exact');
  assert.equal(grade_answer({ kind: 'set', among: 'a, b' }, ['a'], ['a']).word, 'exact');
});

test('The slider goes from the begin of its scale to the end by factors', () => {
  assert.equal(number_at(0, 0, 1000), 0);
  assert.equal(number_at(1000, 0, 1000), 1000);
  assert.equal(number_at(500, 1, 10000), 100);
  for (const value of [0, 1, 10, 100, 1000]) {
    assert.equal(number_at(position_of(value, 0, 1000), 0, 1000), value);
  }
  assert.equal(position_of(5000, 0, 1000), 1000);
  let last = -1;
  for (let at = 0; at <= 1000; ++at) {
    const value = number_at(at, 0, 5000);
    assert.ok(value >= last, `${value} after ${last}`);
    last = value;
  }
});

test('A key is met by what is in it, and says what was measured instead', () => {
  const number = { kind: 'number', grade: { key: '150 … 230' } };
  assert.equal(key_problem(number, 150), '');
  assert.equal(key_problem(number, 231), '231, not 150 … 230');
  assert.equal(key_problem(number, null), 'it was not measured');
  const set = { kind: 'set', among: 'a, b', grade: { key: 'b' } };
  assert.equal(key_problem(set, ['b', 'elsewhere']), '');
  assert.equal(key_problem(set, ['a', 'b']), 'a, b, not b');
  const order = { kind: 'order', grade: { key: 'a, b' } };
  assert.equal(key_problem(order, ['a', 'b']), '');
  assert.equal(key_problem(order, ['b', 'a']), 'b, a, not a, b');
  const curve = { kind: 'curve', grade: { key: '0: 0 … 5; 4: 90 … 110' } };
  assert.equal(
    key_problem(curve, [
      [0, 0],
      [4, 100],
    ]),
    '',
  );
  assert.equal(
    key_problem(curve, [
      [0, 0],
      [4, 50],
    ]),
    '50 after 4 s, not 90 … 110',
  );
  assert.equal(key_problem({ kind: 'yes-no', grade: { key: 'no' } }, 'yes'), 'yes, not no');
});

test('A quantile lies between its neighbours', () => {
  assert.equal(quantile([3, 1, 2], 0.5), 2);
  assert.equal(quantile([0, 10], 0.05), 0.5);
  assert.equal(quantile([7], 0.95), 7);
});

// As the browser's own, which may throw.
class Storage {
  constructor(text, broken = false) {
    this.text = text;
    this.broken = broken;
  }
  getItem() {
    if (this.broken) throw new Error('forbidden');
    return this.text;
  }
  setItem(_, text) {
    if (this.broken) throw new Error('full');
    this.text = text;
  }
}

test('An answer that is locked before the run stays as it is', () => {
  const storage = new Storage(null);
  const answers = new Answers(storage);
  assert.deepEqual(answers.lock('one', ['a'], 5), ['a'], 'there is no answer yet');
  assert.ok(answers.give('one', 'a', 40));
  assert.ok(answers.give('one', 'a', 41), 'until it is locked');
  assert.deepEqual(answers.lock('one', ['a'], 5), []);
  assert.equal(answers.give('one', 'a', 600), false);
  assert.equal(answers.of('one', 'a').value, 41);
  answers.note('one', 'a', 600, 'off');
  assert.deepEqual(
    new Answers(storage).of('one', 'a'),
    { value: 41, locked_at_ms: 5, measured: 600, word: 'off' },
    "also in the page's next life",
  );
  assert.deepEqual(answers.exported(9).lessons.one.a.measured, 600);
  answers.forget('one', ['a']);
  assert.ok(answers.give('one', 'a', 1));
});

test('Answers last as long as the page where nothing can be kept', () => {
  for (const storage of [
    undefined,
    new Storage('', true),
    new Storage('no JSON'),
    new Storage('[]'),
    new Storage('7'),
  ]) {
    const answers = new Answers(storage);
    assert.ok(answers.give('one', 'a', 1));
    assert.equal(answers.of('one', 'a').value, 1);
  }
});
