// Cost, latency, hit rate and errors over time, each split in the same way.
const chartSplits = [["model", "Model"], ["tenant", "Tenant"], ["feature", "Feature"], ["nothing", "All as one"]];

async function showCharts(app, query) {
  let isGone = false;
  const by = query.get("by") ?? "model";
  const filters = readFilters(query);
  const go = (nextBy, nextFilters) => { location.hash = "#/charts?" + new URLSearchParams({ by: nextBy, ...Object.fromEntries(Object.entries(nextFilters).filter(([, value]) => value)) }); };
  const place = el("div", { class: "charts", tabindex: "-1" }, el("p", { class: "opening", text: "Adding up …" }));
  const split = el("div", { class: "segments", role: "group", "aria-label": "Split by" }, chartSplits.map(([value, text]) => button(text, () => { app.focusOn = ".segments [aria-pressed=true]"; go(value, filters); }, { class: value === by ? "is-on" : null, "aria-pressed": String(value === by) })));
  const range = el("select", { "aria-label": "Time", on: { change: event => go(by, { ...filters, range: event.target.value }) } }, Object.entries(rangeLabels).map(([value, text]) => el("option", { value, text })));
  range.value = filters.range ?? "";
  const onlyCalls = { kind: "chat", ...filters };
  fill(app.main, el("h1", { class: "unseen", text: "Charts" }), el("div", { class: "chart-bar" }, el("span", { class: "faint", text: "Split by" }), split, range, chosen(filters, next => go(by, next))), place);
  let found = await overTime(app.source, onlyCalls, by, 40);
  if (isGone) return;
  const draw = () => drawCharts(place, found.groups, found.every, by);
  draw();
  app.refresh = async () => {
    const next = await overTime(app.source, onlyCalls, by, 40);
    if (isGone || JSON.stringify(next) === JSON.stringify(found)) return;
    found = next;
    const open = [...place.querySelectorAll("details")].map(table => table.open), top = place.scrollTop;
    draw();
    place.querySelectorAll("details").forEach((table, i) => { table.open = open[i]; });
    place.scrollTop = top;
  };
  if (app.focusOn) app.main.querySelector(app.focusOn)?.focus({ preventScroll: true });
  app.focusOn = null;
  if (document.activeElement === document.body) place.focus({ preventScroll: true });
  const observer = new ResizeObserver(() => { if (!isGone && Math.abs(place.clientWidth - Number(place.dataset.width)) > 8) draw(); });
  observer.observe(place);
  app.leave = () => { isGone = true; observer.disconnect(); };
  ready("charts");
}

function drawCharts(place, groups, every, by) {
  place.dataset.width = String(place.clientWidth);
  if (groups.length === 0) { fill(place, el("div", { class: "empty" }, el("p", { class: "strong", text: "No calls match." }), el("p", { text: "Charts are of calls of models. Take a filter back, or look at another time." }))); return; }
  const first = Math.min(...groups.map(sums => sums.from)), last = Math.max(...groups.map(sums => sums.from));
  const slots = Math.round((last - first) / every) + 1;
  const series = seriesOf(groups, first, every, slots, by);
  const columns = innerWidth > 1000 ? 2 : 1;
  const width = Math.max(300, Math.floor((place.clientWidth - 40 - (columns - 1) * 16) / columns) - 34);
  const shared = { series, first, every, slots, width };
  const all = name => groups.reduce((sum, sums) => sum + sums[name], 0);
  const per = "per " + ({ 1000: "second", 60000: "minute", 3600000: "hour", 86400000: "day" }[every] ?? stretch(every)), calls = all("calls");
  const axisUsd = amount => amount === 0 ? "$0" : "$" + Number(amount.toPrecision(2));
  fill(place,
    chart({ ...shared, title: "Cost", unit: "USD " + per, figure: usd(all("cost")), kind: "bars", read: sums => sums.cost, show: usd, axis: axisUsd, none: "Nothing was spent", note: all("unpriced") ? count(all("unpriced")) + " without a price" : null }),
    chart({ ...shared, title: "Latency", unit: "time of a call", figure: count(calls) + (calls === 1 ? " call" : " calls"), kind: "lines", read: sums => sums.p95Ms, second: sums => sums.p50Ms, show: duration, none: "No time was measured" }),
    chart({ ...shared, title: "Cache hit rate", unit: "share of calls", figure: percent(all("hits") / calls), kind: "lines", read: sums => sums.hits / sums.calls, show: percent, isShare: true, none: "No answer came from the cache" }),
    chart({ ...shared, title: "Errors and blocks", unit: "calls " + per, figure: count(all("bad")) + " (" + percent(all("bad") / calls) + ")", kind: "bars", read: sums => sums.bad, show: value => count(Math.round(value)), isCount: true, none: "None failed, none was blocked" }));
}
