// The records of a trace as a tree, each with its attempts and decisions, on one axis of time.
function treeOf(records) {
  const bySpan = new Map(records.filter(record => record.spanId).map(record => [record.spanId, record]));
  const children = new Map();
  const roots = [];
  for (const record of [...records].sort((a, b) => startOf(a) - startOf(b) || b.durationMs - a.durationMs)) {
    const parent = record.parentSpanId !== record.spanId ? bySpan.get(record.parentSpanId) : null;
    if (!parent) roots.push(record);
    else if (children.has(parent)) children.get(parent).push(record);
    else children.set(parent, [record]);
  }
  const rows = [];
  const seen = new Set();
  const walk = (record, depth) => {
    if (seen.has(record)) return;
    seen.add(record);
    rows.push({ record, depth });
    for (const child of children.get(record) ?? []) walk(child, depth + 1);
  };
  roots.forEach(root => walk(root, 0));
  // Spans that name each other as parents have no root: they are shown all the same.
  records.forEach(record => walk(record, 0));
  return rows;
}

function waterfall(records, selected, select, withSteps) {
  const rows = treeOf(records);
  const from = Math.min(...records.map(startOf));
  const to = Math.max(...records.map(record => startOf(record) + Math.max(record.durationMs, lastOf(record))), from + 1);
  // What is left free at the end is for the figures behind the longest bars.
  const place = ms => Math.min(100, Math.max(0, (ms - from) / (to - from) * 84));
  const ticks = ticksOf(to - from);

  const body = el("div", { class: "lanes", role: "tree", "aria-label": "Operations of the trace", tabindex: "0", "aria-activedescendant": "span-" + rows.findIndex(row => row.record.id === selected) });
  const lines = el("div", { class: "gridlines", "aria-hidden": "true" }, ticks.map(tick => el("i", { at: { left: place(from + tick) + "%" } })));
  rows.forEach((row, i) => {
    body.append(recordLane(row, i, row.record.id === selected, place, select));
    for (const attempt of row.record.attempts ?? []) body.append(attemptLane(row, attempt, place));
    if (withSteps) for (const step of row.record.steps ?? []) body.append(stepLane(row, step, place));
  });
  return el("div", { class: "waterfall" },
    el("div", { class: "axis", "aria-hidden": "true" }, el("span", { class: "label" }), el("div", { class: "lane" }, ticks.map(tick => el("span", { at: { left: place(from + tick) + "%" }, text: duration(tick) })))),
    el("div", { class: "lanes-box" }, el("div", { class: "gridlines-box" }, lines), body));
}

const lastOf = record => Math.max(0, ...(record.attempts ?? []).map(attempt => attempt.startedMs + attempt.durationMs));

function ticksOf(span) {
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough);
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step).filter(tick => tick <= span * 1.05);
}

function bar(start, length, first, place, tone) {
  const left = place(start), width = place(start + length) - left;
  const waited = isNumber(first) && length > 0 ? Math.min(1, first / length) : 0;
  return el("span", { class: "span " + tone, at: { left: left + "%", width: "max(3px, " + width + "%)" } },
    waited > 0 ? el("span", { class: "waiting", at: { width: waited * 100 + "%" } }) : null);
}

function recordLane({ record, depth }, i, isSelected, place, select) {
  const start = startOf(record);
  return el("div", {
    id: "span-" + i, class: "lane-row record" + (isSelected ? " is-at" : "") + (isBad(record) ? " is-bad" : ""), role: "treeitem", "aria-level": String(depth + 1), "aria-selected": String(isSelected), "data-id": record.id,
    on: { click: () => select(record.id) },
  },
    el("span", { class: "label", at: { paddingLeft: 8 + depth * 16 + "px" }, title: record.name }, kindBadge(record.kind), el("span", { class: "title", text: record.name })),
    el("span", { class: "lane", title: duration(record.durationMs) + (isNumber(record.firstContentMs) ? ", first content after " + duration(record.firstContentMs) : "") },
      bar(start, record.durationMs, record.firstContentMs, place, isBad(record) ? "tone-bad" : "tone-" + (record.kind in kindLetters ? record.kind : "other")),
      (record.steps ?? []).map(step => el("i", { class: "tick tick-" + stepTone(step), at: { left: place(start + step.atMs) + "%" }, title: step.stage + ": " + step.decision + (step.reason ? " (" + step.reason + ")" : "") })),
      lengthLabel(place, start, record.durationMs, duration(record.durationMs))));
}

// Behind its bar, or before it where there is no room.
function lengthLabel(place, start, length, text, tone = "") {
  const from = place(start), to = place(start + length);
  const isBefore = from > 22 && to > (text.length > 9 ? 66 : 86);
  return el("span", { class: "length" + tone, at: isBefore ? { right: 100 - from + "%", paddingRight: "6px" } : { left: to + "%", paddingLeft: "6px" }, text });
}

function attemptLane({ record, depth }, attempt, place) {
  const start = startOf(record) + attempt.startedMs;
  const said = attempt.failure ? attempt.failure + (attempt.status ? " " + attempt.status : "") : duration(attempt.durationMs);
  return el("div", { class: "lane-row attempt", role: "none" },
    el("span", { class: "label", at: { paddingLeft: 30 + depth * 16 + "px" } }, el("span", { class: "faint", text: attempt.model + (attempt.purpose ? " · " + attempt.purpose : "") })),
    el("span", { class: "lane", title: "Attempt on " + attempt.model + ", " + duration(attempt.durationMs) + (attempt.failure ? ", " + attempt.failure : "") },
      bar(start, attempt.durationMs, attempt.firstContentMs, place, attempt.failure ? "tone-bad thin" : "tone-attempt thin"),
      lengthLabel(place, start, attempt.durationMs, said, attempt.failure ? " bad" : "")));
}

function stepLane({ record, depth }, step, place) {
  const left = place(startOf(record) + step.atMs);
  return el("div", { class: "lane-row step", role: "none" },
    el("span", { class: "label", at: { paddingLeft: 30 + depth * 16 + "px" } }, el("span", { class: "faint", text: step.stage + " · " + step.decision })),
    el("span", { class: "lane" },
      el("i", { class: "diamond tick-" + stepTone(step), at: { left: left + "%" } }),
      el("span", { class: "length faint", at: left > 62 ? { right: 100 - left + "%", paddingRight: "10px" } : { left: left + "%", paddingLeft: "10px" } }, [step.reason, modelOfStep(step)].filter(text => text).join(" · ") || step.decision)));
}

const badDecisions = /block|refus|fail|give-up|timeout|open|not-evaluated|lost/;
const watchedDecisions = /retry|fallback|escalat|skip|redact|rewrit|flag|hedged|veto|wait|decline|unverified/;
const goodDecisions = /hit|stored|chosen|accept|won|verified|allow|join/;
const stepTone = step => badDecisions.test(step.decision) ? "bad" : watchedDecisions.test(step.decision) ? "warn" : goodDecisions.test(step.decision) ? "good" : "info";
const factOf = (step, name) => step.facts?.["llmkit." + name] ?? step.facts?.[name];
const modelOfStep = step => factOf(step, "model");
