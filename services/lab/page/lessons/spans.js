// The inside of a line of Markdown: text, `code`, **strong**, *emphasis* and [links](target), as
// plain objects. Needs nothing; what it does not know stays text, and no HTML ever passes.

const PATTERN = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\(([^)\s]+)\)/g;

// Where a link may lead: another page of the tree, a heading, or the web.
export function is_safe(target) {
  return (
    /^https?:\/\//.test(target) || !/^[\s\u0000-\u0020]*[a-z][a-z0-9+.-]*:|^\s*\/\//i.test(target)
  );
}

function span_of([, code, strong, emphasis, text, target]) {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (emphasis !== undefined) return { kind: 'emphasis', text: emphasis };
  return is_safe(target) ? { kind: 'link', text, target } : { kind: 'text', text };
}

export function spans_of(line) {
  const spans = [];
  let end = 0;
  for (const match of line.matchAll(PATTERN)) {
    if (match.index > end) spans.push({ kind: 'text', text: line.slice(end, match.index) });
    spans.push(span_of(match));
    end = match.index + match[0].length;
  }
  if (end < line.length) spans.push({ kind: 'text', text: line.slice(end) });
  return spans;
}
