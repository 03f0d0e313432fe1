// Follows a run of the lab (an experiment, a blast, a storm) to its end. Needs the page's actions;
// `on_change` gets the run as the lab describes it, about once a second.

const LOOK_EVERY_MS = 1000;
const SETTLES_WITHIN_S = 30;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** The value of an answer; a refusal is an Error with the lab's words and the problem itself. */
export async function value_of(answer) {
  const { ok, value, problem } = await answer;
  if (ok) return value;
  throw Object.assign(new Error(problem.detail ?? problem.title), { problem });
}

/** A failure as panels show it, in place. */
export const problem_of = (failure) =>
  failure.problem ?? { title: 'It ended', detail: failure.message };

/** Gives the run with its result. A lab that does not answer for a while is asked again. */
export async function follow(actions, path, on_change, wait = sleep) {
  for (;;) {
    const { ok, value, problem } = await actions.get(path);
    if (ok) on_change(value);
    if (ok && value.state !== 'running') return value;
    if (!ok && problem.status === 404) throw new Error(problem.detail);
    await wait(LOOK_EVERY_MS);
  }
}

/** Without riders, and when every ride is settled: a ride on its way counts as lost. */
export async function from_rest(ctx, work) {
  return with_riders_restored(ctx, async () => {
    if (ctx.frame?.traffic.running) {
      await value_of(ctx.actions.traffic({ rate: 0 }));
      await value_of(ctx.actions.audit(SETTLES_WITHIN_S));
    }
    return work();
  });
}

/** Runs that end take the riders home: they ride again as before. */
export async function with_riders_restored(ctx, work) {
  const before = ctx.frame?.traffic;
  try {
    return await work();
  } finally {
    if (before?.rate > 0) await ctx.actions.traffic({ rate: before.rate, lanes: before.lanes });
  }
}
