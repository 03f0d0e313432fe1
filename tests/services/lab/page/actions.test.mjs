import assert from 'node:assert/strict';
import test from 'node:test';
import { curl_line, make_actions, open_session } from '../../../../services/lab/page/lab.js';

function lab(answer) {
  const asked = [];
  const refused = [];
  const actions = make_actions({
    origin: 'http://127.0.0.1:7408',
    on_refused: (problem) => refused.push(problem.status),
    fetch: async (path, options) => {
      asked.push([options.method, path, options.body]);
      return answer(path, options);
    },
  });
  return { actions, asked, refused };
}

const json = (value, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': type } });

test('the line of a shell does the same, whatever is in the body', () => {
  assert.equal(
    curl_line('http://127.0.0.1:7408', 'POST', '/api/faults', { target: "a'b" }),
    'curl -X POST -H "Authorization: Bearer $TOKEN" -H \'Content-Type: application/json\' ' +
      `-d '{"target":"a'\\''b"}' 'http://127.0.0.1:7408/api/faults'`,
  );
  assert.equal(curl_line('http://h', 'GET', '/api/audit'), "curl 'http://h/api/audit'");
});

test('a refusal is a value, with the words of the lab', async () => {
  const problem = { title: 'Conflict', status: 409, detail: 'frozen already by lesson 2' };
  const { actions, refused } = lab(() => json(problem, 409, 'application/problem+json'));
  const answer = await actions.fault({ target: 'payment', action: 'freeze', duration_ms: 15000 });
  assert.deepEqual(answer, { ok: false, problem });
  assert.deepEqual(refused, []);
});

test('a refusal for want of a session is reported', async () => {
  const { actions, refused } = lab(() => json({ status: 401, detail: 'no' }, 401));
  await actions.stop_all();
  assert.deepEqual(refused, [401]);
});

test('no answer is a problem, too', async () => {
  const { actions } = lab(() => Promise.reject(new TypeError('failed to fetch')));
  const answer = await actions.audit();
  assert.equal(answer.ok, false);
  assert.equal(answer.problem.status, 0);
});

test('a duration is given in ms', async () => {
  const { actions, asked } = lab(() => json({}, 201));
  await actions.fault({ target: 'payment', action: 'freeze', duration_ms: 1500 });
  await actions.fault({ target: 'payment', action: 'freeze', duration: '15s' });
  assert.deepEqual(
    asked.map(([, , body]) => JSON.parse(body).duration),
    ['1500ms', '15s'],
  );
});

test('names that come from the platform do not change the path', async () => {
  const { actions, asked } = lab(() => json({}));
  await actions.passport('a/b?x=#');
  assert.equal(asked[0][1], '/api/passports/a%2Fb%3Fx%3D%23');
});

test('a key that was used is no harm where there is a session', async () => {
  const { actions, asked } = lab((path, { method }) =>
    method === 'POST' ? json({ status: 401 }, 401) : json({ may_change: true }),
  );
  assert.equal(await open_session(actions, 'abc'), true);
  assert.equal(asked.length, 2);
});

test('without a key the lab says whether there is a session', async () => {
  const { actions, asked } = lab(() => json({ may_change: false }));
  assert.equal(await open_session(actions, undefined), false);
  assert.deepEqual(asked, [['GET', '/api/session', undefined]]);
});
