import assert from 'node:assert/strict';
import test from 'node:test';
import { OneStream } from '../../../../services/lab/page/lab.js';

/** The tabs of one browser: one lock, one channel, timers that a test fires. */
class Browser {
  constructor() {
    this.holder = null;
    this.waiting = [];
    this.channels = [];
  }

  request(options, run) {
    return new Promise((done, failed) => {
      const one = { run, done, failed };
      options.signal?.addEventListener('abort', () => {
        if (!this.waiting.includes(one)) return;
        this.waiting.splice(this.waiting.indexOf(one), 1);
        failed(new Error('aborted'));
      });
      if (options.steal) {
        this.holder?.failed(new Error('stolen'));
        this.holder = null;
        this.waiting.unshift(one);
      } else {
        this.waiting.push(one);
      }
      this.grant();
    });
  }

  grant() {
    if (this.holder || this.waiting.length === 0) return;
    const one = this.waiting.shift();
    this.holder = one;
    Promise.resolve(one.run()).then((value) => {
      if (this.holder === one) this.holder = null;
      one.done(value);
      this.grant();
    });
  }

  tab() {
    const tab = { texts: [], reads: false, full: 0, timers: new Map(), is_frozen: false };
    let last = 0;
    const channel = new EventTarget();
    channel.postMessage = (data) => {
      for (const other of this.channels) {
        if (other !== channel) other.dispatchEvent(new MessageEvent('message', { data }));
      }
    };
    this.channels.push(channel);
    const page = new OneStream({
      make_stream: (on) => {
        tab.stream_on = on;
        return { open: () => (tab.reads = true), close: () => (tab.reads = false) };
      },
      locks: { request: (name, options, run) => this.request(options, run) },
      channel,
      set_timeout: (call, ms) => {
        tab.timers.set(++last, { call, ms });
        return last;
      },
      clear_timeout: (id) => tab.timers.delete(id),
      on: { text: (text) => tab.texts.push(text), full: () => (tab.full += 1) },
    });
    tab.page = page;
    tab.fire = () => {
      const due = [...tab.timers];
      tab.timers.clear();
      for (const [, timer] of due) timer.call();
    };
    return tab;
  }
}

const settle = () => new Promise((done) => setTimeout(done, 0));

async function three_tabs() {
  const browser = new Browser();
  const tabs = [browser.tab(), browser.tab(), browser.tab()];
  for (const tab of tabs) tab.page.open();
  await settle();
  return tabs;
}

const readers = (tabs) => tabs.map((tab) => tab.reads);

test('one tab reads, and all get each frame', async () => {
  const tabs = await three_tabs();
  assert.deepEqual(readers(tabs), [true, false, false]);
  tabs[0].stream_on.text('1');
  for (const tab of tabs) assert.deepEqual(tab.texts, ['1']);
  tabs[0].stream_on.full();
  for (const tab of tabs) assert.equal(tab.full, 1);
});

test('another tab reads when the first one is closed', async () => {
  const tabs = await three_tabs();
  tabs[0].page.close();
  await settle();
  assert.deepEqual(readers(tabs), [false, true, false]);
  tabs[1].stream_on.text('2');
  assert.deepEqual(tabs[0].texts, []);
  assert.deepEqual(tabs[2].texts, ['2']);
});

test('a closed tab that waited never reads', async () => {
  const tabs = await three_tabs();
  tabs[1].page.close();
  tabs[0].page.close();
  await settle();
  assert.deepEqual(readers(tabs), [false, false, true]);
});

test('a reading tab that stands still is replaced, and waits when it wakes', async () => {
  const tabs = await three_tabs();
  tabs[1].fire(); // it heard nothing for too long
  await settle();
  assert.deepEqual(readers(tabs), [false, true, false]);
  tabs[1].page.close();
  await settle();
  assert.equal(readers(tabs).filter(Boolean).length, 1);
});

test('a reading tab shows that it lives while the lab is silent', async () => {
  const tabs = await three_tabs();
  const before = [...tabs[1].timers.keys()];
  tabs[0].fire();
  assert.notDeepEqual([...tabs[1].timers.keys()], before, 'the watch was not set again');
  assert.deepEqual(readers(tabs), [true, false, false]);
});

test('without locks each tab reads', async () => {
  let reads = 0;
  const page = new OneStream({
    make_stream: () => ({ open: () => (reads += 1), close: () => (reads -= 1) }),
    on: {},
  });
  page.open();
  assert.equal(reads, 1);
});
