// The lines of a waterfall: an operation, an attempt, a decision.
function bar(start, length, first, place, tone) {
  const left = place(start), width = place(start + length) - left;
  const waited = isNumber(first) && length > 0 ? Math.min(1, first / length) : 0;
  return el("span", { class: "span " + tone, at: { left: left + "%", width: "max(3px, " + width + "%)" } },
    waited > 0 ? el("span", { class: "waiting", at: { width: waited * 100 + "%" } }) : null);
}

function recordLane({ record, depth }, i, isSelected, place, select, withTicks) {
  const start = startOf(record);
  const many = (items, one, more) => items?.length ? count(items.length) + " " + (items.length === 1 ? one : more) : null;
  const said = [record.name, record.kind, duration(record.durationMs), errorName(record.errorType) ?? (record.status === "completed" ? null : record.status), many(record.attempts, "attempt", "attempts"), many(record.steps, "decision", "decisions")];
  return el("div", {
    id: "span-" + i, class: "lane-row record" + (isSelected ? " is-at" : "") + (isBad(record) ? " is-bad" : ""), role: "treeitem", "aria-level": String(depth + 1), "aria-selected": String(isSelected), "aria-label": said.filter(text => text).join(", "), "data-id": record.id,
    on: { click: () => select(record.id) },
  },
    el("span", { class: "label", at: { paddingLeft: 8 + depth * indent() + "px" }, title: record.name }, kindBadge(record.kind), el("span", { class: "title", text: record.name })),
    el("span", { class: "lane", title: duration(record.durationMs) + (isNumber(record.firstContentMs) ? ", first content after " + duration(record.firstContentMs) : "") },
      bar(start, record.durationMs, record.firstContentMs, place, isBad(record) ? "tone-bad" : "tone-" + (record.kind in kindLetters ? record.kind : "other")),
      withTicks ? (record.steps ?? []).map(step => el("i", { class: "tick tick-" + stepTone(step), at: { left: place(start + step.atMs) + "%" }, title: stepTitle(step) })) : null,
      lengthLabel(place, start, record.durationMs, duration(record.durationMs))));
}

// Behind its bar, or before it where there is no room.
function lengthLabel(place, start, length, text, tone = "") {
  const from = place(start), to = place(start + length);
  const isBefore = from > 22 && to > (text.length > 9 ? 66 : 86);
  return el("span", { class: "length" + tone, at: isBefore ? { right: 100 - from + "%", paddingRight: "6px", maxWidth: from + "%" } : { left: to + "%", paddingLeft: "6px", maxWidth: 103 - to + "%" }, text });
}

const indent = () => isNarrow.matches ? 8 : 16;
const inset = depth => ({ paddingLeft: 8 + (depth + 1.6) * indent() + "px" });

function attemptLane({ record, depth }, attempt, place, select) {
  const start = startOf(record) + attempt.startedMs;
  const said = attempt.failure ? attempt.failure.replaceAll("_", " ") + (attempt.status ? " " + attempt.status : "") : duration(attempt.durationMs);
  const title = "Attempt on " + attempt.model + ", " + duration(attempt.durationMs) + (attempt.failure ? ", " + attempt.failure : "");
  return el("div", { class: "lane-row attempt", role: "none", title, on: { click: () => select(record.id, "cost") } },
    el("span", { class: "label", at: inset(depth) }, el("span", null, attempt.purpose ?? "attempt", el("span", { class: "faint", text: " " + attempt.model }))),
    el("span", { class: "lane" },
      bar(start, attempt.durationMs, attempt.firstContentMs, place, attempt.failure ? "tone-bad thin" : "tone-attempt thin"),
      lengthLabel(place, start, attempt.durationMs, said, attempt.failure ? " bad" : "")));
}

const stepTitle = step => step.stage + ": " + step.decision + (whyOf(step) ? " (" + whyOf(step) + ")" : "");

function stepLane({ record, depth }, step, place, select) {
  const left = place(startOf(record) + step.atMs), tone = stepTone(step);
  return el("div", { class: "lane-row step", role: "none", title: stepTitle(step), on: { click: () => select(record.id, "decisions") } },
    el("span", { class: "label", at: inset(depth) }, el("span", { class: "faint", text: step.stage + " " }), el("span", { class: "decision say-" + tone, text: step.decision })),
    el("span", { class: "lane" },
      el("i", { class: "diamond tick-" + tone, at: { left: left + "%" } }),
      el("span", { class: "length", at: left > 52 ? { right: 100 - left + "%", paddingRight: "10px", maxWidth: left + "%" } : { left: left + "%", paddingLeft: "10px", maxWidth: 103 - left + "%" }, text: whyOf(step) })));
}
