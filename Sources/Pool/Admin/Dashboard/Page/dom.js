// Elements. What miners and nodes say becomes text nodes and attribute values, never markup.

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
};

export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

export const byId = (id) => document.getElementById(id);

/** A card with a title and what stands beside it. */
export const card = (title, attributes, aside, ...children) =>
  el("section", { ...attributes, class: "card " + (attributes.class ?? "") }, el("div", { class: "title" }, el("h2", {}, title), aside), ...children);

/** A figure: its name, the large number, a line below. */
export const tile = (title) => {
  const value = el("strong", {}, "–");
  const detail = el("span", { class: "soft" });
  return {
    root: el("section", { class: "card tile" }, el("h2", { class: "soft" }, title), value, detail),
    show(number, ...line) {
      value.textContent = number;
      detail.replaceChildren(...line.filter((part) => part != null));
    },
  };
};

/** A table that is filled anew with each change. A column: [title, class]; a row: its cells, or {id, cells}. */
export const table = (columns, empty) => {
  const body = el("tbody");
  const root = el("div", { class: "scroll", tabindex: 0 },
    el("table", {}, el("thead", {}, el("tr", {}, columns.map(([title, kind]) => el("th", { class: kind, scope: "col" }, title)))), body));
  const cell = (content, kind) => el("td", { class: kind }, ...(Array.isArray(content) ? content : [content ?? "–"]));
  return {
    root,
    show(rows) {
      if (!rows.length) return body.replaceChildren(el("tr", {}, el("td", { colspan: columns.length, class: "empty" }, empty)));
      body.replaceChildren(...rows.map((row) =>
        el("tr", { id: row.id }, (row.cells ?? row).map((content, index) => cell(content, columns[index][1])))));
    },
  };
};
