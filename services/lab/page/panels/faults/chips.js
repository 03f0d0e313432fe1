// What the chip of a fault says: its phase, since when, for how long yet, and what was probed.
// Needs the frame's faults and the orders of this page; pure functions.
import { shown, span } from '../../words.js';
import { while_on } from '../faults.js';
import { after, duration_ms } from '../shared/text.js';
import { happens_at_once } from './kinds.js';

const ENDED_MS = 8000; // so long a fault that ended keeps its chip
const OFF_PROOF_MS = 15000; // the agent looks so long for the end of a fault
const MOST_CHIPS = 12;

const STEPS = [
  ['asked', 'asked_at_ms'],
  ['injected', 'injected_at_ms'],
  ['proven on', 'proven_at_ms'],
  ['reverted', 'reverted_at_ms'],
  ['proven off', 'proven_off_at_ms'],
];

const at = (fault, member) => after(fault[member] - fault.asked_at_ms);
const is_on = (fault) => fault.injected_at_ms !== 0 && fault.reverted_at_ms === 0;

/** [phase, hue, words] while it is on. */
function phase_on(fault, now_ms) {
  if (now_ms > fault.reverts_at_ms) return ['reverting', 'wait', 'reverting'];
  if (fault.proven_at_ms !== 0)
    return ['proven', 'slow', `proven on at ${at(fault, 'proven_at_ms')}`];
  if (fault.phase === 'not_proven') return ['not_proven', 'bad', 'NOT PROVEN'];
  return ['injected', 'wait', 'on, not proven yet'];
}

function phase_of(fault, now_ms) {
  if (fault.injected_at_ms === 0) return ['asked', 'wait', 'asked'];
  if (is_on(fault)) return phase_on(fault, now_ms);
  if (fault.proven_at_ms === 0) return ['not_proven', 'bad', 'ended, NOT PROVEN'];
  if (fault.proven_off_at_ms !== 0) {
    return ['proven_off', 'ok', `proven off at ${at(fault, 'proven_off_at_ms')}`];
  }
  if (now_ms - fault.reverted_at_ms < OFF_PROOF_MS) {
    return ['reverted', 'wait', 'reverted, not proven yet'];
  }
  return ['not_proven_off', 'bad', 'reverted, NOT PROVEN OFF'];
}

function time_left(fault, now_ms) {
  if (!is_on(fault)) return { left_ms: 0, part: 0, left: '' };
  const left_ms = Math.max(0, fault.reverts_at_ms - now_ms);
  const whole_ms = Math.max(1, fault.reverts_at_ms - fault.injected_at_ms);
  const words = happens_at_once(fault.action) ? 'can be repeated in' : 'reverts in';
  return { left_ms, part: Math.min(1, left_ms / whole_ms), left: `${words} ${span(left_ms)}` };
}

/** One fault of the frame. */
export function chip_of(fault, now_ms) {
  const [phase, hue, words] = phase_of(fault, now_ms);
  return {
    id: fault.id,
    target: fault.target,
    action: fault.action,
    title: `${shown(fault.target, 40)} ${while_on(fault.action)}`,
    phase,
    hue,
    words,
    ...time_left(fault, now_ms),
    is_on: is_on(fault),
    can_revert: is_on(fault) && !happens_at_once(fault.action),
    by: shown(fault.by, 60),
    evidence: shown(fault.evidence, 600),
    steps: STEPS.map(([name, member]) => ({ name, at: fault[member] ? at(fault, member) : '' })),
  };
}

function chip_of_order({ id, target, action, duration }) {
  return {
    id,
    target,
    action,
    phase: 'asked',
    hue: 'wait',
    words: 'asked',
    is_on: false,
    by: '',
    title: `${shown(target, 40)} ${while_on(action)}`,
    left: `for ${duration}`,
    left_ms: duration_ms(duration) ?? 0,
    part: 1,
    evidence: '',
    steps: STEPS.map(([name]) => ({ name, at: name === 'asked' ? after(0) : '' })),
  };
}

/** The chips: what this page has asked for, what is on, what ended a moment ago. */
export function chips_of(frame, orders, now_ms) {
  const faults = frame?.faults?.list ?? [];
  const known = new Set(faults.map((one) => one.id));
  const newer = (orders ?? []).filter((one) => one.state !== 'refused' && !known.has(one.id));
  const ended_ms = (one) => Math.max(one.reverted_at_ms, one.proven_off_at_ms);
  const is_shown = (one) => one.reverted_at_ms === 0 || now_ms - ended_ms(one) < ENDED_MS;
  const taken = newer
    .map(({ fault }) => fault)
    .filter((one) => one && now_ms - one.reverts_at_ms < ENDED_MS);
  const all = [
    ...newer.filter(({ state }) => state === 'asked').map(chip_of_order),
    ...[...faults, ...taken].filter(is_shown).map((one) => chip_of(one, now_ms)),
  ];
  return { chips: all.slice(0, MOST_CHIPS), more: Math.max(0, all.length - MOST_CHIPS) };
}
