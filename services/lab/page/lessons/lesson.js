// A lesson: a Markdown document whose hail blocks are questions, runs and grades. Needs the text;
// checks that each grade has its question and its run before it, so that no answer comes too early.

import { block_of } from './blocks.js';
import { parts_of } from './markdown.js';

const text_of = (spans) => spans.map((span) => span.text).join('');

function with_blocks(part) {
  return part.kind === 'code' && part.language === 'hail'
    ? { kind: 'hail', block: block_of(part.text, part.line) }
    : part;
}

const blocks_of = (parts, word) =>
  parts
    .filter((part) => part.kind === 'hail' && part.block.word === word)
    .map((part) => part.block);

// A question belongs to the first run after it.
function tie_questions(parts) {
  let open = [];
  const questions = new Map();
  for (const { kind, block } of parts) {
    if (kind !== 'hail') continue;
    if (block.word === 'predict') {
      if (questions.has(block.id))
        throw new Error(`line ${block.line}: ${block.id} is asked twice`);
      questions.set(block.id, { ...block, run: null });
      open.push(block.id);
    } else if (block.word === 'run') {
      for (const id of open) questions.get(id).run = block.id;
      open = [];
    } else if (block.word === 'grade') {
      const question = questions.get(block.id);
      if (!question) throw new Error(`line ${block.line}: nobody asked for ${block.id}`);
      if (!question.run)
        throw new Error(`line ${block.line}: ${block.id} is graded before its run`);
      question.grade = block;
    }
  }
  return questions;
}

// Errors: an Error that says the line and what is wrong.
export function lesson_of(name, text) {
  const parts = parts_of(text).map(with_blocks);
  const heading = parts.find((part) => part.kind === 'heading');
  const questions = tie_questions(parts);
  for (const question of questions.values()) {
    if (!question.grade) throw new Error(`line ${question.line}: ${question.id} has no grade`);
  }
  return {
    name,
    title: heading ? text_of(heading.spans) : name,
    parts,
    questions,
    runs: blocks_of(parts, 'run'),
    explains: blocks_of(parts, 'explain'),
  };
}

export const questions_of = (lesson, run) =>
  [...lesson.questions.values()].filter((question) => question.run === run);
