// Everything that a page shows passes here. Texts become text nodes; nothing is ever parsed as markup.
const svgSpace = "http://www.w3.org/2000/svg";

function el(tag, props, ...children) {
  return build(document.createElement(tag), props, children);
}

function svg(tag, props, ...children) {
  return build(document.createElementNS(svgSpace, tag), props, children);
}

function build(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "text") node.textContent = value;
    else if (name === "at") for (const [property, length] of Object.entries(value)) node.style[property] = length;
    else if (name === "value") node.value = value;
    else set(node, name, value === true ? "" : String(value));
  }
  add(node, children);
  return node;
}

// Whatever a trace says, it sets no style, no handler, and no address but one within this page.
function set(node, name, value) {
  const isAddress = name === "href" || name === "src" || name === "action";
  if (name.startsWith("on") || name === "style" || (isAddress && !value.startsWith("#"))) throw new Error("The attribute '" + name + "' is not for data.");
  node.setAttribute(name, value);
}

function add(node, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(node, child);
    else node.append(child instanceof Node ? child : String(child));
  }
}

function fill(node, ...children) {
  node.replaceChildren();
  add(node, children);
  return node;
}

const chip = (text, tone, title) => el("span", { class: "chip" + (tone ? " " + tone : ""), title, text });
const note = text => el("p", { class: "note", text });
const hidden = text => el("span", { class: "unseen", text });

function button(text, run, props) {
  return el("button", { type: "button", text, on: { click: run }, ...props });
}

function table(caption, heads, rows, foot) {
  const cell = (value, i, tag) => el(tag, { class: heads[i]?.number ? "number" : null }, value);
  return el("div", { class: "scroll" }, el("table", null,
    el("caption", { class: "unseen", text: caption }),
    el("thead", null, el("tr", null, heads.map((head, i) => el("th", { scope: "col", class: head.number ? "number" : head.wide ? "wide" : null, title: head.title, text: head.text })))),
    el("tbody", null, rows.map(row => el("tr", { class: row.tone ?? null }, row.map((value, i) => cell(value, i, "td"))))),
    foot ? el("tfoot", null, el("tr", null, foot.map((value, i) => cell(value, i, "td")))) : null));
}

// Says something to those who do not see the page.
function announce(text) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = text;
}

// Says that a view stands: to tests, and to the browser's own measurements.
function ready(view) {
  document.documentElement.dataset.ready = view;
  performance.mark("ready-" + view);
}
