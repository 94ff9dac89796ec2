// One record in the list.
function line(app, row, i, look) {
  const isPicked = app.picked.some(pick => pick.id === row.id);
  const at = startOf(row);
  const bar = el("span", { class: "bar", at: { width: Math.max(1, Math.sqrt(row.durationMs / look.longest) * 100) + "%" } });
  const cell = (className, ...children) => el("div", { role: "gridcell", class: className }, children);
  const time = look.isOneDay ? [clock(new Date(at)), el("span", { class: "faint", text: millis(at) })] : [el("span", { class: "faint", text: day(new Date(at)) + " " }), clock(new Date(at))];
  return el("div", {
    id: "row-" + i, class: "row" + (isBad(row) ? " is-bad" : "") + (i === listMemory.at ? " is-at" : ""), role: "row", "data-id": row.id, "aria-rowindex": String(i + 2), "aria-selected": String(isPicked),
    at: { transform: "translateY(" + i * look.height + "px)" }, on: { click: () => app.open(i) },
  },
    cell("box", pickBox(app, row, isPicked)),
    el("div", { role: "gridcell", class: "time", title: exact(at) }, time, el("span", { class: "beside faint", "aria-hidden": "true", text: [null, row.tenant, modelOf(row)].filter((text, i) => i === 0 || text).map(text => text ?? "").join(" · ") })),
    cell("what", kindBadge(row.kind), hidden(row.kind), el("span", { class: "title", text: titleOf(row) }), titleOf(row) === row.name ? null : el("span", { class: "faint", text: row.name })),
    cell("tenant", row.tenant ?? ""),
    el("div", { role: "gridcell", class: "model" + (row.model ? "" : " faint"), title: row.model ? null : "Asked for; no model answered", text: modelOf(row) ?? "" }),
    cell("duration", el("span", { class: "figure", text: duration(row.durationMs) }), el("span", { class: "track", "aria-hidden": "true" }, bar)),
    el("div", { role: "gridcell", class: "tokens number", title: isNumber(row.inputTokens) ? count(row.inputTokens) + " in, " + count(row.outputTokens) + " out" : null }, isNumber(row.inputTokens) ? [short(row.inputTokens), el("span", { class: "faint", text: " → " }), short(row.outputTokens)] : ""),
    cell("cost number", isNumber(row.cost) ? usd(row.cost) : row.kind === "chat" ? "–" : ""),
    cell("notes", notesOf(row)));
}

function pickBox(app, row, isPicked) {
  const box = el("input", { type: "checkbox", tabindex: "-1", "aria-label": "Pick " + titleOf(row) + " to compare", on: { click: event => event.stopPropagation(), change: () => { app.togglePick(row); app.redraw?.(); } } });
  box.checked = isPicked;
  return el("label", { class: "pick", on: { click: event => event.stopPropagation() } }, box);
}

function notesOf(row) {
  return [
    row.status === "completed" ? null : chip(errorName(row.errorType) ?? row.status, statusTones[row.status], row.errorType ?? row.status),
    (row.marks ?? []).map(mark => chip(mark, markTones[mark])),
    row.attemptCount > 1 ? chip(row.attemptCount + " attempts", "info") : null,
    isNumber(row.score) ? chip("score " + figure(row.score), row.score < 0.5 ? "bad" : "good") : null,
    row.replayed ? chip("replayed", "info") : null,
    row.incomplete ? chip("incomplete", "warn") : null,
  ];
}
