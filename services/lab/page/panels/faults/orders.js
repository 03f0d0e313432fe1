// What this page asked of the lab, until the frames show it, and what was refused. Needs an order's
// body and the lab's answer; pure functions on a list of {id, target, action, duration, state}.

const MOST_KEPT = 20;

/** `state`: asked, taken or refused. A new order for a target replaces the last refusal there. */
export function with_order(orders, id, order) {
  const others = (orders ?? []).filter(
    (one) => one.state !== 'refused' || one.target !== order.target,
  );
  return [...others, { id, ...order, state: 'asked', problem: null }].slice(-MOST_KEPT);
}

/** What became of order `id`: `fault` as the lab has it, or the problem with which it refused. */
export function with_answer(orders, id, answer) {
  const news = answer.ok
    ? { state: 'taken', fault: answer.value }
    : { state: 'refused', problem: answer.problem };
  return (orders ?? []).map((one) => (one.id === id ? { ...one, ...news } : one));
}

export function without(orders, id) {
  return (orders ?? []).filter((one) => one.id !== id);
}

/** The last refusal for `target`; undefined: there is none. */
export function refusal_of(orders, target) {
  return (orders ?? []).findLast((one) => one.target === target && one.state === 'refused');
}

/** What a problem (RFC 9457) says to people. */
export function words_of(problem) {
  const title = [problem?.status || '', problem?.title || 'Refused'].join(' ').trim();
  return problem?.detail ? `${title}: ${problem.detail}` : title;
}
