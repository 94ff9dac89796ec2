const index = readBlock("index") ?? {};
const root = document.getElementById("app");
const app = { source: index.api ? liveSource(index) : reportSource(index), picked: [], main: el("main", { id: "main", tabindex: "-1" }) };

const keys = [
  ["j, ↓", "Next row, operation or difference"], ["k, ↑", "Previous"], ["Enter", "Open"], ["Esc", "Back"], ["/", "Search"], ["c", "Pick to compare; the second pick compares"],
  ["1 – 8", "Part of the operation"], ["s", "Sort the list by the next column"], ["d", "Decisions in the waterfall"], ["g", "Charts"], ["l", "List"], ["r", "Read again"], ["a", "Read again by itself, in a live page"], ["t", "Light or dark"], ["?", "These keys"],
];

app.togglePick = row => {
  const known = app.picked.findIndex(pick => pick.id === row.id);
  if (known >= 0) app.picked.splice(known, 1);
  else { app.picked.push({ id: row.id, name: titleOf(row) }); if (app.picked.length > 2) app.picked.shift(); }
  announce(app.picked.length + " of 2 picked to compare");
  drawTop();
};
app.clearPicks = () => { app.picked = []; drawTop(); };
const comparison = () => "#/compare/" + app.picked.map(pick => encodeURIComponent(pick.id)).join("/");

const memory = { get: name => { try { return localStorage.getItem(name); } catch { return null; } }, set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* A file may not be allowed to. */ } } };
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => document.documentElement.dataset.theme === "dark";
let chosenTheme = null;
function setTheme() {
  document.documentElement.dataset.theme = memory.get("llmkit-theme") ?? chosenTheme ?? (systemIsDark.matches ? "dark" : "light");
  drawTop();
}
function switchTheme() {
  chosenTheme = isDark() ? "light" : "dark";
  memory.set("llmkit-theme", chosenTheme);
  setTheme();
}

const topBar = el("header", { class: "top" });
const auto = autoRefresh(app, drawTop);
function drawTop() {
  // It is drawn anew as a whole: the focus stays on the same button.
  const held = [...topBar.querySelectorAll("a, button")].indexOf(document.activeElement);
  const here = location.hash.split(/[/?]/)[1] ?? "";
  const place = (name, text, address) => el("a", { href: address, class: here === name ? "is-on" : null, "aria-current": here === name ? "page" : null, text });
  fill(topBar,
    el("a", { class: "brand", href: "#/", "aria-label": app.source.title ?? "LLM traces" }, logo(), el("span", { text: app.source.title ?? "LLM traces" })),
    el("nav", { "aria-label": "Views" }, place("", "Traces", "#/" + listMemory.address), place("charts", "Charts", "#/charts"),
      app.picked.length === 2 ? place("compare", "Compare", comparison()) : el("span", { class: "disabled", role: "link", "aria-disabled": "true", title: "Pick two calls, with their boxes or the key c", text: "Compare" + (app.picked.length ? " · 1 of 2" : "") })),
    el("span", { class: "spring" }),
    app.source.isLive ? button("Auto", auto.toggle, { class: "quiet auto" + (auto.isOn ? " is-on" : "") + (app.refreshFailed ? " bad" : ""), "aria-pressed": String(auto.isOn), "aria-label": "Refresh by itself", title: app.refreshFailed ? "The last try failed" : "Every " + refreshEvery / 1000 + " seconds; key a" }) : null,
    app.source.isLive ? button("Refresh", () => show(), { class: "quiet", title: "Key r" }) : null,
    button(isDark() ? "Light" : "Dark", switchTheme, { class: "quiet", title: "Key t", "aria-label": isDark() ? "Light colours" : "Dark colours" }),
    button("?", () => help.showModal(), { class: "quiet", "aria-label": "Keys", title: "Key ?" }));
  if (held >= 0) topBar.querySelectorAll("a, button")[held]?.focus({ preventScroll: true });
}

function logo() {
  return svg("svg", { class: "logo", viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" },
    svg("rect", { class: "logo-a", x: 1, y: 3, width: 11, height: 3.4, rx: 1.7 }), svg("rect", { class: "logo-b", x: 5, y: 8.3, width: 13, height: 3.4, rx: 1.7 }), svg("rect", { class: "logo-c", x: 9, y: 13.6, width: 8, height: 3.4, rx: 1.7 }));
}

const help = el("dialog", { class: "help", "aria-label": "Keys" }, el("h2", { text: "Keys" }), el("dl", null, keys.map(([key, text]) => el("div", null, el("dt", null, key.split(", ").map(part => el("kbd", { text: part }))), el("dd", { text })))),
  button("Close", () => help.close(), { class: "small" }));

async function show() {
  app.leave?.();
  for (const name of ["leave", "move", "open", "pick", "redraw", "reload", "tab", "current", "toggleSteps", "sort", "refresh"]) app[name] = undefined;
  document.documentElement.dataset.ready = "";
  const [path, query] = (location.hash.slice(2) || "").split("?");
  const [view, ...rest] = path.split("/");
  document.title = (app.source.title ?? "LLM traces") + ({ trace: " – trace", compare: " – compare", charts: " – charts" }[view] ?? "");
  drawTop();
  try {
    if (view === "trace") await showTrace(app, rest[0] ?? "", new URLSearchParams(query));
    else if (view === "compare") await showCompare(app, rest);
    else if (view === "charts") await showCharts(app, new URLSearchParams(query));
    else await showList(app, new URLSearchParams(query));
  } catch (error) {
    fill(app.main, el("p", { class: "empty bad", role: "alert", text: "This could not be shown. " + error.message }));
  }
  drawTop();
}

const isTyping = target => target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox");

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open || isTyping(event.target)) return;
  const isOwnEnter = event.target instanceof HTMLElement && /^(BUTTON|SUMMARY|A)$/.test(event.target.tagName);
  const run = {
    j: () => app.move?.(1), ArrowDown: () => app.move?.(1), k: () => app.move?.(-1), ArrowUp: () => app.move?.(-1),
    PageDown: app.move && !app.current ? () => app.move(15) : null, PageUp: app.move && !app.current ? () => app.move(-15) : null,
    Enter: isOwnEnter ? null : () => app.open?.(),
    Escape: () => { location.hash = "#/" + listMemory.address; },
    "/": () => { const search = document.getElementById("search"); if (search) search.focus(); else { location.hash = "#/" + listMemory.address; } },
    c: () => { app.pick?.(); if (app.picked.length === 2 && app.pick) location.hash = comparison(); },
    s: app.sort ? () => app.sort() : null, a: app.source.isLive ? auto.toggle : null, d: () => app.toggleSteps?.(), g: () => { location.hash = "#/charts"; }, l: () => { location.hash = "#/" + listMemory.address; }, r: () => show(), t: switchTheme, "?": () => help.showModal(),
  }[event.key] ?? (/^[1-8]$/.test(event.key) && app.tab ? () => app.tab(Number(event.key)) : null);
  // Inside a long text the arrows scroll.
  if (!run || (event.key.startsWith("Arrow") && event.target instanceof HTMLElement && event.target.closest(".panel, .compare"))) return;
  event.preventDefault();
  run();
});
addEventListener("hashchange", show);
systemIsDark.addEventListener("change", setTheme);

fill(root, el("a", { class: "skip", href: "#main", text: "To the content", on: { click: event => { event.preventDefault(); app.main.focus(); } } }), topBar, app.main, el("div", { id: "announcer", class: "unseen", role: "status", "aria-live": "polite" }), help);
setTheme();
show();
