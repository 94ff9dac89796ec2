// Cost, latency, hit rate and errors over time, each split in the same way.
const mostSeries = 6;
const chartSplits = [["model", "Model"], ["tenant", "Tenant"], ["feature", "Feature"], ["nothing", "Nothing"]];

async function showCharts(app, query) {
  let isGone = false;
  const by = query.get("by") ?? "model";
  const filters = readFilters(query);
  const go = (nextBy, nextFilters) => { location.hash = "#/charts?" + new URLSearchParams({ by: nextBy, ...Object.fromEntries(Object.entries(nextFilters).filter(([, value]) => value)) }); };
  const place = el("div", { class: "charts" }, el("p", { class: "opening", text: "Adding up …" }));
  const split = el("div", { class: "segments", role: "group", "aria-label": "Split by" }, chartSplits.map(([value, text]) => button(text, () => go(value, filters), { class: value === by ? "is-on" : null, "aria-pressed": String(value === by) })));
  const range = el("select", { "aria-label": "Time", on: { change: event => go(by, { ...filters, range: event.target.value }) } }, Object.entries(rangeLabels).map(([value, text]) => el("option", { value, text })));
  range.value = filters.range ?? "";
  const onlyCalls = { kind: "chat", ...filters };
  fill(app.main, el("div", { class: "chart-bar" }, el("span", { class: "faint", text: "Split by" }), split, range, chosen(filters, next => go(by, next))), place);
  const { groups, every } = await overTime(app.source, onlyCalls, by, 40);
  if (isGone) return;
  const draw = () => drawCharts(place, groups, every, by);
  draw();
  const observer = new ResizeObserver(() => { if (!isGone && Math.abs(place.clientWidth - Number(place.dataset.width)) > 8) draw(); });
  observer.observe(place);
  app.leave = () => { isGone = true; observer.disconnect(); };
  ready("charts");
}

function drawCharts(place, groups, every, by) {
  place.dataset.width = String(place.clientWidth);
  if (groups.length === 0) { fill(place, el("p", { class: "empty", text: "No calls match." })); return; }
  const first = Math.min(...groups.map(sums => sums.from)), last = Math.max(...groups.map(sums => sums.from));
  const slots = Math.round((last - first) / every) + 1;
  const series = seriesOf(groups, first, every, slots, by);
  const columns = innerWidth > 1000 ? 2 : 1;
  const width = Math.max(300, Math.floor((place.clientWidth - 40 - (columns - 1) * 16) / columns) - 34);
  const shared = { series, first, every, slots, width };
  const all = name => groups.reduce((sum, sums) => sum + sums[name], 0);
  fill(place,
    chart({ ...shared, title: "Cost", figure: usd(all("cost")), kind: "bars", read: sums => sums.cost, show: usd, axis: amount => amount === 0 ? "$0" : "$" + Number(amount.toPrecision(2)), note: all("unpriced") ? count(all("unpriced")) + " without a price" : null }),
    chart({ ...shared, title: "Latency", figure: "50 % dashed, 95 % solid", kind: "lines", read: sums => sums.p95Ms, second: sums => sums.p50Ms, show: duration }),
    chart({ ...shared, title: "Cache hit rate", figure: percent(all("hits") / all("calls")), kind: "lines", read: sums => sums.hits / sums.calls, show: percent }),
    chart({ ...shared, title: "Errors and blocks", figure: count(all("failures") + all("blocked")), kind: "bars", read: sums => sums.failures + sums.blocked, show: value => count(Math.round(value)), isCount: true }));
}

function seriesOf(groups, first, every, slots, by) {
  const calls = new Map();
  for (const sums of groups) calls.set(sums.name, (calls.get(sums.name) ?? 0) + sums.calls);
  const names = [...calls].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const shown = names.length > mostSeries ? names.slice(0, mostSeries - 1) : names;
  const series = shown.map((name, i) => ({ name: by === "nothing" ? "all" : name ?? "none", tone: "series-" + i, points: new Array(slots).fill(null), names: [name] }));
  // Percentiles do not add up: of the rest only what can be summed is right, so their latency is the greatest.
  if (names.length > shown.length) series.push({ name: names.length - shown.length + " others", tone: "series-" + shown.length, points: new Array(slots).fill(null), names: names.slice(shown.length) });
  for (const sums of groups) {
    const line = series.find(candidate => candidate.names.includes(sums.name));
    const slot = Math.round((sums.from - first) / every);
    const known = line.points[slot];
    line.points[slot] = known ? { ...known, calls: known.calls + sums.calls, failures: known.failures + sums.failures, blocked: known.blocked + sums.blocked, hits: known.hits + sums.hits, cost: known.cost + sums.cost, p50Ms: Math.max(known.p50Ms, sums.p50Ms), p95Ms: Math.max(known.p95Ms, sums.p95Ms) } : sums;
  }
  return series;
}

