// Presses of fault buttons: what is asked of the lab, and what it refused. Needs the shell's ctx;
// loaded when a button is first pressed or pointed at.
import { nothing } from '../../vendor/lit-html/lit-html.js';
import { faults_of, set_faults } from '../faults.js';
import { curl_view, problem_view } from '../shared/parts.js';
import { order_of } from './kinds.js';
import { refusal_of, with_answer, with_order, without } from './orders.js';

const BY = 'mission control';

function new_id() {
  const bytes = crypto.getRandomValues(new Uint8Array(4));
  return [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
}

/** Asks for it; the chip and the row of its target show what comes of it. */
export async function inject(ctx, order) {
  const id = new_id();
  set_faults(ctx, { orders: with_order(faults_of(ctx).orders, id, order), hint: order });
  const answer = await ctx.actions.fault({ id, ...order, by: BY });
  set_faults(ctx, { orders: with_answer(faults_of(ctx).orders, id, answer) });
}

/** The usual order of this kind, for as long as the page's choice says. */
const usual_order = (ctx, target, kind) => order_of(target, kind, faults_of(ctx).duration);

export const inject_usual = (ctx, target, kind) => inject(ctx, usual_order(ctx, target, kind));
export const show_hint = (ctx, target, kind) =>
  set_faults(ctx, { hint: usual_order(ctx, target, kind) });

/** The shell line that does what `order` does. */
export const curl_of = (ctx, order) => ctx.actions.curl('POST', '/api/faults', order);
export const hint_view = (ctx, order) => curl_view(curl_of(ctx, order));

/** The last refusal for `target`, where there is one. */
export function refusal_view(ctx, target) {
  const { orders } = faults_of(ctx);
  const refusal = refusal_of(orders, target);
  if (!refusal) return nothing;
  const dismiss = () => set_faults(ctx, { orders: without(faults_of(ctx).orders, refusal.id) });
  return problem_view(refusal.problem, dismiss);
}
