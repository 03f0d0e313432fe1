// Answer keys: whether what was measured is what the lesson says. Needs a question with its grade;
// a number's key is the range p5 … p95 of many runs. Pure functions.

import { list_of, range_of } from './blocks.js';
import { height_at } from './grading.js';

const sorted = (list) => [...list].sort().join(', ');

// "0: 0 … 5; 4: 250 … 400": at these seconds.
function curve_problem(key, curve) {
  for (const point of key.split(';')) {
    const [at, range] = point.split(':');
    const { low, high } = range_of(range);
    const height = height_at(curve, Number(at));
    if (height < low || height > high)
      return `${Math.round(height)} after ${at.trim()} s, not ${range.trim()}`;
  }
  return '';
}

// What is wrong; empty: the lesson is true.
export function key_problem(question, value) {
  const { key } = question.grade;
  if (value === null || value === undefined) return 'it was not measured';
  if (question.kind === 'curve') return curve_problem(key, value);
  if (question.kind === 'number') {
    const range = range_of(key);
    if (!range) return `the key ${key} is no range`;
    return value >= range.low && value <= range.high ? '' : `${value}, not ${key}`;
  }
  if (question.kind === 'set') {
    const among = list_of(question.among);
    const came = value.filter((name) => among.includes(name));
    const due = key === 'nobody' ? [] : list_of(key);
    return sorted(came) === sorted(due) ? '' : `${sorted(came) || 'nobody'}, not ${key}`;
  }
  if (question.kind === 'order') {
    return value.join(', ') === list_of(key).join(', ') ? '' : `${value.join(', ')}, not ${key}`;
  }
  return value === key ? '' : `${value}, not ${key}`;
}

// The value at that share of a sorted list of numbers, 0 to 1.
export function quantile(numbers, share) {
  const list = [...numbers].sort((a, b) => a - b);
  const at = share * (list.length - 1);
  const low = Math.floor(at);
  return list[low] + (list[Math.min(low + 1, list.length - 1)] - list[low]) * (at - low);
}
