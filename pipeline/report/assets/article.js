// An article: its text with the layers that are switched on.

/** Layers in the order of their switches: table, label, and whether they are on at first. `order` nests outer to inner. */
const LAYERS = [
  { table: "dates", label: "Dates", on: true, order: 3 },
  { table: "localities", label: "Localities", on: true, order: 3 },
  { table: "officials", label: "Offices", on: true, order: 3 },
  { table: "official_mentions", label: "People", on: true, order: 3 },
  { table: "money", label: "Money", on: true, order: 3 },
  { table: "model_counts", label: "Models", on: true, order: 3 },
  { table: "08_scope", label: "Links", on: false, links: true },
  { table: "01_layout", label: "Layout", on: false, parts: true },
  { table: "02_sentences", label: "Sentences", on: false, order: 1 },
  { table: "05_officials", label: "Labels", on: false, order: 4 },
  { table: "dropped", label: "Dropped", on: false, order: 2 },
];
const CANDIDATES = ["03_dates", "04_localities", "06_money", "07_model_counts"];
const FLAT = new Set(["02_sentences", "dropped", "05_officials"]);
const ON = Object.assign(Object.fromEntries(LAYERS.map((layer) => [layer.table, layer.on])), stored("layers", {}));

const view = { article: null, spans: [], slice: null, selected: null };

function rowsOfLayer(article, table) {
  if (table !== "dropped") return rowsOf(article, table).map((row) => ({ ...row, table }));
  return CANDIDATES.flatMap((name) => rowsOf(article, name).filter((row) => !row.kept).map((row) => ({ ...row, table: name })));
}

/** Return the spans of the article's layers, each with its row and its reference. */
function spansOf(article) {
  const spans = [];
  for (const layer of LAYERS) {
    if (layer.links || layer.parts) continue;
    rowsOfLayer(article, layer.table).forEach((row, index) => {
      const { start, end } = row;
      spans.push({ start, end, row, index, layer: layer.table, order: layer.order, flat: FLAT.has(layer.table), ref: `${layer.table}:${index}` });
    });
  }
  return spans;
}

function showArticle(article) {
  view.article = article;
  view.slice = slicer(article.text);
  view.spans = spansOf(article);
  view.selected = null;
  drawLayers();
  drawText();
  drawDetail();
}

function drawLayers() {
  const box = document.getElementById("layers");
  const focused = document.activeElement?.closest?.("#layers [data-layer]")?.dataset.layer;
  const buttons = LAYERS.map((layer, at) => {
    const count = rowsOfLayer(view.article, layer.table).length;
    const label = make("button", { type: "button", class: `switch k-${layer.table}`, "data-layer": layer.table, "aria-pressed": String(ON[layer.table]),
      title: `${ON[layer.table] ? "Hide" : "Show"} ${layer.label.toLowerCase()}${at < 10 ? ` (${(at + 1) % 10})` : ""}`, onclick: () => toggle(layer.table) },
      make("i"), layer.label, make("small", {}, String(count)));
    label.classList.toggle("none", !count);
    return label;
  });
  box.replaceChildren(box.firstElementChild, ...buttons);
  if (focused) box.querySelector(`[data-layer="${focused}"]`).focus();
}

function toggle(table) {
  ON[table] = !ON[table];
  remember("layers", ON);
  drawLayers();
  drawText();
  mark();
}

function drawText() {
  const { article, slice } = view;
  const shown = view.spans.filter((span) => ON[span.layer]);
  const parts = rowsOf(article, "01_layout");
  const body = make("div", { class: "body", lang: "vi" });
  body.classList.toggle("parts", ON["01_layout"]);
  let at = 0;
  for (const line of article.text.split("\n")) {
    const length = Array.from(line).length;
    if (line.trim()) body.append(paragraph(slice, shown, parts.find((part) => part.start < at + length && at < part.end), at, at + length));
    at += length + 1;
  }
  document.getElementById("text").replaceChildren(head(article), body);
}

