// Two calls side by side: first what was asked, then what was answered.
async function showCompare(app, ids) {
  let isGone = false;
  app.leave = () => { isGone = true; };
  const [left, right] = await Promise.all(ids.map(id => app.source.get(decodeURIComponent(id))));
  if (isGone) return;
  if (!left || !right) { fill(app.main, el("div", { class: "empty" }, el("p", { class: "strong", text: "Two calls are needed." }), el("p", { text: "Pick them in the list, with their boxes or the key c." }), el("p", null, el("a", { href: "#/" + listMemory.address, text: "Back to the list" })))); ready("compare"); return; }
  const all = { left: requestTexts(left), right: requestTexts(right) };
  const request = Object.keys({ ...all.left, ...all.right }).map(name => diffSection(name, all.left[name] ?? "", all.right[name] ?? ""));
  const answer = diffSection("Answer", messagesText(left.output), messagesText(right.output));
  const where = el("span", { class: "faint", role: "status" });
  const body = el("div", { class: "compare", tabindex: "0", role: "region", "aria-label": "Both calls side by side; the keys j and k go from difference to difference" },
    factsTable(left, right), el("h2", { text: "Request" }), request, el("h2", { text: "Answer" }), answer ?? note("Neither has an answer whose text is kept."));
  fill(app.main,
    el("header", { class: "trace-head" }, el("a", { class: "back", href: "#/" + listMemory.address, "aria-label": "Back to the list", title: "Key Escape", text: "←" }), el("h1", { text: "Compare" }),
      button("Previous", () => app.move(-1), { class: "small", title: "Key k", "aria-label": "Previous difference" }), button("Next", () => app.move(1), { class: "small", title: "Key j", "aria-label": "Next difference" }), where, el("span", { class: "spring" }),
      button("Swap", () => { location.hash = "#/compare/" + ids[1] + "/" + ids[0]; }, { class: "small" }), button("Clear picks", () => { app.clearPicks(); location.hash = "#/" + listMemory.address; }, { class: "small" })),
    body);
  let at = -1;
  app.move = by => {
    const places = [...body.querySelectorAll("tr.is-start")];
    if (places.length === 0) { where.textContent = "no differences in the texts"; return; }
    body.querySelector("tr.is-at")?.classList.remove("is-at");
    at = Math.min(places.length - 1, Math.max(0, at + by));
    places[at].classList.add("is-at");
    places[at].scrollIntoView({ block: "center" });
    where.textContent = "difference " + (at + 1) + " of " + places.length;
  };
  app.current = () => null;
  body.focus({ preventScroll: true });
  ready("compare");
}

function factsTable(left, right) {
  const number = (name, read, show) => {
    const a = read(left), b = read(right);
    const change = isNumber(a) && isNumber(b) && a !== b ? (a > 0 ? (b > a ? "+" : "−") + percent(Math.abs(b - a) / a) : "") : "";
    return { name, isNumber: true, values: [show(a), show(b)], isSame: a === b, change: el("span", { class: change ? (b > a ? "bad" : "good") : null, text: change }) };
  };
  const word = (name, read) => ({ name, values: [read(left) ?? "–", read(right) ?? "–"], isSame: (read(left) ?? "") === (read(right) ?? ""), change: "" });
  const rows = [
    word("Call", record => titleOf(record) + (titleOf(record) === record.name ? "" : " · " + record.name)), word("Started", record => exact(startOf(record))), word("Status", record => record.errorType ?? record.status), word("Marks", record => record.marks?.join(", ")),
    word("Tenant", record => record.tenant), word("Model", modelOf), word("Answered by", record => record.responseModel), word("Fingerprint", record => record.fingerprint), word("Prompt", record => record.promptName ? record.promptName + " " + (record.promptVersion ?? "") : null), word("Finish", record => record.finishReason),
    number("Duration", record => record.durationMs, duration), number("First content", record => record.firstContentMs, duration), number("Input tokens", record => record.usage?.input, count), number("Output tokens", record => record.usage?.output, count),
    number("Cost", record => record.cost, usd), number("Attempts", record => record.attempts?.length ?? 0, count),
  ].filter(row => row.values.some(value => value !== "–"));
  return table("Facts of both calls", [{ text: "" }, { text: "Left" }, { text: "Right" }, { text: "Change", number: true }], rows.map(row => {
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
  let wasChanged = false;
  const emit = (row, before) => {
    const isLeft = row.left !== undefined, isRight = row.right !== undefined;
    const isChanged = row.kind === "changed";
    const isStart = isChanged && !wasChanged;
    wasChanged = isChanged;
    body.insertBefore(el("tr", { class: isStart ? "is-start" : null },
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
