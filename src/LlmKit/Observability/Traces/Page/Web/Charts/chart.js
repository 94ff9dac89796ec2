// One picture with its axes, legend and table.
function chart(options) {
  const { title, series, slots, first, every, width, read, show, kind } = options;
  const height = 236, edge = { top: 12, right: 10, bottom: 24, left: 62 };
  const inner = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom };
  const value = point => point ? read(point) ?? 0 : 0;
  const totals = Array.from({ length: slots }, (_, i) => kind === "bars" ? series.reduce((sum, line) => sum + value(line.points[i]), 0) : Math.max(...series.map(line => value(line.points[i]))));
  const isFlat = Math.max(...totals) === 0;
  const greatest = isFlat ? 1 : niceMost(Math.max(...totals));
  const most = options.isCount ? Math.max(1, Math.ceil(greatest / 4)) * 4 : options.isShare && (isFlat || greatest > 0.8) ? 1 : greatest;
  const x = i => edge.left + (i + 0.5) / slots * inner.width;
  const y = amount => edge.top + inner.height * (1 - amount / most);
  const picture = svg("svg", { class: "chart", viewBox: "0 0 " + width + " " + height, width, height, role: "img", "aria-label": title + ", " + options.unit + ": " + options.figure + ". The figures are in the table below." });
  for (let i = 0; i <= 4; i++) {
    if (isFlat && i % 4 > 0) continue;
    const amount = most / 4 * i;
    picture.append(svg("line", { class: i === 0 ? "base-line" : "grid-line", x1: edge.left, x2: width - edge.right, y1: y(amount), y2: y(amount) }));
    if (!isFlat || i === 0) picture.append(svg("text", { class: "tick-label", x: edge.left - 8, y: y(amount) + 3.5, "text-anchor": "end", text: (options.axis ?? show)(amount) }));
  }
  timeLabels(picture, { first, every, slots }, x, height, inner, edge);
  if (isFlat) picture.append(svg("text", { class: "flat-label", x: edge.left + inner.width / 2, y: edge.top + inner.height / 2, "text-anchor": "middle", text: options.none }));
  if (kind === "bars") bars(picture, options, x, y, inner, value); else lines(picture, options, x, y);
  const box = el("div", { class: "chart-box" }, picture);
  pointAt(box, picture, options, x, edge, inner);
  return el("section", { class: "card", "aria-label": title },
    el("header", null, el("h2", { text: title }), el("span", { class: "faint unit", text: options.unit }), options.note ? chip(options.note, "warn") : null, el("strong", { class: "figure", text: options.figure })),
    box, chartLegend(box, options), chartTable(options));
}

function timeLabels(picture, { first, every, slots }, x, height, inner, edge) {
  const stride = Math.max(1, Math.ceil(slots / Math.max(2, Math.floor(inner.width / 92))));
  for (let i = 0; i < slots; i += stride) {
    // The first label would stand out to the left of its axis.
    const isFirst = x(i) - edge.left < 30 && slots > 1;
    picture.append(svg("text", { class: "tick-label", x: isFirst ? edge.left : x(i), y: height - 6, "text-anchor": isFirst ? "start" : "middle", text: timeLabel(first + i * every, every) }));
  }
}

function pointAt(box, picture, { series, first, every, slots, width, read, show, second }, x, edge, inner) {
  const cursor = svg("line", { class: "cursor", y1: edge.top, y2: edge.top + inner.height, x1: -9, x2: -9 });
  const tip = el("div", { class: "tip", hidden: true });
  picture.append(cursor);
  box.append(tip);
  picture.addEventListener("pointermove", event => {
    const i = Math.min(slots - 1, Math.max(0, Math.floor((event.offsetX - edge.left) / inner.width * slots)));
    cursor.setAttribute("x1", x(i)); cursor.setAttribute("x2", x(i));
    const there = series.filter(line => line.points[i]);
    tip.hidden = false;
    fill(tip, el("div", { class: "faint", text: moment(first + i * every) + ", " + stretch(every) }),
      there.length === 0 ? el("div", { text: "no calls" }) : there.map(line => el("div", null, mark(line), line.name, el("strong", { text: (second ? show(second(line.points[i])) + " / " : "") + show(read(line.points[i])) }), el("span", { class: "faint", text: short(line.points[i].calls) + (line.points[i].calls === 1 ? " call" : " calls") }))));
    const before = x(i) > width / 2;
    tip.style.left = before ? "" : x(i) + 12 + "px";
    tip.style.right = before ? width - x(i) + 12 + "px" : "";
  });
  picture.addEventListener("pointerleave", () => { tip.hidden = true; cursor.setAttribute("x1", -9); cursor.setAttribute("x2", -9); });
}

