// The selected mention: its row, how its value was decided, and its rule with the rule's own examples.

const TITLES = { dates: "Date", localities: "Locality", officials: "Office", official_mentions: "Person", money: "Money", model_counts: "Models",
  "02_sentences": "Sentence", "05_officials": "Label", "03_dates": "Dropped date", "04_localities": "Dropped locality", "06_money": "Dropped amount", "07_model_counts": "Dropped count" };
const OUTPUT = { dates: "03_dates", localities: "04_localities", money: "06_money", model_counts: "07_model_counts" };
const HIDDEN = new Set(["start", "end", "rule"]);

function drawDetail() {
  const panel = document.getElementById("detail");
  const span = view.selected;
  document.body.classList.toggle("with-detail", Boolean(span));
  if (!span) {
    panel.replaceChildren(make("p", { class: "empty" }, "Select a mention to see its row, its rule and how its value was decided."));
    return;
  }
  const close = make("button", { type: "button", class: "close", "aria-label": "Close", title: "Close (Esc)", onclick: () => choose(null) }, "×");
  panel.replaceChildren(
    make("header", { class: `k-${span.layer}` }, make("span", { class: "chip" }, TITLES[span.row.table] || span.row.table), close,
      make("blockquote", { lang: "vi" }, view.slice(span.start, span.end)),
      make("p", { class: "note" }, `characters ${span.start}–${span.end}`)),
    rowCard(span), ...decisionCard(span), ...personCard(span), ...alsoHere(span), ...ruleCard(span));
  panel.scrollTop = 0;
}

function section(title, ...children) {
  return make("section", {}, make("h3", {}, title), ...children);
}

const NUMBERS = new Set(["amount_min", "amount_max", "count"]);

function written(name, value) {
  if (Array.isArray(value)) return value.join(name.endsWith("path") ? " / " : ", ");
  const text = String(value);
  return NUMBERS.has(name) ? text.replace(/^\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, "\u2009")) : text;
}

function rowCard(span) {
  const items = META.columns[span.row.table].filter(([name]) => !HIDDEN.has(name) && span.row[name] !== null && span.row[name] !== "");
  const empty = META.columns[span.row.table].filter(([name]) => span.row[name] === null).map(([name]) => name);
  return section("Row", make("dl", {}, ...items.flatMap(([name, description]) =>
    [make("dt", { title: description }, name), make("dd", { lang: "vi" }, written(name, span.row[name]))])),
    empty.length ? make("p", { class: "note" }, `null: ${empty.join(", ")}`) : null);
}

const FROM = { text: "All of it stands in the text.", publication: "The missing parts come from the day of publication", context: "The missing parts come from the dates around it." };

/** Return how the value was decided: what the stage says of it, what it beat, and what governs it. */
function decisionCard(span) {
  const lines = [];
  const { row } = span;
  if (row.resolved_from) lines.push(FROM[row.resolved_from] + (row.resolved_from === "publication" ? `, ${view.article.published_on}.` : ""));
  if (row.resolved_by) lines.push(`Decided by: ${row.resolved_by}.`);
  const candidates = OUTPUT[span.layer] ? rowsOf(view.article, OUTPUT[span.layer]) : [];
  const near = candidates.filter((other) => other.start < span.end && span.start < other.end);
  for (const other of near.filter((item) => item.kept && item.reason)) lines.push(`${other.value ? `${other.value}: ` : ""}${other.reason}`);
  const beaten = near.filter((item) => !item.kept).map((other) =>
    make("li", {}, make("q", { lang: "vi" }, view.slice(other.start, other.end)), ` ${other.value || ""} — ${other.reason || "dropped"}`, other.rule ? make("code", {}, other.rule) : null));
  const link = linkOf(span);
  const governed = targets(link).map(({ target, what }) => make("li", {}, `${what}: `, jump(target), ` (${(what === "when" ? link.period_by : link.unit_by) || "?"})`));
  if (link && !link.locality_start && link.unit_by === "home") lines.push("The place is the article's home unit.");
  const children = [...lines.map((line) => make("p", {}, line))];
  if (governed.length) children.push(make("ul", {}, ...governed));
  if (beaten.length) children.push(make("p", { class: "note" }, "It beat:"), make("ul", {}, ...beaten));
  return children.length ? [section("How it was decided", ...children)] : [];
}

function jump(target) {
  return make("button", { type: "button", class: `jump k-${target.layer}`, lang: "vi", onclick: () => choose(target.ref, true) }, view.slice(target.start, target.end));
}

/** Return the positions and mentions of the same person. */
function personCard(span) {
  const id = span.row.person_id;
  if (!id) return [];
  const same = view.spans.filter((other) => other !== span && other.row.person_id === id && other.layer !== "05_officials");
  const name = view.spans.find((other) => other.layer === "officials" && other.row.person_id === id)?.row.name;
  return same.length ? [section(name || "Same person", make("ul", { class: "plain" }, ...same.map((other) => make("li", {}, jump(other)))))] : [];
}

function alsoHere(span) {
  const others = view.spans.filter((other) => other !== span && other.layer !== "02_sentences" && other.start < span.end && span.start < other.end);
  return others.length ? [section("Also here", make("ul", { class: "plain" }, ...others.map((other) =>
    make("li", {}, jump(other), make("small", {}, ` ${(TITLES[other.row.table] || other.row.table).toLowerCase()}`)))))] : [];
}

function ruleCard(span) {
  const id = span.row.rule;
  if (!id) return [];
  const rule = Object.hasOwn(META.rules, id) ? META.rules[id] : null;
  if (!rule) return [section("Rule", make("p", {}, make("code", {}, id)))];
  const says = Object.entries(rule.says).flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, make("code", {}, value))]);
  const examples = rule.examples.map(([text, value]) => make("li", {}, make("q", { lang: "vi" }, text), " → ", make("code", {}, value)));
  const refuses = rule.refuses.map((text) => make("li", {}, make("q", { lang: "vi" }, text)));
  return [section("Rule", make("p", {}, make("code", {}, id), make("small", {}, ` rules/${rule.file}:${rule.line}`)),
    rule.note ? make("p", {}, rule.note) : null,
    make("details", {}, make("summary", {}, "What it says"), make("dl", {}, ...says)),
    examples.length ? make("h4", {}, "Its examples") : null, make("ul", { class: "examples" }, ...examples),
    refuses.length ? make("h4", {}, "It must refuse") : null, make("ul", { class: "examples" }, ...refuses))];
}
