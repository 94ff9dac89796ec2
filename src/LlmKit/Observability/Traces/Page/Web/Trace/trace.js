// Whether the waterfall shows what was decided; it does until somebody does not want it.
let withSteps = true;

// The trace that a record belongs to, and the record in it.
async function showTrace(app, id, query) {
  let isGone = false, records = [], selected = decodeURIComponent(id), tab = query.get("tab") ?? "conversation";
  app.leave = () => { isGone = true; };
  fill(app.main, el("p", { class: "opening", text: "Opening …" }));
  const first = await found(app.source, selected, () => isGone);
  if (isGone) return;
  if (!first) { fill(app.main, el("p", { class: "empty", text: "There is no such trace here, or not any more." }), el("p", { class: "empty" }, el("a", { href: "#/", text: "Back to the list" }))); return; }
  const cache = new Map([[first.id, first]]);
  records = await app.source.trace(first.traceId);
  if (isGone) return;
  if (!records.some(record => record.id === first.id)) records = [first];

  const left = el("section", { class: "tree-pane", "aria-label": "Waterfall" });
  const right = el("div", { class: "call-pane" });
  let head = traceHead(first, records);
  fill(app.main, head, el("div", { class: "panes" }, left, right));

  const address = () => history.replaceState(null, "", "#/trace/" + encodeURIComponent(selected) + (tab === "conversation" ? "" : "?tab=" + tab));
  function drawTree() {
    const top = left.querySelector(".lanes-box")?.scrollTop ?? 0;
    const hadFocus = left.contains(document.activeElement);
    const toggle = button("Decisions", () => app.toggleSteps(), { class: "small" + (withSteps ? " is-on" : ""), "aria-pressed": String(withSteps), title: (withSteps ? "Hide" : "Show") + " what was decided; key d" });
    fill(left, el("div", { class: "pane-head" }, el("h2", { text: "Waterfall" }), toggle), waterfall(records, selected, select, withSteps), legend(records, withSteps));
    left.querySelector(".lanes-box").scrollTop = top;
    if (hadFocus && document.activeElement !== left.querySelector(".lanes")) left.querySelector(".lanes").focus({ preventScroll: true });
    left.querySelector(".lane-row.is-at")?.scrollIntoView({ block: "nearest" });
  }

  async function select(next, part) {
    selected = next;
    tab = part ?? tab;
    address();
    drawTree();
    if (!cache.has(next)) cache.set(next, await app.source.get(next) ?? records.find(record => record.id === next));
    if (!isGone && selected === next) drawCall();
  }

  function drawCall(withFocus) {
    fill(right, callView(app, cache.get(selected), tab, (next, focus) => { tab = next; address(); drawCall(focus ?? true); }));
    if (withFocus) right.querySelector("[aria-selected=true]")?.focus({ preventScroll: true });
  }

  app.current = () => cache.get(selected);
  app.redraw = () => drawCall(false);
  app.reload = async () => { cache.set(selected, await app.source.get(selected)); if (!isGone) drawCall(false); };
  app.pick = () => { app.togglePick(cache.get(selected)); drawCall(false); };
  app.toggleSteps = () => { withSteps = !withSteps; drawTree(); };
  // What goes on while it is looked at: new operations come, and what was open ends.
  app.refresh = async () => {
    const [call, all] = await Promise.all([app.source.get(selected), app.source.trace(first.traceId)]);
    if (isGone || !call || all.length === 0) return;
    const before = JSON.stringify(cache.get(selected)), isOther = JSON.stringify(all) !== JSON.stringify(records);
    records = all;
    cache.clear();
    cache.set(selected, call);
    if (isOther) { head.replaceWith(head = traceHead(first, records)); drawTree(); }
    if (before !== JSON.stringify(call)) { const top = right.querySelector("#panel")?.scrollTop ?? 0; drawCall(false); right.querySelector("#panel").scrollTop = top; }
  };
  app.move = by => {
    const order = treeOf(records).map(row => row.record.id);
    const next = order[Math.min(order.length - 1, Math.max(0, order.indexOf(selected) + by))];
    if (next && next !== selected) select(next);
    left.querySelector(".lanes").focus({ preventScroll: true });
  };
  app.open = () => right.querySelector("#panel")?.focus();
  drawTree();
  drawCall();
  left.querySelector(".lanes").focus({ preventScroll: true });
  ready("trace");
}

// A call that has just ended may not be written yet.
async function found(source, id, isGone) {
  for (let i = 0; ; i++) {
    const record = await source.get(id);
    if (record || !source.isLive || i === 4 || isGone()) return record;
    await new Promise(done => { setTimeout(done, 300); });
  }
}

function traceHead(first, records) {
  const own = counted(records);
  const from = Math.min(...own.map(startOf)), to = Math.max(...own.map(record => startOf(record) + record.durationMs));
  const calls = own.filter(record => record.kind === "chat" || record.kind === "embeddings");
  const cost = calls.some(record => isNumber(record.cost)) ? calls.reduce((sum, record) => sum + (record.cost ?? 0), 0) : null;
  const bad = own.filter(isBad).length;
  const root = treeOf(records)[0].record;
  const stat = (name, value, tone) => el("span", { class: "fact" }, el("span", { class: "faint", text: name + " " }), el("strong", { class: tone, text: value }));
  return el("header", { class: "trace-head" },
    el("a", { class: "back", href: "#/" + listMemory.address, title: "Key Escape", "aria-label": "Back to the list", text: "←" }),
    el("h1", null, titleOf(root)),
    el("div", { class: "facts" },
      stat("started", exact(from)), stat("took", duration(to - from)), stat(own.length === 1 ? "operation" : "operations", count(own.length)),
      stat(calls.length === 1 ? "model call" : "model calls", count(calls.length)), isNumber(cost) ? stat("cost", usd(cost)) : null, bad ? stat("bad", count(bad), "bad") : null,
      el("span", { class: "fact" }, el("span", { class: "faint", text: "trace " }), el("code", { text: first.traceId }))));
}

function legend(records, isFull) {
  const kinds = [...new Set(records.map(record => record.kind))];
  const tones = isFull ? new Set(records.flatMap(record => (record.steps ?? []).map(stepTone))) : new Set();
  const words = { good: "goes on", warn: "changes course", bad: "stops", info: "notes" };
  return el("div", { class: "pane-foot legend", "aria-hidden": "true" }, kinds.map(kind => el("span", null, el("i", { class: "swatch tone-" + (kind in kindLetters ? kind : "other") }), kind)),
    records.some(record => record.attempts?.length) ? el("span", null, el("i", { class: "swatch tone-attempt" }), "attempt") : null,
    records.some(record => isNumber(record.firstContentMs)) ? el("span", null, el("i", { class: "swatch tone-wait" }), "until first content") : null,
    Object.keys(words).filter(tone => tones.has(tone)).map(tone => el("span", null, el("i", { class: "diamond sign tick-" + tone }), words[tone])));
}
