// Addresses, keyboard, theme: #/ overview · #/articles list · #/a/ID article · #/a/ID/TABLE/START mention.

const byId = (id) => document.getElementById(id);
const ready = loadLists();

async function route() {
  const [kind, id, table, start] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const overview = kind === "" || kind === undefined;
  byId("overview").hidden = !overview;
  byId("reader").hidden = overview;
  for (const link of document.querySelectorAll("[data-view]")) {
    link.toggleAttribute("aria-current", (link.dataset.view === "overview") === overview);
  }
  document.body.classList.toggle("reading", kind === "a");
  if (overview) return;
  try {
    await ready;
    if (kind === "a") await openArticle(id, table, start);
    else if (all.length && matchMedia("(min-width: 60rem)").matches && !view.article) await openArticle(all[0].id);
  } catch (error) {
    byId("text").replaceChildren(make("p", { class: "empty", role: "alert" }, error.message));
  }
}

async function openArticle(id, table, start) {
  const item = all.find((each) => each.id === id);
  if (!item) throw new Error(`No article ${id} in this report.`);
  if (view.article?.article_id !== id) {
    const articles = await page(Math.floor(item.at / META.perPage));
    showArticle(articles[item.at % META.perPage]);
    byId("article").scrollTop = 0;
    scrollTo(0, 0);
    drawList();
    document.querySelector("#entries [aria-current]")?.scrollIntoView({ block: "nearest" });
  }
  byId("previous").disabled = !neighbour(-1);
  byId("next").disabled = !neighbour(1);
  if (table) choose(view.spans.find((span) => span.layer === table && span.start === Number(start))?.ref, true);
}

function go(direction) {
  const item = neighbour(direction);
  if (item) location.hash = `#/a/${encodeURIComponent(item.id)}`;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
}

function switchTheme() {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  remember("theme", theme);
  setTheme(theme);
}

const dark = matchMedia("(prefers-color-scheme: dark)");
setTheme(stored("theme", dark.matches ? "dark" : "light"));
dark.addEventListener("change", () => stored("theme", null) || setTheme(dark.matches ? "dark" : "light"));

const KEYS = {
  "/": () => { location.hash = location.hash.startsWith("#/a") ? location.hash : "#/articles"; byId("reader").hidden = false; byId("overview").hidden = true; byId("search").focus(); },
  n: () => go(1), p: () => go(-1), ArrowRight: () => go(1), ArrowLeft: () => go(-1),
  j: () => step(1), k: () => step(-1), o: () => { location.hash = "#/"; }, t: switchTheme, "?": () => byId("help").showModal(),
  Escape: () => choose(null),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.target.matches("input")) {
    if (event.key === "Escape") { event.target.value = ""; search(); event.target.blur(); }
    if (event.key === "Enter" && matches.length) { location.hash = `#/a/${encodeURIComponent(matches[0].id)}`; event.target.blur(); }
    return;
  }
  const layer = /^\d$/.test(event.key) ? LAYERS[(Number(event.key) + 9) % 10] : null;
  if (layer && view.article) toggle(layer.table);
  else if (Object.hasOwn(KEYS, event.key)) KEYS[event.key]();
  else return;
  event.preventDefault();
});

byId("text").addEventListener("click", (event) => {
  const node = event.target.closest("[data-ref]");
  if (node && !String(getSelection())) choose(node.dataset.ref);
});
byId("search").addEventListener("input", search);
byId("more").addEventListener("click", showMore);
byId("previous").addEventListener("click", () => go(-1));
byId("next").addEventListener("click", () => go(1));
byId("theme").addEventListener("click", switchTheme);
byId("help-open").addEventListener("click", () => byId("help").showModal());
addEventListener("hashchange", route);
route();
