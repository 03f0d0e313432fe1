// One experiment: its steady state live, a form beside its YAML, and its run. Needs lit-html and
// the panel's state; what the form changes, the text shows, and the other way round.

import { html, nothing } from '../../vendor/lit-html/lit-html.js';
import { download, run_view, stop_view } from '../../lessons/run_views.js';
import { icon, short, sign } from '../../words.js';
import { table_view } from '../blast/changes.js';
import { curl_view } from '../shared/parts.js';
import { change_at, form_of, typed, value_at } from './form.js';
import {
  check_text,
  journal_of,
  put_document,
  run_document,
  state_of,
  stop_run,
} from './session.js';
import { steady_of } from './steady.js';

const steady_signs = {
  holds: { word: 'holds', icon: 'check', hue: 'ok' },
  'does not hold': { word: 'does not hold', icon: 'cross', hue: 'bad' },
  'waits for the riders': { word: 'waits for the riders', icon: 'starting', hue: 'wait' },
  'not known': { word: 'not known', icon: 'unknown', hue: 'none' },
};

function steady_view(ctx, state) {
  const rows = steady_of(state.document, ctx.frame, state.audited);
  return html`<table class="steady">
    <thead>
      <tr>
        <th scope="col">steady state</th>
        <th scope="col" class="number">now</th>
        <th scope="col">must be</th>
        <th scope="col"></th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, value, range, word }) =>
          html`<tr data-probe=${name} data-word=${word}>
            <th scope="row">${name}</th>
            <td class="number">${value === null ? '–' : short(value)}</td>
            <td>${range ? `${range[0]} … ${range[1]}` : ''}</td>
            <td>${sign(steady_signs, word)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function put(ctx, field, text) {
  const value = typed(field.kind, text);
  if (value !== null) put_document(ctx, change_at(state_of(ctx).document, field.path, value));
}

function field_view(ctx, document, field) {
  const now = value_at(document, field.path);
  return html`<label
    ><span>${field.label}</span
    ><input
      type=${field.kind}
      step="any"
      .value=${String(now ?? '')}
      @change=${(event) => put(ctx, field, event.target.value)}
  /></label>`;
}

function form_view(ctx, document) {
  return html`<div class="form">
    ${form_of(document).map(
      ({ title, fields }) =>
        html`<fieldset>
          <legend>${title}</legend>
          ${fields.map((field) => field_view(ctx, document, field))}
        </fieldset>`,
    )}
  </div>`;
}

function text_view(ctx, state) {
  return html`<label class="yaml"
    ><span>YAML ${state.is_checked ? nothing : html`<b>not checked</b>`}</span>
    <textarea
      spellcheck="false"
      rows="16"
      .value=${state.text}
      @change=${(event) => check_text(ctx, event.target.value)}
    ></textarea>
  </label>`;
}

async function save_journal(ctx, run) {
  const journal = await journal_of(ctx, run.path);
  if (journal) download('journal.json', `${JSON.stringify(journal, null, 2)}\n`);
}

export function runs_view(ctx, runs) {
  return html`<ul class="plain">
    ${runs.map((run) => {
      const path = `/api/experiments/${run.id}`;
      return html`<li data-experiment-run=${run.id}>
        <b>${run.title}</b> ${run_view(run.state === 'running' ? run : { ...run, said: '' }, path)}
        ${
          run.state === 'running'
            ? html`<button
                class="small"
                ?disabled=${!ctx.can_touch}
                @click=${() => stop_run(ctx, path)}
              >
                stop
              </button>`
            : html`<button class="small quiet" @click=${() => save_journal(ctx, { path })}>
                ${icon('download')}<span>journal</span>
              </button>`
        }
      </li>`;
    })}
  </ul>`;
}

function effects_view(effects) {
  if (Object.keys(effects).length === 0) return nothing;
  return html`<section class="changes" aria-label="What it changed">
    <h3>What it changed</h3>
    ${table_view(effects)}
  </section>`;
}

export function editor_view(ctx, state) {
  const is_running = state.run?.state === 'running';
  const why = ctx.why_not || (state.is_checked ? '' : 'The text cannot be run as it is.');
  const others = state.needs_own_platform
    ? html`<p class="dim">
        It takes a guard out, so it runs on a platform of its own beside this one.
      </p>`
    : nothing;
  return html`<div class="stack">
    <h2>${state.document.title}</h2>
    <p>${state.document.description}</p>
    ${others}
    <p class="row wrap">
      <button
        class="main"
        data-action="run"
        ?disabled=${why !== '' || is_running}
        title=${why}
        @click=${() => run_document(ctx)}
      >
        ${icon('play')}<span>Run</span>
      </button>
      ${stop_view(ctx, state.run, () => stop_run(ctx, state.run.path))}
      ${state.run ? run_view(state.run, state.run.path) : nothing}
    </p>
    ${effects_view(state.effects)} ${steady_view(ctx, state)}
    <div class="beside">${form_view(ctx, state.document)}${text_view(ctx, state)}</div>
    ${curl_view(ctx.actions.curl('POST', '/api/experiments', state.document))}
  </div>`;
}
