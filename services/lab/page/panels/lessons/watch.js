// Puts a ring around the panels that a run is to be watched in. Needs the document; the names are
// those of panels, "lanes, services".

import { list_of } from '../../lessons/blocks.js';

export function watch(names, root = document) {
  const watched = Array.isArray(names) ? names : list_of(names ?? '');
  for (const place of root.querySelectorAll('[data-panel]')) {
    place.toggleAttribute('data-watched', watched.includes(place.dataset.panel));
  }
}
