// The order of a list stands in the address beside its filters: "cost" is the dearest first, "cost-up" the cheapest.
const sortLabels = { started: "Started", duration: "Duration", tokens: "Tokens", cost: "Cost" };
const sortEnds = { started: ["newest first", "oldest first"], duration: ["longest first", "shortest first"], tokens: ["most first", "fewest first"], cost: ["dearest first", "cheapest first"] };

function readSort(query) {
  const [by, way] = (query.get("sort") ?? "").split("-");
  return Object.hasOwn(sortLabels, by) ? { by, isUp: way === "up" } : { by: "started", isUp: false };
}

const writeSort = sort => isByNewest(sort) ? null : sort.by + (sort.isUp ? "-up" : "");
const sortText = sort => sortEnds[sort.by][sort.isUp ? 1 : 0];

// A second press on the same column turns it around.
const turned = (sort, by) => ({ by, isUp: sort.by === by && !sort.isUp });

// The key s goes through all orders.
function followingSort(sort) {
  const all = Object.keys(sortLabels).flatMap(by => [{ by, isUp: false }, { by, isUp: true }]);
  return all[(all.findIndex(one => one.by === sort.by && one.isUp === sort.isUp) + 1) % all.length];
}

function sortHead(by, sort, choose, className) {
  const isOn = sort.by === by;
  return el("div", { role: "columnheader", class: className, "aria-sort": isOn ? (sort.isUp ? "ascending" : "descending") : "none" },
    el("button", { type: "button", class: "sort" + (isOn ? " is-on" : ""), "data-sort": by, title: "Sort: " + sortText(turned(sort, by)) + "; key s", on: { click: () => choose(turned(sort, by)) } },
      sortLabels[by], el("span", { class: "way", "aria-hidden": "true", text: isOn ? (sort.isUp ? "↑" : "↓") : "↓" })));
}

// Where there is no head to press: on narrow screens.
function sortChoice(sort, choose) {
  const select = el("select", { name: "sort", "aria-label": "Sort", on: { change: event => choose(readSort(new URLSearchParams({ sort: event.target.value }))) } },
    Object.keys(sortLabels).flatMap(by => [false, true].map(isUp => el("option", { value: by + (isUp ? "-up" : ""), text: sortLabels[by] + ", " + sortText({ by, isUp }) }))));
  select.value = sort.by + (sort.isUp ? "-up" : "");
  return el("div", { class: "field field-sort" }, select);
}
