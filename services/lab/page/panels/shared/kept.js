// What a panel keeps in the page's state under its own name, and requests whose answers land there.
// Needs the shell's ctx, whose state is always the newest.

export const kept = (ctx, id) => ctx.state[id] ?? {};

export function keep(ctx, id, patch) {
  ctx.set({ [id]: { ...ctx.state[id], ...patch } });
}

/** Keeps `busy`, then `answer` or `problem`, and which run it is of. Gives the lab's answer. */
export async function ask(ctx, id, request, patch = {}) {
  keep(ctx, id, { busy: true, problem: null, ...patch });
  const got = await request;
  const { run } = ctx;
  keep(
    ctx,
    id,
    got.ok ? { busy: false, run, answer: got.value } : { busy: false, run, problem: got.problem },
  );
  return got;
}

/** For a view that finds something missing: it asks once the page is drawn. */
export function soon(work) {
  setTimeout(work, 0);
}
