"use strict";
// Text with spans that may nest and cross → elements. Offsets are code points; JavaScript counts UTF-16 units.

/** Return a function (start, end) → substring by code points. */
function slicer(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (start, end) => text.slice(start, end);
  const points = Array.from(text);
  return (start, end) => points.slice(start, end).join("");
}

/** Return the spans of each stretch between neighbouring borders inside [from, to), outermost first. */
function stretches(spans, from, to) {
  const inside = spans.filter((span) => span.start < to && from < span.end);
  const cuts = new Set([from, to]);
  for (const span of inside) {
    cuts.add(Math.max(from, span.start));
    cuts.add(Math.min(to, span.end));
  }
  const borders = [...cuts].sort((a, b) => a - b);
  inside.sort((a, b) => a.order - b.order || b.end - b.start - (a.end - a.start) || a.start - b.start || a.index - b.index);
  const found = [];
  for (let at = 0; at + 1 < borders.length; at++) {
    const [start, end] = [borders[at], borders[at + 1]];
    found.push({ start, end, spans: inside.filter((span) => span.start <= start && end <= span.end) });
  }
  return found;
}

/**
 * Append the text of [from, to) to `parent`. `open(span, isFirst)` makes the element of a piece of a span;
 * `finish(span, node)` is told the piece that a span ends with.
 */
function layOut(parent, slice, spans, from, to, open, finish) {
  const stack = [];
  const close = (depth, at) => {
    while (stack.length > depth) {
      const done = stack.pop();
      done.node.style.setProperty("--depth", done.height);
      if (done.span.end === at) finish(done.span, done.node);
      if (stack.length) stack[stack.length - 1].height = Math.max(stack[stack.length - 1].height, done.height + done.own);
    }
  };
  for (const stretch of stretches(spans, from, to)) {
    let shared = 0;
    while (shared < stack.length && stack[shared].span === stretch.spans[shared]) shared++;
    close(shared, stretch.start);
    for (const span of stretch.spans.slice(shared)) {
      const node = open(span, stretch.start === span.start);
      (stack.length ? stack[stack.length - 1].node : parent).append(node);
      stack.push({ span, node, height: 0, own: span.flat ? 0 : 1 });
    }
    (stack.length ? stack[stack.length - 1].node : parent).append(slice(stretch.start, stretch.end));
  }
  close(0, to);
}
