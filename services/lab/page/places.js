// The panels and their places on the page: loads a panel's module when it is first shown, and puts
// its view there. Needs a document; a panel that fails says so in its place, and stops no other.

import { html, render } from './vendor/lit-html/lit-html.js';

export class Places {
  /** `on_loaded` is called when there is one more panel. */
  constructor(on_loaded) {
    this.on_loaded = on_loaded;
    this.panels = new Map(); // by id; null while it is loaded, and where there is none
    this.loads = new Map(); // by id: what was asked for
  }

  /** Until it is there; it is asked for once. */
  load(id) {
    if (!this.loads.has(id)) this.loads.set(id, this.#load(id));
    return this.loads.get(id);
  }

  async #load(id) {
    this.panels.set(id, null);
    try {
      const { panel } = await import(`./panels/${id}.js`);
      this.panels.set(id, panel);
    } catch (failure) {
      console.warn(`there is no panel ${id}: ${failure}`);
    }
    this.on_loaded();
  }

  place_of(id) {
    return document.querySelector(`#page [data-panel="${id}"]`);
  }

  /** [id, panel, place] of each panel that is seen now. */
  shown() {
    const all = [...this.panels].map(([id, panel]) => [id, panel, this.place_of(id)]);
    return all.filter(([, panel, place]) => panel && place && !place.hidden);
  }

  draw(ctx) {
    for (const [, panel, place] of this.shown()) {
      try {
        render(panel.view(ctx), place);
      } catch (failure) {
        console.error(failure);
        const words = `This part failed: ${failure}`;
        render(html`<p class="banner" data-hue="bad">${words}</p>`, place);
      }
    }
  }
}
