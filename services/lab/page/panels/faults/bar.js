// The chips of the bar of faults, and the proof of one: from the press to the proof that it is off.
// Needs the frame's faults; loaded when the first one is there.
import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { repeat } from '../../vendor/lit-html/directives/repeat.js';
import { counted, icon } from '../../words.js';
import { faults_of, set_faults } from '../faults.js';
import { curl_view, problem_view } from '../shared/parts.js';
import { curl_of } from './asking.js';
import { chips_of } from './chips.js';

const PICTURES = {
  asked: 'asked',
  injected: 'starting',
  proven: 'check',
  not_proven: 'alert',
  reverting: 'starting',
  reverted: 'starting',
  proven_off: 'check',
  not_proven_off: 'alert',
};

const CLOSED = 'none'; // no proof is open, also not of a fault that was not proven

async function revert(ctx, id) {
  const answer = await ctx.actions.revert(id);
  set_faults(ctx, { problem: answer.ok ? null : answer.problem });
}

function chip_view(ctx, chip, open) {
  const toggle = () => set_faults(ctx, { open: open === chip.id ? CLOSED : chip.id });
  return html`
    <li
      class="fault"
      data-fault=${chip.id}
      data-target=${chip.target}
      data-hue=${chip.hue}
      data-action=${chip.action}
      data-phase=${chip.phase}
    >
      <span class="sign" data-hue=${chip.hue}>
        ${icon('fault')}
        <b>${chip.title}</b>
      </span>
      <span class="sign" data-hue=${chip.hue}>
        ${icon(PICTURES[chip.phase])}
        <span>${chip.words}</span>
      </span>
      ${
        chip.left
          ? html`
              <progress max="1" value=${chip.part} aria-label="time left"></progress>
              <span class="left">${chip.left}</span>
            `
          : nothing
      }
      ${
        chip.can_revert
          ? html`
              <button
                class="small"
                data-revert
                ?disabled=${!ctx.can_touch}
                title=${ctx.why_not}
                aria-label=${`Revert now: ${chip.title}`}
                @click=${() => revert(ctx, chip.id)}
              >
                Revert now
              </button>
            `
          : nothing
      }
      <button
        class="small quiet"
        data-proof
        aria-expanded=${open === chip.id}
        aria-label=${`The proof: ${chip.title}`}
        @click=${toggle}
      >
        Proof
      </button>
    </li>
  `;
}

function order_of_fault(ctx, id) {
  const found = ctx.frame.faults.list.find((one) => one.id === id);
  if (!found) return null;
  const { target, action, duration, attributes } = found;
  return Object.keys(attributes).length === 0
    ? { target, action, duration }
    : { target, action, duration, attributes };
}

/** What the agent probed, when, and the lines of a shell that do the same. */
function proof_view(ctx, chip) {
  if (!chip) return nothing;
  const order = order_of_fault(ctx, chip.id);
  return html`
    <div class="proof" data-proof-of=${chip.id}>
      <ol class="steps">
        ${chip.steps.map(
          ({ name, at }) => html`
            <li class=${at ? 'done' : 'dim'}>
              ${icon(at ? 'check' : 'circle')}
              <span>${name}</span>
              <span class="number">${at}</span>
            </li>
          `,
        )}
      </ol>
      <p>
        probed:
        <bdi class="foreign">${chip.evidence || 'nothing yet'}</bdi>
        ${
          chip.by
            ? html`
                <span class="dim">
                  · asked for by
                  <bdi>${chip.by}</bdi>
                </span>
              `
            : nothing
        }
      </p>
      ${order ? curl_view(curl_of(ctx, order)) : nothing}
      ${chip.can_revert ? curl_view(ctx.actions.curl('DELETE', `/api/faults/${chip.id}`)) : nothing}
    </div>
  `;
}

/** {chips, said, proof}: chips, what they say to those who do not see them, and what is open. */
export function bar_of(ctx) {
  const { orders, open: chosen, problem } = faults_of(ctx);
  const { chips, more } = chips_of(ctx.frame, orders, ctx.now_ms);
  const open = chosen ?? chips.find((chip) => chip.phase.startsWith('not_proven'))?.id;
  const list = html`
    <ul class="chips" aria-label="Faults">
      ${repeat(
        chips,
        (chip) => chip.id,
        (chip) => chip_view(ctx, chip, open),
      )}
      ${
        more
          ? html`
              <li class="dim">and ${counted(more, 'more fault')}</li>
            `
          : nothing
      }
    </ul>
  `;
  const opened = chips.find((chip) => chip.id === open);
  return {
    chips: chips.length === 0 ? undefined : list,
    said: chips.map((chip) => `${chip.title}: ${chip.words.replace(/ at .*/, '')}.`).join(' '),
    proof: html`
      ${problem_view(problem, () => set_faults(ctx, { problem: null }))} ${proof_view(ctx, opened)}
    `,
  };
}
