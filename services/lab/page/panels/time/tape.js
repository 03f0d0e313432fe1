// The tape: the frames of the last minutes as the lab wrote them, to be looked at again. Pure, and
// bounded; the same class holds a recording that was opened from a file.

import { KEEP_MS, MOST_CHARACTERS } from '../time.js';

const MOST_FRAMES_IN_FILE = 40000; // an hour at 5 a second is 18,000

export class Tape {
  /** `keep_ms`, `most_characters`: what is older, and what is more, is dropped. */
  constructor({ keep_ms = KEEP_MS, most_characters = MOST_CHARACTERS } = {}) {
    this.keep_ms = keep_ms;
    this.most_characters = most_characters;
    this.head = null; // the first line of a recording
    this.clear();
  }

  clear() {
    this.texts = [];
    this.times = []; // t_ms of each
    this.samples = []; // the figures of each, for the chart
    this.characters = 0;
  }

  get size() {
    return this.texts.length;
  }

  /** Begins again with a frame that is older than the last one: the clock was set back. */
  add(text, sample) {
    if (this.size > 0 && sample.t_ms < this.times.at(-1)) this.clear();
    this.texts.push(text);
    this.times.push(sample.t_ms);
    this.samples.push(sample);
    this.characters += text.length;
    let drop = 0;
    while (this.#is_too_much(drop)) this.characters -= this.texts[drop++].length;
    if (drop > 0) for (const list of [this.texts, this.times, this.samples]) list.splice(0, drop);
  }

  #is_too_much(drop) {
    const is_old = this.times[drop] < this.times.at(-1) - this.keep_ms;
    return drop < this.size - 1 && (is_old || this.characters > this.most_characters);
  }

  /** As it is now: frames that come later are not in it. */
  snapshot() {
    const tape = new Tape({ keep_ms: this.keep_ms, most_characters: this.most_characters });
    return Object.assign(tape, {
      ...this,
      texts: [...this.texts],
      times: [...this.times],
      samples: [...this.samples],
    });
  }

  frame(index) {
    return JSON.parse(this.texts[index]);
  }

  /** Of the last frame that is not newer than `t_ms`; 0 where all are. */
  index_at(t_ms) {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= t_ms) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** JSON lines, as `hail-lab record` writes them: the head where there is one, then the frames. */
  lines() {
    const head = this.head === null ? [] : [JSON.stringify(this.head)];
    return [...head, ...this.texts, ''].join('\n');
  }
}

/**
 * A tape of the lines of a recording; `sample_of` gives the figures of a frame. Throws an Error
 * that names the line which is none; a last line that was cut off is left out.
 */
export function tape_of(text, sample_of) {
  const tape = new Tape({ keep_ms: Infinity, most_characters: Infinity });
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const document = document_of(line, index + 1, index > 0 && index === lines.length - 1);
    if (document === null || document.audit !== undefined) continue;
    if (document.recording === 1) tape.head = document;
    else if (document.v !== 1 || !Number.isFinite(document.t_ms)) throw no_frame(index + 1);
    else if (tape.size === MOST_FRAMES_IN_FILE) throw new Error('it has too many frames');
    else tape.add(line, sample_of(document));
  }
  if (tape.size === 0) throw new Error('there is no frame in it');
  return tape;
}

const no_frame = (number) =>
  new Error(`line ${number} is neither a frame nor the head of a recording`);

/** Null: there is nothing in the line. */
function document_of(line, number, may_be_cut) {
  if (line.trim() === '') return null;
  let document;
  try {
    document = JSON.parse(line);
  } catch {
    if (may_be_cut) return null;
    throw new Error(`line ${number} is no JSON`);
  }
  if (typeof document !== 'object' || document === null) throw no_frame(number);
  return document;
}
