// Keeps the measured rows of the matrix in this browser, for the next visit. Needs localStorage;
// where there is none, or it is full, the rows last as long as the page.

const KEY = 'hailstorm.blast.1';

export function recalled(storage = globalThis.localStorage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? '{}');
    const is_whole = (row) => typeof row?.effects === 'object' && Number.isFinite(row.recovered_s);
    return Object.fromEntries(Object.entries(kept).filter(([, row]) => is_whole(row)));
  } catch {
    return {};
  }
}

export function remember(done, storage = globalThis.localStorage) {
  try {
    storage.setItem(KEY, JSON.stringify(done));
  } catch {
    // Full or forbidden.
  }
}
