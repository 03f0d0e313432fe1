import assert from 'node:assert/strict';
import { test } from 'node:test';
import './document.mjs';
import { Player } from '../../../../services/lab/page/panels/time/player.js';
import { Tape, tape_of } from '../../../../services/lab/page/panels/time/tape.js';

const T0 = 1_000_000;
const sample_of = ({ t_ms }) => ({ t_ms });

/** A model that only notes which frames it was given. */
class Noted {
  seqs = [];
  frame = null;

  take(frame) {
    this.frame = frame;
    this.seqs.push(frame.seq);
  }
}

const text_of = (seq, step_ms = 200) => JSON.stringify({ v: 1, seq, t_ms: T0 + seq * step_ms });

function tape_with(frames, limits) {
  const tape = new Tape(limits);
  for (let seq = 0; seq < frames; ++seq) tape.add(text_of(seq), { t_ms: T0 + seq * 200 });
  return tape;
}

test('the tape keeps five minutes and drops what is older', () => {
  const tape = tape_with(2000);
  assert.equal(tape.size, 1501);
  assert.equal(tape.frame(0).seq, 499);
  assert.equal(tape.samples[0].t_ms, tape.times[0]);
});

test('the tape is bounded by its characters, too', () => {
  const tape = tape_with(100, { most_characters: 1000 });
  assert.ok(tape.characters <= 1000);
  assert.ok(tape.size > 10 && tape.size < 40);
  assert.equal(tape.frame(tape.size - 1).seq, 99);
});

test('a clock that was set back begins a new tape', () => {
  const tape = tape_with(5);
  tape.add(text_of(0), { t_ms: T0 });
  assert.equal(tape.size, 1);
});

test('the frame at a time is the last one that is not newer', () => {
  const tape = tape_with(10);
  assert.equal(tape.index_at(T0 - 1), 0);
  assert.equal(tape.index_at(T0 + 399), 1);
  assert.equal(tape.index_at(T0 + 400), 2);
  assert.equal(tape.index_at(T0 + 1e6), 9);
});

test('a snapshot stays as it is', () => {
  const tape = tape_with(3);
  const copy = tape.snapshot();
  tape.add(text_of(3), { t_ms: T0 + 600 });
  assert.equal(copy.size, 3);
  assert.equal(tape.size, 4);
});

test('what was exported is the same tape when it is opened', () => {
  const tape = tape_with(7);
  tape.head = { recording: 1, run: 'r' };
  const again = tape_of(tape.lines(), sample_of);
  assert.deepEqual(again.texts, tape.texts);
  assert.deepEqual(again.head, tape.head);
  assert.equal(again.lines(), tape.lines());
});

test('a recording may have an audit and a torn end; anything else is named by its line', () => {
  const good = `${text_of(0)}\n${text_of(1)}\n{"audit":{}}\n`;
  assert.equal(tape_of(good, sample_of).size, 2);
  assert.equal(tape_of(`${text_of(0)}\n{"v":1,"t_`, sample_of).size, 1);
  assert.throws(() => tape_of(`${text_of(0)}\n{"x":1}\n`, sample_of), /line 2 is neither/);
  assert.throws(() => tape_of('nonsense\nmore', sample_of), /line 1 is no JSON/);
  assert.throws(() => tape_of('7\n', sample_of), /line 1 is neither/);
  assert.throws(() => tape_of('', sample_of), /no frame/);
});

function player_with(frames) {
  return new Player(tape_with(frames), () => new Noted());
}

test('a frame is shown with those before it, so that rides under way are known', () => {
  const player = player_with(500);
  const model = player.show(450);
  assert.equal(model.frame.seq, 450);
  assert.equal(model.seqs[0], 150);
  assert.equal(model.seqs.length, 301);
  assert.equal(player.model.history.at(-1).t_ms, T0 + 450 * 200);
});

test('a step on gives the same model one frame more; a step back gives a new one', () => {
  const player = player_with(200);
  const first = player.show(100);
  assert.equal(player.step(1), first);
  assert.equal(first.frame.seq, 101);
  const before = player.step(-1);
  assert.notEqual(before, first);
  assert.equal(before.frame.seq, 100);
  assert.equal(player_with(3).step(-5).frame.seq, 0);
  assert.equal(player_with(3).step(5).frame.seq, 2);
});

test('the same frame is the same however it was reached', () => {
  const jumped = player_with(500);
  jumped.show(420);
  const stepped = player_with(500);
  stepped.show(60);
  for (let i = 0; i < 360; ++i) stepped.step(1);
  assert.equal(stepped.model.frame.seq, jumped.model.frame.seq);
  assert.deepEqual(stepped.model.seqs.slice(-301), jumped.model.seqs);
});

test('a replay shows each frame when it is due, at every speed, and stands at the end', () => {
  for (const speed of [0.25, 0.5, 1, 2, 4]) {
    const player = player_with(21);
    player.show(0);
    player.speed = speed;
    player.play();
    let passed = 0;
    while (player.runs) {
      player.tick(50);
      passed += 50;
      assert.equal(player.index, Math.min(20, Math.floor((passed * speed) / 200)));
    }
    assert.equal(passed, 4000 / speed);
    assert.equal(player.tick(1000), null);
    player.play();
    assert.equal(player.index, 0, 'from the beginning again');
  }
});

test('a tape with newer frames takes the place of one, at the same frame', () => {
  const tape = tape_with(10);
  const player = new Player(tape.snapshot(), () => new Noted());
  player.show(5);
  for (let seq = 10; seq < 20; ++seq) tape.add(text_of(seq), { t_ms: T0 + seq * 200 });
  player.renew(tape.snapshot());
  assert.equal(player.step(1).frame.seq, 6);
  assert.equal(player.step(100).frame.seq, 19);
});
