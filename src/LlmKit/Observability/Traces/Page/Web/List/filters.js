// The filters stand in the address, so that a view can be kept, shared and gone back to.
const filterLabels = {
  text: "Text", range: "Time", kind: "Kind", status: "Status", model: "Model", tenant: "Tenant", feature: "Feature", user: "User", tag: "Tag",
  error: "Error", hit: "Cache hit", minCost: "Cost ≥ $", minDuration: "Duration ≥ s", minScore: "Score ≥", maxScore: "Score ≤", trace: "Trace",
};
const rangeLabels = { "": "All time", "15m": "Last 15 min", "1h": "Last hour", "6h": "Last 6 hours", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days" };

function readFilters(query) {
  const filters = {};
  for (const name of filterNames) if (query.get(name)) filters[name] = query.get(name);
  return filters;
}

function writeFilters(filters, sort) {
  const pairs = filterNames.filter(name => filters[name]).map(name => [name, filters[name]]);
  if (sort && writeSort(sort)) pairs.push(["sort", writeSort(sort)]);
  return pairs.length ? "?" + new URLSearchParams(pairs) : "";
}

function filterBar(source, filters, change, order) {
  const changed = (name, value) => change({ ...filters, [name]: value.trim() });
  const label = (name, field) => el("label", { class: "field field-" + name }, el("span", { text: filterLabels[name] }), field);

  function choice(name, options) {
    const select = el("select", { name, on: { change: event => changed(name, event.target.value) } });
    const known = options.some(([value]) => value === (filters[name] ?? ""));
    for (const [value, text] of known ? options : [...options, [filters[name], filters[name]]]) select.append(el("option", { value, text }));
    select.value = filters[name] ?? "";
    select.classList.toggle("is-set", !!filters[name]);
    return label(name, select);
  }

  const offers = [];
  function known(name, all) {
    const field = choice(name, [["", all]]);
    offers.push(() => source.values(name).then(values => {
      const select = field.querySelector("select");
      for (const value of values) if (value !== filters[name]) select.append(el("option", { value, text: value }));
    }).catch(() => { /* Then there is nothing to choose from; the list says what is wrong. */ }));
    return field;
  }

  const written = (name, type, placeholder) =>
    label(name, el("input", { name, type, placeholder, step: type === "number" ? "any" : null, min: type === "number" ? "0" : null, value: filters[name] ?? "", autocomplete: "off", spellcheck: "false", on: { change: event => changed(name, event.target.value) } }));

  const search = el("input", {
    id: "search", name: "text", type: "search", placeholder: "Search names, ids and messages", value: filters.text ?? "", autocomplete: "off", spellcheck: "false", "aria-label": "Search names, ids and messages",
    on: { change: event => changed("text", event.target.value), keydown: event => { if (event.key === "Escape") event.target.blur(); } },
  });
  const inMore = ["user", "tag", "error", "hit", "trace", "minCost", "minDuration", "minScore", "maxScore"];
  const more = el("details", { class: "more", open: inMore.some(name => filters[name]) },
    el("summary", { text: "More filters" }),
    el("div", { class: "fields" },
      written("user", "text", "anybody"), written("tag", "text", "name=value"), written("error", "text", "type"),
      choice("hit", [["", "Any"], ["yes", "Hits"], ["no", "No hits"]]),
      written("minCost", "number", "0.01"), written("minDuration", "number", "2"), written("minScore", "number", "0"), written("maxScore", "number", "1")));
  const form = el("form", { class: "filters", role: "search", "aria-label": "Filters", on: { submit: event => { event.preventDefault(); changed("text", search.value); } } },
    el("div", { class: "fields" },
      el("div", { class: "search" }, search, el("kbd", { text: "/" })),
      choice("range", Object.entries(rangeLabels)),
      choice("kind", [["", "All kinds"], ["chat", "Chat"], ["agent", "Agent"], ["workflow", "Workflow"], ["tool", "Tool"], ["retrieval", "Retrieval"], ["embeddings", "Embeddings"], ["other", "Other"]]),
      choice("status", [["", "Any status"], ["bad", "Failed or blocked"], ["completed", "Completed"], ["failed", "Failed"], ["cancelled", "Cancelled"], ["abandoned", "Abandoned"]]),
      known("model", "All models"), known("tenant", "All tenants"), known("feature", "All features"), order),
    more,
    chosen(filters, change));
  return { form, offer: () => offers.forEach(run => run()) };
}

function chosen(filters, change) {
  const names = filterNames.filter(name => filters[name]);
  if (names.length === 0) return null;
  return el("div", { class: "chosen", role: "group", "aria-label": "Filters in force" },
    names.map(name => button(filterLabels[name] + ": " + (name === "range" ? rangeLabels[filters[name]] ?? filters[name] : filters[name]) + "  ×", () => change({ ...filters, [name]: "" }), { class: "chip remove", "aria-label": "Remove the filter " + filterLabels[name] + ": " + filters[name] })),
    button("Clear all", () => change({}), { class: "quiet" }));
}
