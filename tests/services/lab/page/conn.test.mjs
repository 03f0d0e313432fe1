import assert from 'node:assert/strict';
import test from 'node:test';
import { conn_of, why_not_of } from '../../../../services/lab/page/lab.js';

const frame = { lag_known: true };
const conn = (more) => conn_of({ is_offline: false, is_full: false, frame, age_ms: 100, ...more });

test('a gap of two seconds passes unnoticed; then it reconnects, then it is lost', () => {
  assert.equal(conn({ age_ms: 2000 }), 'live');
  assert.equal(conn({ age_ms: 2001 }), 'reconnecting');
  assert.equal(conn({ age_ms: 8000 }), 'reconnecting');
  assert.equal(conn({ age_ms: 8001 }), 'lost');
});

test('before the first frame it loads, but not for ever', () => {
  assert.equal(conn({ frame: null }), 'loading');
  assert.equal(conn({ frame: null, age_ms: 9000 }), 'lost');
});

test('too many viewers are said as soon as frames stop', () => {
  assert.equal(conn({ is_full: true }), 'live');
  assert.equal(conn({ is_full: true, age_ms: 9000 }), 'full');
  assert.equal(conn({ is_full: true, frame: null, age_ms: 3000 }), 'full');
});

test('without its broker a platform is not lost', () => {
  assert.equal(conn({ frame: { lag_known: false } }), 'unreachable');
});

test('a recording asks no lab', () => {
  assert.equal(conn({ is_offline: true, frame: null, age_ms: 1e9 }), 'none');
});

test('a button that is off says why, the strongest reason first', () => {
  const why = (more) => why_not_of({ conn: 'live', mode: 'live', may_change: true, ...more });
  assert.equal(why({}), '');
  assert.equal(why({ mode: 'paused' }), '');
  assert.equal(why({ conn: 'unreachable' }), '');
  assert.match(why({ may_change: false }), /link/);
  assert.match(why({ conn: 'lost', may_change: false }), /does not answer/);
  assert.match(why({ mode: 'replaying', conn: 'lost' }), /recording/);
});
