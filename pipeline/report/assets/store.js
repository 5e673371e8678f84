// The data of the report: blocks inside this page, or script files beside it (fetch is refused on file://).

const META = JSON.parse(document.getElementById("meta").textContent);
const PAGES = new Map();
const LISTS = new Map();
const WAITING = new Map();

function block(id) {
  const element = document.getElementById(id);
  return element && JSON.parse(element.textContent);
}

function settle(key, store, number, content) {
  store.set(number, content);
  (WAITING.get(key) || { resolve() {} }).resolve(content);
  WAITING.delete(key);
}

window.vifacts = Object.freeze({
  page: (number, content) => settle(`${number}.js`, PAGES, number, content),
  list: (number, content) => settle(`list-${number}.js`, LISTS, number, content),
});

/** Return a promise of a chunk: from memory, from this page, or from its file under `pages/`. */
function chunk(store, number, id, file) {
  if (!store.has(number)) {
    const here = block(id);
    if (here) store.set(number, here);
  }
  if (store.has(number)) return Promise.resolve(store.get(number));
  if (!WAITING.has(file)) {
    const waiting = {};
    waiting.promise = new Promise((resolve, reject) => Object.assign(waiting, { resolve, reject }));
    WAITING.set(file, waiting);
    const script = document.createElement("script");
    script.src = `pages/${file}`;
    script.onerror = () => {
      WAITING.delete(file);
      waiting.reject(new Error(`pages/${file} is missing; copy the folder pages along with index.html`));
    };
    document.head.append(script);
  }
  return WAITING.get(file).promise;
}

const page = (number) => chunk(PAGES, number, `page-${number}`, `${number}.js`);
const list = (number) => chunk(LISTS, number, `list-${number}`, `list-${number}.js`);

/** Return the rows of a table of an article as objects. */
function rowsOf(article, table) {
  const names = META.columns[table].map(([name]) => name);
  return (article.rows[table] || []).map((values) => Object.fromEntries(names.map((name, at) => [name, values[at]])));
}

/** Make an element: attributes by name, then children (strings become text, never markup). */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function stored(key, fallback) {
  try {
    return JSON.parse(localStorage.getItem(`vifacts.${key}`)) ?? fallback;
  } catch {
    return fallback;
  }
}

function remember(key, value) {
  try {
    localStorage.setItem(`vifacts.${key}`, JSON.stringify(value));
  } catch {
    // A browser may refuse storage to files; the choice then lasts as long as the page.
  }
}
