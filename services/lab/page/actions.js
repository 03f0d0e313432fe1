// What the page asks of the lab over its API, and the session that permits changes. Needs fetch;
// each call gives {ok: true, value} or {ok: false, problem}, an RFC 9457 problem.

const NO_ANSWER = {
  title: 'No answer',
  status: 0,
  detail: 'the lab did not answer; what became of the request is unknown',
};

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The line of a shell that does the same. */
export function curl_line(origin, method, path, body) {
  const words = ['curl'];
  if (method !== 'GET') {
    words.push('-X', method, '-H "Authorization: Bearer $TOKEN"');
    words.push("-H 'Content-Type: application/json'");
  }
  if (body !== undefined) words.push('-d', quoted(JSON.stringify(body)));
  return [...words, quoted(origin + path)].join(' ');
}

async function read(response) {
  const text = await response.text();
  const is_json = (response.headers.get('content-type') ?? '').includes('json');
  try {
    return is_json && !response.headers.get('content-type').includes('jsonl')
      ? JSON.parse(text)
      : text;
  } catch {
    return text;
  }
}

/** `on_refused(problem)` is called for every request that needs a session and has none. */
export function make_actions({ fetch, origin, on_refused }) {
  async function ask(method, path, body) {
    const options = { method, cache: 'no-store' };
    if (method !== 'GET') options.headers = { 'Content-Type': 'application/json' };
    if (body !== undefined) options.body = JSON.stringify(body);
    try {
      const response = await fetch(path, options);
      const value = await read(response);
      if (response.ok) return { ok: true, value };
      const problem =
        typeof value === 'object' && value !== null
          ? value
          : { title: response.statusText, status: response.status, detail: String(value) };
      if (response.status === 401) on_refused(problem);
      return { ok: false, problem };
    } catch {
      return { ok: false, problem: NO_ANSWER };
    }
  }
  const part = encodeURIComponent;
  return {
    get: (path) => ask('GET', path),
    ask,
    curl: (method, path, body) => curl_line(origin, method, path, body),
    fault: (fault) => ask('POST', '/api/faults', seconds_as_text(fault)),
    revert: (id) => ask('DELETE', `/api/faults/${part(id)}`),
    stop_all: () => ask('POST', '/api/faults/reset', {}),
    traffic: (order) => ask('PUT', '/api/traffic', order),
    reset_group: (group, order) => ask('POST', `/api/groups/${part(group)}/reset`, order),
    passport: (id) => ask('GET', `/api/passports/${part(id)}`),
    dead_letters: () => ask('GET', '/api/dead-letters'),
    replay: (ids) => ask('POST', '/api/dead-letters/replay', { ids }),
    audit: (within_s = 0) => ask('GET', `/api/audit?within_s=${within_s}`),
    experiment: (document) => ask('POST', '/api/experiments', document),
    blast: (options) => ask('POST', '/api/blast', options),
  };
}

/** {duration_ms: 15000} as the API takes it: {duration: "15s"}. */
export function seconds_as_text({ duration_ms, ...fault }) {
  return duration_ms === undefined ? fault : { ...fault, duration: `${duration_ms}ms` };
}

/**
 * Opens a session with the key of the address ("#k=…"), which is good for one time, and asks
 * whether there is one. Gives whether this page may change something.
 */
export async function open_session(actions, key) {
  if (key) {
    const opened = await actions.ask('POST', '/api/session', { key });
    if (opened.ok) return true;
  }
  const session = await actions.get('/api/session');
  return session.ok && session.value.may_change;
}
