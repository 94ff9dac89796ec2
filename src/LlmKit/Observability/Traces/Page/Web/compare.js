// Two calls side by side: first what was asked, then what was answered.
async function showCompare(app, ids) {
  let isGone = false;
  app.leave = () => { isGone = true; };
  const [left, right] = await Promise.all(ids.map(id => app.source.get(decodeURIComponent(id))));
  if (isGone) return;
  if (!left || !right) { fill(app.main, el("p", { class: "empty", text: "Pick two calls in the list, with their boxes or the key c, to compare them." })); return; }
  const all = { left: requestTexts(left), right: requestTexts(right) };
  const request = Object.keys({ ...all.left, ...all.right }).map(name => diffSection(name, all.left[name] ?? "", all.right[name] ?? ""));
  fill(app.main,
    el("header", { class: "trace-head" }, el("a", { class: "back", href: "#/" + listMemory.address, "aria-label": "Back to the list", title: "Key Escape", text: "←" }), el("h1", { text: "Compare" }),
      button("Swap", () => { location.hash = "#/compare/" + ids[1] + "/" + ids[0]; }, { class: "small" }), button("Clear", () => { app.clearPicks(); location.hash = "#/" + listMemory.address; }, { class: "small" })),
    el("div", { class: "compare", tabindex: "0" },
      factsTable(left, right),
      el("h2", { text: "Request" }), request,
      el("h2", { text: "Answer" }), diffSection("Answer", messagesText(left.output), messagesText(right.output))));
  app.main.querySelector(".compare").focus({ preventScroll: true });
  ready("compare");
}

function factsTable(left, right) {
  const number = (name, read, show) => {
    const a = read(left), b = read(right);
    const change = isNumber(a) && isNumber(b) && a !== b ? (a > 0 ? (b > a ? "+" : "−") + percent(Math.abs(b - a) / a) : "") : "";
    return { name, values: [show(a), show(b)], isSame: a === b, change: el("span", { class: change ? (b > a ? "bad" : "good") : null, text: change }) };
  };
  const word = (name, read) => ({ name, values: [read(left) ?? "–", read(right) ?? "–"], isSame: (read(left) ?? "") === (read(right) ?? ""), change: "" });
  const rows = [
    word("Call", record => titleOf(record) + (titleOf(record) === record.name ? "" : " · " + record.name)), word("Started", record => exact(startOf(record))), word("Status", record => record.errorType ?? record.status), word("Marks", record => record.marks?.join(", ")),
    word("Tenant", record => record.tenant), word("Model", modelOf), word("Answered by", record => record.responseModel), word("Fingerprint", record => record.fingerprint), word("Prompt", record => record.promptName ? record.promptName + " " + (record.promptVersion ?? "") : null), word("Finish", record => record.finishReason),
    number("Duration", record => record.durationMs, duration), number("First content", record => record.firstContentMs, duration), number("Input tokens", record => record.usage?.input, count), number("Output tokens", record => record.usage?.output, count),
    number("Cost", record => record.cost, usd), number("Attempts", record => record.attempts?.length ?? 0, count),
  ].filter(row => row.values.some(value => value !== "–"));
  return table("Facts of both calls", [{ text: "" }, { text: "Left" }, { text: "Right" }, { text: "Change" }], rows.map(row => {
    const cells = [el("span", { class: "faint", text: row.name }), ...row.values.map((value, i) => i === 1 && !row.isSame ? el("strong", { text: value }) : value), row.change];
    cells.tone = row.isSame ? "is-same" : "is-different";
    return cells;
  }));
}

function requestTexts(record) {
  const texts = { Options: record.options ? JSON.stringify(record.options, null, 2) : "" };
  if (record.instructions) texts.Instructions = messagesText([record.instructions]);
  if (record.prompt) texts.Prompt = JSON.stringify({ ...record.prompt, variables: record.promptVariables }, null, 2).replaceAll("\\n", "\n");
  texts.Messages = messagesText(record.input);
  if (record.tools) texts.Tools = JSON.stringify(record.tools, null, 2);
  return texts;
}

function messagesText(messages) {
  return (messages ?? []).map(message => {
    const parts = (message?.parts ?? []).map(part => {
      if (part?.type === "text") return String(part.content ?? "");
      if (part?.type === "reasoning") return "(reasoning) " + part.content;
      if (part?.type === "tool_call") return "→ " + part.name + " " + JSON.stringify(part.arguments ?? null, null, 2);
      if (part?.type === "tool_call_response") return "← " + (typeof part.response === "string" ? part.response : JSON.stringify(part.response ?? null, null, 2));
      return JSON.stringify(part);
    });
    return "▸ " + (message?.role ?? message?.type ?? "message") + "\n" + parts.join("\n");
  }).join("\n\n");
}

function diffSection(name, left, right) {
  if (left === "" && right === "") return null;
  const heading = el("span", { class: "diff-name", text: name });
  if (left === right) return folded([heading, chip("same", "good"), el("span", { class: "faint", text: count(left.split("\n").length) + " lines" })], el("pre", { class: "json", text: left }), false, "diff-same");
  const rows = pairLines(left, right);
  const changes = rows.filter(row => row.kind === "changed").length;
  return el("section", { class: "diff-section", "aria-label": name }, el("h3", null, heading, chip(count(changes) + (changes === 1 ? " line differs" : " lines differ"), "warn")), diffTable(name, rows));
}

function diffTable(name, rows) {
  const body = el("tbody");
  const columns = el("colgroup", null, el("col", { class: "gutter" }), el("col"), el("col", { class: "gutter" }), el("col"));
  let l = 0, r = 0;
  const emit = (row, before) => {
    const isLeft = row.left !== undefined, isRight = row.right !== undefined;
    const isChanged = row.kind === "changed";
    body.insertBefore(el("tr", null,
      el("td", { class: "gutter", text: isLeft ? String(++l) : "" }), side(row.left, row.leftWords, isChanged ? "gone" : "", "del"),
      el("td", { class: "gutter", text: isRight ? String(++r) : "" }), side(row.right, row.rightWords, isChanged ? "come" : "", "ins")), before);
  };
  const skip = list => {
    const from = [l, r];
    l += list.length; r += list.length;
    const gap = el("tr", { class: "gap" }, el("td", { colspan: "4" }, button(count(list.length) + " equal lines", () => {
      const kept = [l, r];
      [l, r] = from;
      list.forEach(row => emit(row, gap));
      [l, r] = kept;
      gap.remove();
    }, { class: "link" })));
    body.append(gap);
  };
  const around = 3;
  for (let i = 0; i < rows.length;) {
    if (rows[i].kind === "changed") { emit(rows[i++], null); continue; }
    let end = i;
    while (end < rows.length && rows[end].kind === "same") end++;
    const first = i === 0 ? i : Math.min(end, i + around), last = end === rows.length ? end : Math.max(first, end - around);
    rows.slice(i, first).forEach(row => emit(row, null));
    if (last - first > 2) skip(rows.slice(first, last)); else rows.slice(first, last).forEach(row => emit(row, null));
    rows.slice(last, end).forEach(row => emit(row, null));
    i = end;
  }
  return el("div", { class: "scroll" }, el("table", { class: "diff" }, el("caption", { class: "unseen", text: name + ", left and right" }), columns, body));
}

function side(line, words, className, tag) {
  if (line === undefined) return el("td", { class: "absent" });
  return el("td", { class: className }, words ? words.map(run => run.isMarked ? el(tag, { text: run.text }) : run.text) : className ? el(tag, { class: "whole", text: line }) : line);
}
