// What the lessons' panel does: loads lessons, locks answers, runs a block on the lab, and grades.
// Needs the shell's ctx; answers are kept in this browser.

import { Answers } from '../../lessons/answers.js';
import { from_rest, problem_of, sleep, value_of } from '../../lessons/follow.js';
import { grade_answer } from '../../lessons/grading.js';
import { lesson_of, questions_of } from '../../lessons/lesson.js';
import { measured } from '../../lessons/measure.js';
import { evidence_of } from '../../lessons/run.js';
import { watch } from './watch.js';

const nothing_yet = {
  list: null,
  open: null,
  lesson: null,
  run: null,
  said: '',
  done: [],
  problem: null,
};

function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined; // forbidden
  }
}

export const answers = new Answers(storage());
const NOT_YET = { title: 'Not yet', detail: 'Answer every question first: a guess will do.' };
let is_loading = false;

export const state_of = (ctx) => ctx.state.lessons ?? nothing_yet;

export function change(ctx, patch) {
  ctx.set({ lessons: { ...state_of(ctx), ...patch } });
}

/** Asks once; after a refusal again when the panel is drawn next. */
export async function load_list(ctx) {
  if (is_loading) return;
  is_loading = true;
  const { ok, value, problem } = await ctx.actions.get('/api/lessons');
  is_loading = false;
  if (ok) change(ctx, { list: value.lessons, problem: null });
  else if (state_of(ctx).problem?.detail !== problem.detail) change(ctx, { problem });
}

/** Runs that have been graded before are open. */
function done_before(lesson) {
  const graded = (run) =>
    questions_of(lesson, run.id).every(({ id }) => answers.of(lesson.name, id).word);
  return lesson.runs.filter(graded).map((run) => run.id);
}

export async function open_lesson(ctx, name) {
  change(ctx, { open: name, lesson: null, problem: null, said: '' });
  watch([]);
  if (name === null) return;
  try {
    const { text } = await value_of(ctx.actions.get(`/api/lessons/${encodeURIComponent(name)}`));
    const lesson = lesson_of(name, text);
    change(ctx, { lesson, done: done_before(lesson) });
  } catch (failure) {
    change(ctx, { problem: problem_of(failure) });
  }
}

/** An answer that is locked stays as it is. */
export function give(ctx, id, value) {
  answers.give(state_of(ctx).lesson.name, id, value);
  change(ctx, {});
}

function lab_of(ctx) {
  const { actions } = ctx;
  return {
    get: (path) => value_of(actions.get(path)),
    start: (document) => value_of(actions.experiment(document)),
    queue: (options) => value_of(actions.ask('POST', '/api/queue-or-log', options)),
    recording: (seconds) => value_of(actions.get(`/api/recording?seconds=${seconds}`)),
    sleep,
  };
}

function grade_all(lesson, block, evidence) {
  for (const question of questions_of(lesson, block.id)) {
    const { value } = answers.of(lesson.name, question.id);
    const came = measured(question.grade.measure, evidence);
    if (came === null) throw new Error(`${question.id} was not measured: the run was too short`);
    answers.note(lesson.name, question.id, came, grade_answer(question, value, came).word);
  }
}

/** Locks the answers first; gives back what has no answer yet, and then runs nothing. */
export async function commit_and_run(ctx, block) {
  const { lesson, done } = state_of(ctx);
  const ids = questions_of(lesson, block.id).map((question) => question.id);
  const open = answers.lock(lesson.name, ids, ctx.now_ms);
  if (open.length > 0) return change(ctx, { problem: NOT_YET });
  change(ctx, { run: block.id, said: '', problem: null });
  watch(block.watch);
  try {
    const evidence = await from_rest(ctx, () =>
      evidence_of(lesson, block, lab_of(ctx), (said) => change(ctx, { said })),
    );
    grade_all(lesson, block, evidence);
    change(ctx, { run: null, done: [...done, block.id] });
  } catch (failure) {
    change(ctx, { run: null, problem: problem_of(failure) });
  }
  watch([]);
}

/** The answers are open again; the measurement is forgotten with them. */
export function try_again(ctx, block) {
  const { lesson, done } = state_of(ctx);
  answers.forget(
    lesson.name,
    questions_of(lesson, block.id).map((question) => question.id),
  );
  change(ctx, { done: done.filter((id) => id !== block.id), problem: null });
}

/** Shows what comes after the run without it. */
export function skip(ctx, block) {
  change(ctx, { done: [...state_of(ctx).done, block.id], problem: null });
}
