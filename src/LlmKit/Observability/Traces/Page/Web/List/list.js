// The list keeps as many rows in the page as can be seen, however many there are.
const spareRows = 10;
const isNarrow = matchMedia("(max-width: 760px)");
const rowHeight = () => isNarrow.matches ? 64 : 36;
const listMemory = { top: 0, id: null, at: 0, address: "" };

async function showList(app, query) {
  const filters = readFilters(query), sort = readSort(query);
  const address = writeFilters(filters, sort);
  const go = (nextFilters, nextSort) => { location.hash = "#/" + writeFilters(nextFilters, nextSort); };
  const change = next => go(next, sort), choose = next => go(filters, next);
  if (listMemory.address !== address) Object.assign(listMemory, { top: 0, id: null, at: 0, address });

  const summary = el("section", { class: "summary", "aria-label": "Summary" });
  const spacer = el("div", { class: "rows", role: "rowgroup" });
  const grid = el("div", {
    class: "grid", role: "grid", tabindex: "0", "aria-label": "Traces, " + sortText(sort), "aria-colcount": "9", "aria-rowcount": "1",
    on: { scroll: () => { listMemory.top = grid.scrollTop; draw(); } },
  }, listHead(sort, choose), spacer);
  const bar = filterBar(app.source, filters, change, sortChoice(sort, choose));
  const said = el("div", { class: "said" });
  fill(app.main, el("h1", { class: "unseen", text: "Traces" }), bar.form, summary, leftOut(app.source), said, grid);

  let rows = [], next = null, isLoading = false, longest = 1, isGone = false;
  app.leave = () => { isGone = true; isNarrow.removeEventListener("change", resize); };
  const resize = () => { layOut(); draw(); };
  isNarrow.addEventListener("change", resize);

  function draw() {
    if (rows.length === 0) return;
    const height = rowHeight();
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - spareRows);
    const last = Math.min(rows.length, Math.ceil((grid.scrollTop + grid.clientHeight) / height) + spareRows);
    const look = { longest, height, isOneDay: dayOf(startOf(rows[0])) === dayOf(startOf(rows[rows.length - 1])) && isByNewest(sort) };
    spacer.replaceChildren(...rows.slice(first, last).map((row, i) => line(app, row, first + i, look)));
    if (next && !isLoading && last > rows.length - 50) load();
    grid.setAttribute("aria-activedescendant", "row-" + listMemory.at);
  }

  function layOut() {
    longest = rows.reduce((most, row) => Math.max(most, row.durationMs), 1);
    spacer.style.height = rows.length * rowHeight() + "px";
    grid.setAttribute("aria-rowcount", String(next ? -1 : rows.length + 1));
    if (rows.length === 0) spacer.replaceChildren(nothing(app.source, filters, () => change({})));
  }

  function take(page) {
    next = page.next;
    fill(said, page.sortedOf ? el("p", { class: "notice", role: "note", text: "Sorted are the " + count(page.sortedOf) + " newest that match; there are more. Narrow the filters to sort all." }) : null);
    listMemory.at = Math.max(0, rows.findIndex(row => row.id === listMemory.id));
    layOut();
  }

  async function load() {
    isLoading = true;
    try {
      const page = await app.source.list(filters, next ?? undefined, sort);
      if (isGone) return;
      rows = next ? rows.concat(page.rows) : page.rows;
      take(page);
    } catch (error) {
      if (!isGone) fill(spacer, el("p", { class: "empty bad", role: "alert", text: "The traces could not be read. " + error.message }));
      return;
    } finally {
      isLoading = false;
    }
    if (rows.length) draw();
  }

  // Reads again what is new: the row that stands at the top of the reader's view stays there, and so does the selection.
  async function refresh() {
    const page = await app.source.list(filters, undefined, sort);
    if (isGone || isLoading) return;
    const height = rowHeight(), top = Math.floor(grid.scrollTop / height), held = rows[top]?.id, rest = grid.scrollTop - top * height;
    const known = new Set(rows.map(row => row.id));
    const end = page.rows.length && isByNewest(sort) ? rows.findIndex(row => row.id === page.rows[page.rows.length - 1].id) : -1;
    const fresh = page.rows.filter(row => !known.has(row.id)).length;
    if (end >= 0) page.next = rows.length > end + 1 ? next : page.next;
    rows = end >= 0 ? page.rows.concat(rows.slice(end + 1)) : page.rows;
    take(page);
    const now = rows.findIndex(row => row.id === held);
    if (grid.scrollTop > 0 && now >= 0) grid.scrollTop = now * height + rest;
    draw();
    if (fresh > 0 && known.size > 0) announce(count(fresh) + (fresh === 1 ? " new trace" : " new traces"));
    await sumUp(app.source, filters, summary, () => isGone);
  }

  const select = at => { listMemory.at = Math.min(rows.length - 1, Math.max(0, at)); listMemory.id = rows[listMemory.at]?.id ?? null; };
  app.move = by => {
    if (rows.length === 0) return;
    select(listMemory.at + by);
    const top = listMemory.at * rowHeight();
    if (top < grid.scrollTop) grid.scrollTop = top;
    const below = top + 2 * rowHeight() - grid.clientHeight;
    if (below > grid.scrollTop) grid.scrollTop = below;
    grid.focus({ preventScroll: true });
    draw();
  };
  app.open = at => { if (at !== undefined) select(at); if (rows[listMemory.at]) { select(listMemory.at); location.hash = "#/trace/" + encodeURIComponent(rows[listMemory.at].id); } };
  app.pick = () => { if (rows[listMemory.at]) { app.togglePick(rows[listMemory.at]); draw(); } };
  app.sort = () => choose(followingSort(sort));
  app.redraw = draw;
  app.refresh = refresh;
  await load();
  if (isGone) return;
  select(listMemory.at);
  grid.scrollTop = listMemory.top;
  draw();
  if (app.focusOn) app.main.querySelector(app.focusOn)?.focus({ preventScroll: true });
  app.focusOn = null;
  if (document.activeElement === document.body) grid.focus({ preventScroll: true });
  ready("list");
  // What is nice to have comes after what was asked for.
  bar.offer();
  await sumUp(app.source, filters, summary, () => isGone);
}

function listHead(sort, choose) {
  const head = (text, className) => el("div", { role: "columnheader", class: className }, text);
  const pick = (by, className) => sortHead(by, sort, next => { app.focusOn = "[data-sort=" + by + "]"; choose(next); }, className);
  return el("div", { class: "row head", role: "row", "aria-rowindex": "1" },
    head(hidden("Pick to compare")), pick("started"), head("What"), head("Tenant"), head("Model"), pick("duration", "duration"), pick("tokens", "number"), pick("cost", "number"), head("Notes"));
}

function nothing(source, filters, clear) {
  const isFiltered = Object.keys(filters).length > 0;
  return el("div", { class: "empty" },
    el("p", { class: "strong", text: isFiltered ? "No traces match." : "No traces yet." }),
    isFiltered ? button("Clear the filters", clear, { class: "link" }) : el("p", { text: source.isLive ? "They come here with the next call of a pipeline that has WithTraces()." : "The report was written without any." }));
}

function leftOut(source) {
  if (!source.leftOut) return null;
  return el("p", { class: "notice", role: "note", text: count(source.leftOut) + (source.leftOut === 1 ? " trace was" : " traces were") + " left out: the report holds at most " + bytes(source.maxBytes) + " of traces." });
}
