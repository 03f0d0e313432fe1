// The learner's answers: locked before a run, with what was measured after it. Needs a storage
// like localStorage, which may be full or forbidden: then answers last as long as the page.

const KEY = 'hailstorm.answers.1';

function read(storage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? '{}');
    return kept !== null && typeof kept === 'object' && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

export class Answers {
  constructor(storage) {
    this.storage = storage;
    this.all = storage ? read(storage) : {};
  }

  // {value, locked_at_ms, measured, word}; value undefined: none yet.
  of(lesson, id) {
    return this.all[lesson]?.[id] ?? {};
  }

  // An answer that is locked stays as it is.
  give(lesson, id, value) {
    if (this.of(lesson, id).locked_at_ms) return false;
    this.put(lesson, id, { ...this.of(lesson, id), value });
    return true;
  }

  // Those that have no answer yet; empty: all are locked now.
  lock(lesson, ids, now_ms) {
    const open = ids.filter((id) => this.of(lesson, id).value === undefined);
    if (open.length > 0) return open;
    for (const id of ids) {
      const answer = this.of(lesson, id);
      if (!answer.locked_at_ms) this.put(lesson, id, { ...answer, locked_at_ms: now_ms });
    }
    return [];
  }

  note(lesson, id, measured, word) {
    this.put(lesson, id, { ...this.of(lesson, id), measured, word });
  }

  // For another try: the answers to these are open again.
  forget(lesson, ids) {
    for (const id of ids) delete this.all[lesson]?.[id];
    this.keep();
  }

  // For a teacher; no names, no accounts.
  exported(now_ms) {
    return { hailstorm_answers: 1, exported_at_ms: now_ms, lessons: this.all };
  }

  put(lesson, id, answer) {
    this.all[lesson] = { ...this.all[lesson], [id]: answer };
    this.keep();
  }

  keep() {
    try {
      this.storage?.setItem(KEY, JSON.stringify(this.all));
    } catch {
      // Full or forbidden: the answers last as long as the page.
    }
  }
}