// Pointing at a name, or going to it with the keyboard, brings its line to the fore in all charts.
function chartLegend(box, { series, second, kind }) {
  const only = line => document.querySelector(".charts")?.setAttribute("data-only", line ? line.tone : "");
  return el("div", { class: "legend" },
    series.map(line => el("button", { type: "button", class: "key", "aria-label": "Show " + line.name + " alone", on: { pointerenter: () => only(line), pointerleave: () => only(null), focus: () => only(line), blur: () => only(null) } },
      kind === "bars" ? el("i", { class: "swatch " + line.tone }) : mark(line), line.name, line.isRest && second ? el("span", { class: "faint", text: " (the slowest of them)" }) : null)),
    second ? [el("span", { class: "key" }, el("i", { class: "stroke" }), "95 % within"), el("span", { class: "key" }, el("i", { class: "stroke dashed" }), "50 % within")] : null);
}

function chartTable({ title, series, slots, first, every, read, show, second }) {
  const heads = series.flatMap(line => second ? [{ text: line.name + " 50 %", number: true }, { text: line.name + " 95 %", number: true }] : [{ text: line.name, number: true }]);
  const cells = (line, i) => { const point = line.points[i]; return second ? [point ? show(second(point)) : "", point ? show(read(point)) : ""] : [point ? show(read(point)) : ""]; };
  const times = Array.from({ length: slots }, (_, i) => i).filter(i => series.some(line => line.points[i]));
  return el("details", { class: "as-table" }, el("summary", { text: "As a table" }),
    table(title + " over time", [{ text: "From" }, ...heads, { text: "Calls", number: true }], times.map(i => [moment(first + i * every), ...series.flatMap(line => cells(line, i)), count(series.reduce((sum, line) => sum + (line.points[i]?.calls ?? 0), 0))])));
}

function bars(picture, { series, slots }, x, y, inner, value) {
  const width = Math.max(1, Math.min(34, inner.width / slots * 0.72));
  for (let i = 0; i < slots; i++) {
    let below = 0;
    for (const line of series) {
      const amount = value(line.points[i]);
      if (amount <= 0) continue;
      picture.append(svg("rect", { class: line.tone, x: x(i) - width / 2, width, y: y(below + amount), height: Math.max(0.75, y(below) - y(below + amount) - 0.75) }));
      below += amount;
    }
  }
}

// A stretch without calls has no value: the line ends before it, and a point that stands alone is a mark alone.
function lines(picture, { series, slots, read, second }, x, y) {
  const paths = svg("g");
  picture.append(paths);
  for (const line of series) {
    const draw = (pick, className) => {
      let path = "";
      line.points.forEach((point, i) => {
        const amount = point ? pick(point) : null;
        if (!isNumber(amount)) return;
        const isAlone = !line.points[i - 1] && !line.points[i + 1];
        path += (line.points[i - 1] ? "L" : "M") + x(i).toFixed(1) + " " + y(amount).toFixed(1);
        if (className === "" ? slots < 60 || isAlone : isAlone) picture.append(shape(line.shape, x(i), y(amount), slots === 1 ? 4.5 : 2.6, "dot " + line.tone + (className ? " is-hollow" : "")));
      });
      paths.append(svg("path", { class: "line " + line.tone + className, d: path }));
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
