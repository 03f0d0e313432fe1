// For a teacher in front of a class: big type, and a story of which a key does the next step, as
// the button of a presenter's remote does. Needs ctx; loaded when it is first asked for.

const freeze = (target) => ({ target, action: 'freeze', duration: '8s', by: 'the presenter' });
const kill = (target) => ({ target, action: 'kill', duration: '6s', by: 'the presenter' });
const services = ['matching', 'payment', 'notification', 'analytics'];

/** What is said, and what is done. */
export const steps = [
  {
    say: 'Forty riders a second ask for a ride, on both lanes at the same moment.',
    run: ({ actions }) => actions.traffic({ rate: 40 }),
  },
  {
    say: 'Notification is killed for 6 s. Which lane still accepts rides?',
    run: ({ actions }) => actions.fault(kill('notification')),
  },
  {
    say: 'Payment is frozen for 8 s: it takes connections and answers nothing. Watch p99.',
    run: ({ actions }) => actions.fault(freeze('payment')),
  },
  {
    say: 'Matching is killed for 6 s. Its lag rises, and then it catches up.',
    run: ({ actions }) => actions.fault(kill('matching')),
  },
  {
    say: 'The broker is killed for 6 s. The gateway keeps each accepted ride in its outbox.',
    run: ({ actions }) => actions.fault(kill('broker')),
  },
  {
    say: 'All four services are killed for 6 s.',
    run: async ({ actions }) => {
      const asked = await Promise.all(services.map((name) => actions.fault(kill(name))));
      return asked.find((one) => !one.ok) ?? asked[0];
    },
  },
  {
    say: 'The audit: every ride that was accepted, checked in the log and in every store.',
    run: async ({ actions, set }) => {
      set({ drawer: 'audit' });
      return actions.audit(10);
    },
  },
];

/** Does the next step, and says what it is; after the last one it begins again. */
export async function next_step(ctx) {
  if (!ctx.can_touch) {
    ctx.set({ notice: { icon: 'lock', hue: 'slow', text: ctx.why_not } });
    return;
  }
  const at = ctx.state.step ?? 0;
  const text = `Step ${at + 1} of ${steps.length}: ${steps[at].say}`;
  ctx.set({ step: (at + 1) % steps.length, notice: { icon: 'play', hue: 'wait', text } });
  const done = await steps[at].run(ctx);
  if (done.ok) return;
  const why = `${text} It was refused: ${done.problem.detail}`;
  ctx.set({ notice: { icon: 'alert', hue: 'bad', text: why } });
}
