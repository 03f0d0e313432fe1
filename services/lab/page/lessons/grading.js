// What an answer is worth beside what was measured. Needs the answer, the measurement and the
// question; gives a word of the grade, and one sentence. Pure functions.

import { list_of } from './blocks.js';

const EXACT_FACTOR = 1.25;
const NEAR_FACTOR = 2;

const grade = (word, sentence, more = {}) => ({ word, sentence, ...more });

// Zero has no factor: it is met by zero alone, and anything small is near it.
export function grade_number(answer, measured) {
  if (answer === measured) return grade('exact', `${measured}, as you said`);
  const [low, high] = [Math.min(answer, measured), Math.max(answer, measured)];
  if (low <= 0) {
    return high <= 2
      ? grade('near', `${measured}, you said ${answer}`)
      : grade('off', `${measured}, you said ${answer}`);
  }
  const factor = high / low;
  const word = factor <= EXACT_FACTOR ? 'exact' : factor <= NEAR_FACTOR ? 'near' : 'off';
  return grade(word, `${measured}, you said ${answer}: a factor of ${factor.toFixed(2)}`, {
    factor,
  });
}

// Each member: right, missed (it suffered and was not named), or false alarm.
export function grade_set(answer, measured, among) {
  const cells = among.map((name) => {
    const said = answer.includes(name);
    const came = measured.includes(name);
    return { name, said, came, word: said === came ? 'right' : came ? 'missed' : 'false alarm' };
  });
  const wrong = cells.filter((cell) => cell.word !== 'right').length;
  const word = wrong === 0 ? 'exact' : wrong === 1 ? 'near' : 'off';
  return grade(word, `${cells.length - wrong} of ${cells.length} are right`, { cells });
}

// Kendall's tau: pairs in the same order less pairs in the other one, over all pairs.
export function kendall(answer, measured) {
  const place = new Map(measured.map((name, index) => [name, index]));
  const known = answer.filter((name) => place.has(name));
  let same = 0;
  let other = 0;
  for (let i = 0; i < known.length; ++i) {
    for (let j = i + 1; j < known.length; ++j) {
      if (place.get(known[i]) < place.get(known[j])) ++same;
      else ++other;
    }
  }
  const pairs = (measured.length * (measured.length - 1)) / 2;
  return pairs === 0 ? 1 : (same - other) / pairs;
}

export function grade_order(answer, measured) {
  const tau = kendall(answer, measured);
  const word = tau === 1 ? 'exact' : tau >= 1 / 3 ? 'near' : 'off';
  return grade(word, `it was: ${measured.join(', ')}`, { tau });
}

// The value of a curve, a list of [x, y] in order of x, at x.
export function height_at(curve, x) {
  if (curve.length === 0) return 0;
  if (x <= curve[0][0]) return curve[0][1];
  for (let i = 1; i < curve.length; ++i) {
    const [x0, y0] = curve[i - 1];
    const [x1, y1] = curve[i];
    if (x <= x1) return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return curve[curve.length - 1][1];
}

// The area between both, as a part of the area of a box around the measured one.
export function grade_curve(answer, measured, steps = 100) {
  if (answer.length === 0 || measured.length < 2) return grade('off', 'there is no curve');
  const [begin, end] = [measured[0][0], measured[measured.length - 1][0]];
  const top = Math.max(1e-9, ...measured.map(([, y]) => y));
  let between = 0;
  for (let i = 0; i <= steps; ++i) {
    const x = begin + ((end - begin) * i) / steps;
    between += Math.abs(height_at(answer, x) - height_at(measured, x));
  }
  const part = between / (steps + 1) / top;
  const word = part <= 0.1 ? 'exact' : part <= 0.3 ? 'near' : 'off';
  return grade(word, `the area between both is ${Math.round(part * 100)} % of the box`, { part });
}

export function grade_word(answer, measured) {
  return answer === measured
    ? grade('exact', `${measured}, as you said`)
    : grade('off', `${measured}, you said ${answer}`);
}

export function grade_answer(question, answer, measured) {
  switch (question.kind) {
    case 'number':
      return grade_number(Number(answer), measured);
    case 'set':
      return grade_set(answer, measured, list_of(question.among));
    case 'order':
      return grade_order(answer, measured);
    case 'curve':
      return grade_curve(answer, measured);
    default:
      return grade_word(answer, measured);
  }
}

/** Where that number stands on the slider. */
export function position_of(value, from, to) {
  const low = Math.max(from, 1);
  if (value < low) return 0;
  const least = from < low ? 1 : 0; // 0 is at the left end
  const share = Math.min(1, Math.log(value / low) / Math.log(to / low));
  return Math.max(least, Math.round(share * 1000));
}

// On the slider, 0 to 1000, a number stands by its logarithm; 0 is the left end.
export function number_at(position, from, to) {
  if (position <= 0) return from;
  const low = Math.max(from, 1);
  const value = low * (to / low) ** (position / 1000);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value / digits) * digits;
}
