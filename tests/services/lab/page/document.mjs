// Stands in for a browser's document where a test looks at the pure functions of a module that has
// views, too: lit-html and the canvases ask for these when they are loaded.
globalThis.document = { createTreeWalker() {}, createComment() {} };
globalThis.matchMedia = () => ({ matches: false });
