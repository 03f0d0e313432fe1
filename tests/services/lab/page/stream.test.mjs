import assert from 'node:assert/strict';
import test from 'node:test';
import { Stream, events_in } from '../../../../services/lab/page/lab.js';

/** Timers that a test fires, and a server that answers as a test says. */
function world(answers) {
  const timers = new Map();
  const asked = [];
  let last = 0;
  const seen = { texts: [], full: 0 };
  const stream = new Stream({
    fetch: (url, { signal }) => {
      asked.push(url);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      return answer(signal);
    },
    set_timeout: (call, ms) => {
      timers.set(++last, { call, ms });
      return last;
    },
    clear_timeout: (id) => timers.delete(id),
    on: { text: (text) => seen.texts.push(text), full: () => (seen.full += 1) },
  });
  const fire = (ms) => {
    for (const [id, timer] of timers) {
      if (timer.ms !== ms) continue;
      timers.delete(id);
      timer.call();
    }
  };
  return { stream, seen, asked, fire, timers };
}

/** An answer whose body is these pieces; with `stays_open` it says nothing more. */
function events(pieces, { status = 200, stays_open = false } = {}) {
  return async (signal) => {
    const body = new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
        if (!stays_open) controller.close();
        signal.addEventListener('abort', () => controller.error(new Error('aborted')));
      },
    });
    return new Response(body, { status });
  };
}

async function until(condition) {
  for (let i = 0; i < 1000; ++i) {
    if (condition()) return;
    await new Promise((done) => setImmediate(done));
  }
  assert.fail(`never: ${condition}`);
}

test('reads events in pieces of any size, and passes comments over', () => {
  const [first, rest] = events_in(':hb\n\nid: 1\ndata: {"a":1}\n\ndata: {"b"');
  assert.deepEqual(first, [{ name: 'message', data: '{"a":1}' }]);
  const [second, none] = events_in(`${rest}:2}\n\n`);
  assert.deepEqual(second, [{ name: 'message', data: '{"b":2}' }]);
  assert.equal(none, '');
});

test('a busy page gets the newest frame, not all', async () => {
  const { stream, seen } = world([
    events(['retry: 1000\n\n', 'data: 1\n\ndata: 2\n\n', 'data: 3\n\n'], { stays_open: true }),
  ]);
  stream.open();
  await until(() => seen.texts.length === 2);
  assert.deepEqual(seen.texts, ['2', '3']);
  stream.close();
});

test('asks again after a second: a refusal, a broken connection, an end', async () => {
  const { stream, seen, asked, fire } = world([
    events(['Bad Gateway'], { status: 502 }),
    async () => {
      throw new Error('refused');
    },
    events(['data: 1\n\n']),
    events(['data: 2\n\n'], { stays_open: true }),
  ]);
  stream.open();
  await until(() => (fire(1000), seen.texts.length === 2));
  assert.equal(asked.length, 4);
  assert.deepEqual(seen.texts, ['1', '2']);
  stream.close();
});

test('a server that is silent for three seconds is asked again', async () => {
  const { stream, seen, asked, fire } = world([
    events(['data: 1\n\n'], { stays_open: true }),
    events(['data: 2\n\n'], { stays_open: true }),
  ]);
  stream.open();
  await until(() => seen.texts.length === 1);
  fire(3000);
  await until(() => (fire(1000), asked.length === 2));
  await until(() => seen.texts.length === 2);
  stream.close();
});

test('too many viewers: says so, and asks again after ten seconds', async () => {
  const { stream, seen, asked, fire } = world([
    events(['event: full\ndata: {}\n\n']),
    events(['data: 1\n\n'], { stays_open: true }),
  ]);
  stream.open();
  await until(() => seen.full === 1);
  fire(1000);
  assert.equal(asked.length, 1);
  await until(() => (fire(10000), asked.length === 2));
  await until(() => seen.texts.length === 1);
  stream.close();
});

test('closed is closed, and can be opened again', async () => {
  const { stream, asked, fire } = world([events(['data: 1\n\n'], { stays_open: true })]);
  stream.open();
  await until(() => asked.length === 1);
  stream.close();
  await until(() => (fire(1000), true));
  assert.equal(asked.length, 1);
  stream.open();
  await until(() => asked.length === 2);
  stream.close();
});
