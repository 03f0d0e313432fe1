// What the experiments' panel does: loads the shipped ones, checks a text, runs a document and
// follows it. Needs the shell's ctx.

import { follow, problem_of, value_of, from_rest } from '../../lessons/follow.js';
import { frames_of, recording_seconds } from '../../lessons/run.js';
import { effects_of } from './effects.js';
import { audit_paths } from './steady.js';
import { yaml_of } from './yaml.js';

const AUDIT_EVERY_MS = 3000;
const nothing_yet = {
  files: null,
  runs: [],
  open: null,
  document: null,
  text: '',
  is_checked: true,
  run: null,
  audited: {},
  effects: {},
  problem: null,
};

let is_loading = false;
let audited_at = 0;

export const state_of = (ctx) => ctx.state.experiments ?? nothing_yet;

export function change(ctx, patch) {
  ctx.set({ experiments: { ...state_of(ctx), ...patch } });
}

async function attempt(ctx, work) {
  try {
    change(ctx, { problem: null });
    await work();
  } catch (failure) {
    change(ctx, { problem: problem_of(failure) });
  }
}

export async function load_files(ctx) {
  if (is_loading) return;
  is_loading = true;
  const [files, runs] = await Promise.all([
    ctx.actions.get('/api/experiment-files'),
    ctx.actions.get('/api/experiments'),
  ]);
  is_loading = false;
  if (files.ok && runs.ok)
    change(ctx, { files: files.value.experiments, runs: runs.value.runs, problem: null });
  else if (!state_of(ctx).problem) change(ctx, { problem: files.problem ?? runs.problem });
}

export const open_file = (ctx, name) =>
  attempt(ctx, async () => {
    change(ctx, { effects: {}, run: null });
    if (name === null) return change(ctx, { open: null, document: null });
    const file = await value_of(
      ctx.actions.get(`/api/experiment-files/${encodeURIComponent(name)}`),
    );
    const { text, document, needs_own_platform } = file;
    change(ctx, { open: name, text, document, needs_own_platform, is_checked: true });
  });

/** From the form: the text follows. */
export function put_document(ctx, document) {
  change(ctx, { document, text: yaml_of(document), is_checked: true });
}

/** From the text: the form follows, where the lab can run it. */
export const check_text = (ctx, text) =>
  attempt(ctx, async () => {
    change(ctx, { text, is_checked: false });
    const checked = await value_of(ctx.actions.ask('POST', '/api/experiments/check', { text }));
    const { document, needs_own_platform } = checked;
    change(ctx, { document, needs_own_platform, is_checked: true });
  });

/** What it says, and in the end why its verdict is so. */
function shown_run({ result, ...run }, path) {
  return { ...run, path, said: result?.['x-hailstorm']?.reason ?? run.said };
}

/** A run with a platform of its own is in no frame of this one. */
async function note_effects(ctx, ended) {
  const faults = ended.result?.['x-hailstorm']?.faults ?? [];
  if (faults.length === 0 || state_of(ctx).needs_own_platform) return;
  const seconds = recording_seconds(ended);
  const recording = await value_of(ctx.actions.get(`/api/recording?seconds=${seconds}`));
  change(ctx, { effects: effects_of(frames_of(recording, ended.began_ms), faults) });
}

export const run_document = (ctx) =>
  attempt(ctx, () =>
    from_rest(ctx, async () => {
      const begun = await value_of(ctx.actions.experiment(state_of(ctx).document));
      const path = `/api/experiments/${begun.id}`;
      change(ctx, { effects: {} });
      const note = (run) => change(ctx, { run: shown_run(run, path) });
      const ended = await follow(ctx.actions, path, note);
      await note_effects(ctx, ended);
      const runs = await ctx.actions.get('/api/experiments');
      if (runs.ok) change(ctx, { runs: runs.value.runs });
    }),
  );

export const stop_run = (ctx, path) =>
  attempt(ctx, () => value_of(ctx.actions.ask('DELETE', path)));

export const journal_of = (ctx, path) => value_of(ctx.actions.get(path)).then((run) => run.result);

/** Asks for what only an audit knows, now and then, while an experiment is open. */
export async function look_at_audit(ctx) {
  const { document, audited } = state_of(ctx);
  const paths = document ? audit_paths(document) : [];
  if (paths.length === 0 || ctx.now_ms - audited_at < AUDIT_EVERY_MS || ctx.mode !== 'live') return;
  audited_at = ctx.now_ms;
  const audit = await ctx.actions.audit();
  if (!audit.ok) return;
  const of = (path) =>
    path
      .split('.')
      .slice(1)
      .reduce((at, name) => at?.[name], audit.value);
  change(ctx, {
    audited: { ...audited, ...Object.fromEntries(paths.map((path) => [path, of(path)])) },
  });
}
