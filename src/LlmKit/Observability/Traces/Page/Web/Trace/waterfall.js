// The records of a trace as a tree, each with its attempts and decisions, on one axis of time.
function treeOf(records) {
  const byId = new Map(records.map(record => [record.id, record]));
  const bySpan = new Map(records.filter(record => record.spanId).map(record => [record.spanId, record]));
  const children = new Map();
  const roots = [];
  // What a call asked for itself comes before what others did below it: it stands among the attempts of the call.
  for (const record of [...records].sort((a, b) => !a.purpose - !b.purpose || startOf(a) - startOf(b) || b.durationMs - a.durationMs)) {
    const parent = byId.get(record.parentId) ?? (record.parentSpanId !== record.spanId ? bySpan.get(record.parentSpanId) : null);
    if (!parent) roots.push(record);
    else if (children.has(parent)) children.get(parent).push(record);
    else children.set(parent, [record]);
  }
  const rows = [];
  const seen = new Set();
  const walk = (record, depth, caller) => {
    if (seen.has(record)) return;
    seen.add(record);
    const row = { record, depth, place: rows.length, asked: [], isAsked: !!record.purpose && !!caller };
    rows.push(row);
    if (row.isAsked) caller.asked.push(row);
    for (const child of children.get(record) ?? []) walk(child, depth + 1, row);
  };
  roots.sort((a, b) => startOf(a) - startOf(b) || b.durationMs - a.durationMs).forEach(root => walk(root, 0));
  // Spans that name each other as parents have no root: they are shown all the same.
  records.forEach(record => walk(record, 0));
  return rows;
}

function waterfall(records, selected, select, withSteps) {
  const rows = treeOf(records);
  const from = Math.min(...records.map(startOf));
  const to = Math.max(...records.map(record => startOf(record) + Math.max(record.durationMs, lastOf(record))), from + 1);
  // What is left free at the end is for the figures behind the longest bars.
  const room = isNarrow.matches ? 74 : 84;
  const place = ms => Math.min(100, Math.max(0, (ms - from) / (to - from) * room));
  const ticks = ticksOf(to - from);

  const body = el("div", { class: "lanes", role: "tree", "aria-label": "Operations of the trace", tabindex: "0", "aria-describedby": "lanes-keys", "aria-activedescendant": "span-" + rows.findIndex(row => row.record.id === selected) });
  const lines = el("div", { class: "gridlines", "aria-hidden": "true" }, ticks.map(tick => el("i", { at: { left: place(from + tick) + "%" } })));
  const draw = row => {
    body.append(recordLane(row, row.place, row.record.id === selected, place, select, !withSteps));
    for (const { attempt, step, asked } of eventsOf(row, withSteps)) {
      if (asked) draw(asked);
      else body.append(attempt ? attemptLane(row, attempt, place, select) : stepLane(row, step, place, select));
    }
  };
  rows.filter(row => !row.isAsked).forEach(draw);
  return el("div", { class: "waterfall" },
    el("div", { class: "axis", "aria-hidden": "true" }, el("span", { class: "label" }), el("div", { class: "lane" }, ticks.map(tick => el("span", { at: { left: place(from + tick) + "%" }, text: duration(tick) })))),
    el("span", { id: "lanes-keys", class: "unseen", text: "The arrow keys go from operation to operation, Enter to its parts." }), el("div", { class: "lanes-box" }, el("div", { class: "gridlines-box" }, lines), body));
}

// Attempts and decisions in the order in which they came; of one moment the decision first, for it brought the attempt about.
// What the call asked for itself, such as a judge, stands in the place of its attempt.
function eventsOf(row, withSteps) {
  const record = row.record;
  const attempts = new Set(record.purpose ? [] : record.attempts);
  const asked = [];
  for (const below of askedBy(row)) {
    const attempt = attemptOf(below.record, record, attempts);
    attempts.delete(attempt);
    if (row.asked.includes(below)) asked.push({ at: attempt ? attempt.startedMs : startOf(below.record) - startOf(record), asked: below });
  }
  return [
    ...(withSteps ? record.steps ?? [] : []).map(step => ({ at: step.atMs, step })),
    ...[...attempts].map(attempt => ({ at: attempt.startedMs, attempt })),
    ...asked,
  ].sort((a, b) => a.at - b.at);
}

// The rows of what a record asked for itself, and of what those asked in turn: all of them are among its attempts.
const askedBy = row => row.asked.flatMap(below => [below, ...askedBy(below)]);

// Which of a call's attempts is that of a request: times are rounded, so the nearest of its purpose and model.
function attemptOf(asked, record, attempts) {
  const own = asked.attempts?.[0];
  if (!own) return null;
  const at = startOf(asked) + own.startedMs - startOf(record);
  const far = attempt => Math.abs(attempt.startedMs - at) + Math.abs(attempt.durationMs - own.durationMs);
  return [...attempts].filter(attempt => attempt.purpose === own.purpose && attempt.model === own.model).sort((a, b) => far(a) - far(b))[0] ?? null;
}

const lastOf = record => Math.max(0, ...(record.attempts ?? []).map(attempt => attempt.startedMs + attempt.durationMs));

function ticksOf(span) {
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(candidate => candidate >= rough);
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => i * step).filter(tick => tick <= span * 1.05);
}