function chart(options) {
  const { title, series, slots, first, every, width, read, show, kind } = options;
  const height = 236, edge = { top: 10, right: 6, bottom: 22, left: 58 };
  const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
  const value = point => point ? read(point) ?? 0 : 0;
  const greatest = niceMost(Math.max(1e-9, ...Array.from({ length: slots }, (_, i) => kind === "bars" ? series.reduce((sum, line) => sum + value(line.points[i]), 0) : Math.max(...series.map(line => value(line.points[i]))))));
  const most = options.isCount ? Math.max(1, Math.ceil(greatest / 4)) * 4 : greatest;
  const x = i => edge.left + (i + 0.5) / slots * inner.width;
  const y = amount => edge.top + inner.height * (1 - amount / most);
  const picture = svg("svg", { class: "chart", viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": title + " over time; the figures are in the table below" });
  for (let i = 0; i <= 4; i++) {
    const amount = most / 4 * i;
    picture.append(svg("line", { class: "grid-line", x1: edge.left, x2: width - edge.right, y1: y(amount), y2: y(amount) }), svg("text", { class: "tick-label", x: edge.left - 8, y: y(amount) + 3.5, "text-anchor": "end", text: (options.axis ?? show)(amount) }));
  }
  const stride = Math.max(1, Math.ceil(slots / Math.max(2, Math.floor(inner.width / 92))));
  for (let i = 0; i < slots; i += stride) picture.append(svg("text", { class: "tick-label", x: x(i), y: height - 5, "text-anchor": "middle", text: timeLabel(first + i * every, every) }));
  if (kind === "bars") bars(picture, options, x, y, inner, value); else lines(picture, options, x, y);
  const cursor = svg("line", { class: "cursor", y1: edge.top, y2: edge.top + inner.height, x1: -9, x2: -9 });
  const tip = el("div", { class: "tip", hidden: true });
  picture.append(cursor);
  const box = el("div", { class: "chart-box" }, picture, tip);
  picture.addEventListener("pointermove", event => {
    const i = Math.min(slots - 1, Math.max(0, Math.floor((event.offsetX - edge.left) / inner.width * slots)));
    cursor.setAttribute("x1", x(i)); cursor.setAttribute("x2", x(i));
    tip.hidden = false;
    fill(tip, el("div", { class: "faint", text: moment(first + i * every) }), series.filter(line => line.points[i]).map(line => el("div", null, el("i", { class: "swatch " + line.tone }), line.name, el("strong", { text: (options.second ? show(options.second(line.points[i])) + " / " : "") + show(read(line.points[i])) }))));
    const before = x(i) > width / 2;
    tip.style.left = before ? "" : x(i) + 12 + "px";
    tip.style.right = before ? width - x(i) + 12 + "px" : "";
  });
  picture.addEventListener("pointerleave", () => { tip.hidden = true; cursor.setAttribute("x1", -9); cursor.setAttribute("x2", -9); });
  return el("section", { class: "card", "aria-label": title },
    el("header", null, el("h2", { text: title }), el("strong", { class: "figure", text: options.figure }), options.note ? chip(options.note, "warn") : null),
    box,
    el("div", { class: "legend" }, series.map(line => el("span", null, el("i", { class: "swatch " + line.tone }), line.name))),
    el("details", { class: "as-table" }, el("summary", { text: "As a table" }), table(title + " over time", [{ text: "From" }, ...series.map(line => ({ text: line.name, number: true }))],
      Array.from({ length: slots }, (_, i) => [moment(first + i * every), ...series.map(line => line.points[i] ? show(read(line.points[i])) : "")]))));
}

function bars(picture, { series, slots }, x, y, inner, value) {
  const width = Math.max(1, Math.min(26, inner.width / slots * 0.72));
  for (let i = 0; i < slots; i++) {
    let below = 0;
    for (const line of series) {
      const amount = value(line.points[i]);
      if (amount <= 0) continue;
      picture.append(svg("rect", { class: line.tone, x: x(i) - width / 2, width, y: y(below + amount), height: Math.max(0.5, y(below) - y(below + amount)) }));
      below += amount;
    }
  }
}

function lines(picture, { series, read, second }, x, y) {
  for (const line of series) {
    const draw = (pick, className) => {
      let path = "";
      let isDown = false;
      line.points.forEach((point, i) => {
        const amount = point ? pick(point) : null;
        if (!isNumber(amount)) return;
        path += (isDown ? "L" : "M") + x(i).toFixed(1) + " " + y(amount).toFixed(1);
        isDown = true;
        if (line.points.length < 60 && className === "") picture.append(svg("circle", { class: "dot " + line.tone, cx: x(i), cy: y(amount), r: 2 }));
      });
      picture.append(svg("path", { class: "line " + line.tone + className, d: path }));
    };
    if (second) draw(second, " dashed");
    draw(read, "");
  }
}

function niceMost(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].map(factor => factor * power).find(candidate => candidate >= most * 0.999);
}

const timeLabel = (ms, every) => { const time = new Date(ms); return every >= 86400e3 ? day(time) : every >= 3 * 3600e3 ? day(time) + " " + two(time.getHours()) + "h" : every < 60e3 ? clock(time) : two(time.getHours()) + ":" + two(time.getMinutes()); };
