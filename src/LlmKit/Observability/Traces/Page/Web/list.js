// The list keeps as many rows in the page as can be seen, however many there are.
const rowHeight = 38;
const spareRows = 10;
const listMemory = { top: 0, at: 0, address: "" };

async function showList(app, query) {
  const filters = readFilters(query);
  const address = writeFilters(filters);
  const change = next => { location.hash = "#/" + writeFilters(next); };
  if (listMemory.address !== address) Object.assign(listMemory, { top: 0, at: 0, address });

  const summary = el("section", { class: "summary", "aria-label": "Summary" });
  const spacer = el("div", { class: "rows", role: "rowgroup" });
  const grid = el("div", {
    class: "grid", role: "grid", tabindex: "0", "aria-label": "Traces", "aria-colcount": "9",
    on: { scroll: () => { listMemory.top = grid.scrollTop; draw(); } },
  }, el("div", { class: "row head", role: "row", "aria-rowindex": "1" },
    ["", "Started", "What", "Tenant", "Model", "Duration", "Tokens", "Cost", "Notes"].map((text, i) => el("div", { role: "columnheader", class: i >= 6 && i <= 7 ? "number" : null }, text || hidden("Pick to compare")))), spacer);
  const bar = filterBar(app.source, filters, change);
  fill(app.main, bar.form, summary, leftOut(app.source), grid);

  let rows = [], next = null, isLoading = false, longest = 1, isGone = false;
  app.leave = () => { isGone = true; };

  function draw() {
    if (rows.length === 0) return;
    const first = Math.max(0, Math.floor(grid.scrollTop / rowHeight) - spareRows);
    const last = Math.min(rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / rowHeight) + spareRows);
    spacer.replaceChildren(...rows.slice(first, last).map((row, i) => line(app, row, first + i, longest)));
    if (next && !isLoading && last > rows.length - 50) load();
    grid.setAttribute("aria-activedescendant", "row-" + listMemory.at);
  }

  async function load() {
    isLoading = true;
    try {
      const page = await app.source.list(filters, next ?? undefined);
      if (isGone) return;
      rows = next ? rows.concat(page.rows) : page.rows;
      next = page.next;
      longest = rows.reduce((most, row) => Math.max(most, row.durationMs), 1);
      spacer.style.height = rows.length * rowHeight + "px";
      grid.setAttribute("aria-rowcount", String(next ? -1 : rows.length + 1));
      if (rows.length === 0) spacer.replaceChildren(el("p", { class: "empty" }, "No traces match. ", Object.keys(filters).length ? button("Clear the filters", () => change({}), { class: "link" }) : null));
    } catch (error) {
      if (!isGone) fill(spacer, el("p", { class: "empty bad", text: "The traces could not be read. " + error.message }));
      return;
    } finally {
      isLoading = false;
    }
    if (rows.length) draw();
  }

  app.move = by => {
    if (rows.length === 0) return;
    listMemory.at = Math.min(rows.length - 1, Math.max(0, listMemory.at + by));
    const top = listMemory.at * rowHeight;
    if (top < grid.scrollTop) grid.scrollTop = top;
    const below = top + 2 * rowHeight - grid.clientHeight;
    if (below > grid.scrollTop) grid.scrollTop = below;
    grid.focus({ preventScroll: true });
    draw();
  };
  app.open = () => { if (rows[listMemory.at]) location.hash = "#/trace/" + encodeURIComponent(rows[listMemory.at].id); };
  app.pick = () => { if (rows[listMemory.at]) { app.togglePick(rows[listMemory.at]); draw(); } };
  app.redraw = draw;
  await load();
  if (isGone) return;
  grid.scrollTop = listMemory.top;
  draw();
  if (document.activeElement === document.body) grid.focus({ preventScroll: true });
  ready("list");
  // What is nice to have comes after what was asked for.
  bar.offer();
  await sumUp(app.source, filters, summary, () => isGone);
}

function line(app, row, i, longest) {
  const isPicked = app.picked.some(pick => pick.id === row.id);
  const at = startOf(row);
  const bar = el("span", { class: "bar", at: { width: Math.max(1, Math.sqrt(row.durationMs / longest) * 100) + "%" } });
  const open = () => { listMemory.at = i; location.hash = "#/trace/" + encodeURIComponent(row.id); };
  return el("div", {
    id: "row-" + i, class: "row" + (isBad(row) ? " is-bad" : "") + (i === listMemory.at ? " is-at" : ""), role: "row", "aria-rowindex": String(i + 2), "aria-selected": String(isPicked),
    at: { transform: "translateY(" + i * rowHeight + "px)" }, on: { click: open },
  },
    el("div", { role: "gridcell" }, pickBox(app, row, isPicked)),
    el("div", { role: "gridcell", class: "time", title: exact(at) }, el("span", { class: "faint", text: day(new Date(at)) + " " }), clock(new Date(at))),
    el("div", { role: "gridcell", class: "what" }, kindBadge(row.kind), el("span", { class: "title", text: titleOf(row) }), titleOf(row) === row.name ? null : el("span", { class: "faint", text: row.name })),
    el("div", { role: "gridcell", text: row.tenant ?? "" }),
    el("div", { role: "gridcell", class: "model", text: modelOf(row) ?? "" }),
    el("div", { role: "gridcell", class: "duration" }, el("span", { class: "figure", text: duration(row.durationMs) }), el("span", { class: "track", "aria-hidden": "true" }, bar)),
    el("div", { role: "gridcell", class: "number", title: isNumber(row.inputTokens) ? count(row.inputTokens) + " in, " + count(row.outputTokens) + " out" : null }, isNumber(row.inputTokens) ? [short(row.inputTokens), el("span", { class: "faint", text: " → " }), short(row.outputTokens)] : ""),
    el("div", { role: "gridcell", class: "number", text: isNumber(row.cost) ? usd(row.cost) : row.kind === "chat" ? "–" : "" }),
    el("div", { role: "gridcell", class: "notes" }, notesOf(row)));
}

