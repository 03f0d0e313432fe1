// Presses of fault buttons: what the page keeps about faults, and what it asks of the lab. Needs
// the shell's ctx.
import { is_reached, keep, kept, soon } from '../shared/kept.js';
import { USUAL_DURATION, order_of } from './kinds.js';
import { with_answer, with_order, without } from './orders.js';

const BY = 'mission control';

/** {kinds, duration, orders, hint, form, open, last}. */
export function faults_of(ctx) {
  const { kinds = null, duration = USUAL_DURATION, orders = [], ...rest } = kept(ctx, 'faults');
  return { kinds, duration, orders, ...rest };
}

export const set_faults = (ctx, patch) => keep(ctx, 'faults', patch);

/** What can be injected: asked for once, and again where the lab did not answer. */
export function kinds_of(ctx) {
  const { kinds, asked_at_ms } = faults_of(ctx);
  const is_due = asked_at_ms === undefined || ctx.now_ms - asked_at_ms > 2000;
  if (kinds === null && ctx.frame && is_reached(ctx) && is_due) soon(() => load_kinds(ctx));
  return kinds ?? [];
}

async function load_kinds(ctx) {
  set_faults(ctx, { asked_at_ms: ctx.now_ms });
  const got = await ctx.actions.get('/api/fault-kinds');
  if (got.ok) set_faults(ctx, { kinds: got.value.kinds });
}

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
export const usual_order = (ctx, target, kind) => order_of(target, kind, faults_of(ctx).duration);

export function dismiss(ctx, id) {
  set_faults(ctx, { orders: without(faults_of(ctx).orders, id) });
}

/** The shell line that does what `order` does. */
export const curl_of = (ctx, order) => ctx.actions.curl('POST', '/api/faults', order);
