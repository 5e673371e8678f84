// The list of articles and the search in it.

const STEP = 200;
const all = [];
let matches = [];
let listed = STEP;

/** Return text in lower case without diacritics, so that a search needs none. */
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐðÐ]/g, "d").toLowerCase();
}

async function loadLists() {
  for (let number = 0; number < Math.max(1, META.lists); number++) {
    for (const [id, title, day, place, counts, names] of await list(number)) {
      all.push({ id, title, day, place, counts, at: all.length, key: plain([id, title, place, names, day || ""].join(" ")) });
    }
    search();
  }
}

function search() {
  const words = plain(document.getElementById("search").value).split(/\s+/).filter(Boolean);
  matches = words.length ? all.filter((item) => words.every((word) => item.key.includes(word))) : all;
  listed = STEP;
  drawList();
}

function drawList() {
  const current = view.article?.article_id;
  const items = matches.slice(0, listed).map((item) =>
    make("li", {}, make("a", { href: `#/a/${encodeURIComponent(item.id)}`, "aria-current": item.id === current ? "true" : null },
      make("span", { class: "title", lang: "vi" }, item.title || item.id),
      make("span", { class: "meta", lang: "vi" }, [item.day, item.place].filter(Boolean).join(" · ")),
      make("span", { class: "dots", "aria-hidden": "true" }, ...META.facts.map((table, at) =>
        (item.counts[at] ? make("i", { class: `k-${table}`, title: table.replace("_", " ") }, String(item.counts[at])) : null))))));
  document.getElementById("entries").replaceChildren(...items);
  document.getElementById("found").textContent = matches.length === all.length ? `${all.length} articles` : `${matches.length} of ${all.length} articles`;
  document.getElementById("more").hidden = listed >= matches.length;
}

function showMore() {
  listed += STEP;
  drawList();
}

/** Return the entry before or after the shown article among the matches. */
function neighbour(direction) {
  const at = matches.findIndex((item) => item.id === view.article?.article_id);
  return matches[at < 0 ? 0 : at + direction];
}