function head(article) {
  const about = [article.author, article.published_on, (article.home_unit_path || []).join(" / ")].filter(Boolean);
  const safe = /^https?:\/\//i.test(article.url || "");
  const link = safe ? make("a", { href: article.url, rel: "noreferrer noopener", target: "_blank" }, "source") : null;
  return make("header", {},
    make("h1", { lang: "vi" }, article.title || article.article_id),
    make("p", { class: "about" }, ...about.flatMap((item) => [make("span", { lang: "vi" }, item)]), link, make("code", {}, article.article_id)),
    article.duplicate_of ? make("p", { class: "note" }, "Repeats ", make("a", { href: `#/a/${encodeURIComponent(article.duplicate_of)}` }, article.duplicate_of)) : null);
}

function paragraph(slice, spans, part, from, to) {
  const node = make("p", { "data-part": part ? part.kind : "unknown" });
  layOut(node, slice, spans, from, to, piece, (span, last) => ON["08_scope"] && last.append(...linkChips(span)));
  return node;
}

function piece(span, isFirst) {
  const node = make("span", { class: `m k-${span.layer}`, "data-ref": span.ref });
  if (!isFirst) node.classList.add("continued");
  else if (!FLAT.has(span.layer)) node.setAttribute("tabindex", "-1");
  if (span.layer === "05_officials") node.dataset.label = isFirst ? span.row.label : "";
  if (span.layer === "02_sentences" && isFirst) node.dataset.number = span.index + 1;
  return node;
}

/** Return what governs an amount or a count, as chips that lead there. */
function linkChips(span) {
  const link = linkOf(span);
  return targets(link).map(({ target, what }) =>
    make("button", { type: "button", class: `link k-${target.layer}`, tabindex: "-1", "data-text": view.slice(target.start, target.end),
      title: `${what} it holds`, "aria-label": `${what}: ${view.slice(target.start, target.end)}`, onclick: (event) => { event.stopPropagation(); choose(target.ref, true); } }));
}

function linkOf(span) {
  return rowsOf(view.article, "08_scope").find((link) => link.table === span.layer && link.start === span.start && link.end === span.end);
}

function targets(link) {
  if (!link) return [];
  const find = (layer, start) => (start === null ? null : view.spans.find((span) => span.layer === layer && span.start === start));
  return [["dates", link.date_start, "when"], ["localities", link.locality_start, "where"]]
    .map(([layer, start, what]) => ({ target: find(layer, start), what })).filter(({ target }) => target);
}

/** Select a mention: outline it and what governs it, and show its row. */
function choose(ref, scroll) {
  if (!view.article) return;
  view.selected = view.spans.find((span) => span.ref === ref) || null;
  mark();
  drawDetail();
  if (!view.selected) return history.replaceState(null, "", `#/a/${encodeURIComponent(view.article.article_id)}`);
  const { layer, start, ref: chosen } = view.selected;
  history.replaceState(null, "", `#/a/${encodeURIComponent(view.article.article_id)}/${layer}/${start}`);
  const node = document.querySelector(`#text [data-ref="${chosen}"]`);
  const sheet = matchMedia("(max-width: 60rem)").matches; // the row then covers the lower half of the screen
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  if (node && (scroll || sheet)) node.scrollIntoView({ block: sheet ? "start" : "center", behavior });
  if (node) node.focus({ preventScroll: true });
}

function mark() {
  for (const node of document.querySelectorAll("#text .selected, #text .related")) node.classList.remove("selected", "related");
  if (!view.selected) return;
  const related = targets(linkOf(view.selected)).map(({ target }) => target.ref);
  const person = view.selected.row.person_id;
  if (person) related.push(...view.spans.filter((span) => span.row.person_id === person).map((span) => span.ref));
  for (const ref of related) for (const node of document.querySelectorAll(`#text [data-ref="${ref}"]`)) node.classList.add("related");
  for (const node of document.querySelectorAll(`#text [data-ref="${view.selected.ref}"]`)) node.classList.add("selected");
}

/** Select the next (1) or previous (-1) mention that is shown. */
function step(direction) {
  const shown = view.spans.filter((span) => ON[span.layer] && !FLAT.has(span.layer)).sort((a, b) => a.start - b.start || b.end - a.end);
  if (!shown.length) return;
  const at = shown.indexOf(view.selected);
  choose(shown[at < 0 ? (direction > 0 ? 0 : shown.length - 1) : (at + direction + shown.length) % shown.length].ref, true);
}