function pickBox(app, row, isPicked) {
  const box = el("input", { type: "checkbox", tabindex: "-1", "aria-label": "Pick " + titleOf(row) + " to compare", on: { click: event => event.stopPropagation(), change: () => { app.togglePick(row); app.redraw?.(); } } });
  box.checked = isPicked;
  return el("label", { class: "pick", on: { click: event => event.stopPropagation() } }, box);
}

function notesOf(row) {
  return [
    row.status === "completed" ? null : chip(row.errorType ?? row.status, statusTones[row.status], row.status),
    (row.marks ?? []).map(mark => chip(mark, markTones[mark])),
    row.attemptCount > 1 ? chip(row.attemptCount + " attempts", "info") : null,
    isNumber(row.score) ? chip("score " + figure(row.score), row.score < 0.5 ? "bad" : "good") : null,
    row.replayed ? chip("replayed", "info") : null,
    row.incomplete ? chip("incomplete", "warn") : null,
  ];
}

function leftOut(source) {
  if (!source.leftOut) return null;
  return el("p", { class: "notice", role: "note", text: count(source.leftOut) + (source.leftOut === 1 ? " trace was" : " traces were") + " left out: the report holds at most " + bytes(source.maxBytes) + " of traces." });
}

async function sumUp(source, filters, summary, isGone) {
  let overall, groups, every;
  try {
    [overall] = await source.groups(filters, "nothing", null);
    ({ groups, every } = await overTime(source, filters, "nothing", 60));
  } catch { return; }
  if (isGone() || !overall) return;
  const stat = (name, value, tone) => el("div", { class: "stat" }, el("span", { class: "faint", text: name }), el("strong", { class: tone ?? null, text: value }));
  const bad = overall.failures + overall.blocked;
  fill(summary,
    stat("Records", count(overall.calls)),
    stat("Failed or blocked", percent(bad / overall.calls), bad ? "bad" : null),
    stat("Cache hits", percent(overall.hits / overall.calls)),
    stat("Median", duration(overall.p50Ms)),
    stat("95 % within", duration(overall.p95Ms)),
    stat("Cost", usd(overall.cost)),
    stat("Tokens", short(overall.inputTokens) + " → " + short(overall.outputTokens)),
    histogram(groups, every));
}

function histogram(groups, every) {
  if (groups.length === 0) return null;
  const first = groups[0].from, slots = (groups[groups.length - 1].from - first) / every + 1;
  const most = Math.max(...groups.map(sums => sums.calls));
  const width = 100 / Math.max(slots, 12);
  const picture = svg("svg", { class: "histogram", viewBox: "0 0 100 32", preserveAspectRatio: "none", role: "img", "aria-label": "Records over time, " + count(groups.reduce((sum, sums) => sum + sums.calls, 0)) + " in all" });
  for (const sums of groups) {
    const x = (sums.from - first) / every * width, height = sums.calls / most * 31, badHeight = (sums.failures + sums.blocked) / most * 31;
    picture.append(svg("rect", { x, y: 32 - height, width: width * 0.8, height, class: "calls" }, svg("title", { text: moment(sums.from) + ": " + count(sums.calls) })));
    if (badHeight > 0) picture.append(svg("rect", { x, y: 32 - badHeight, width: width * 0.8, height: badHeight, class: "bad" }));
  }
  return el("div", { class: "over-time" }, picture, el("div", { class: "ends faint" }, el("span", { text: moment(first) }), el("span", { text: moment(first + slots * every) })));
}

const timeSteps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400].map(seconds => seconds * 1000);

// Groups in stretches of time that make about as many bars as asked for.
async function overTime(source, filters, by, bars) {
  const coarse = await source.groups(filters, "nothing", 3600e3);
  if (coarse.length === 0) return { groups: [], every: 3600e3 };
  const pick = span => timeSteps.find(step => span / step <= bars) ?? timeSteps[timeSteps.length - 1];
  let every = pick(coarse[coarse.length - 1].from + 3600e3 - coarse[0].from);
  let groups = await source.groups(filters, by, every);
  const span = groups[groups.length - 1].from + every - groups[0].from;
  if (pick(span) < every) groups = await source.groups(filters, by, every = pick(span));
  return { groups, every };
}
