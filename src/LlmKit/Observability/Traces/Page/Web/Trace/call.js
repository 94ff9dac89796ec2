// One operation: what was said, what was decided and why, what it cost.
const callTabs = [
  { id: "conversation", text: "Conversation", view: conversationView, has: record => record.kind === "chat" || record.input || record.output },
  { id: "decisions", text: "Decisions", view: decisionsView, has: record => record.steps?.length || record.attempts?.length, badge: record => record.steps?.length },
  { id: "cost", text: "Cost", view: costView, has: record => record.attempts?.length || record.usage, badge: record => isNumber(record.cost) ? usd(record.cost) : null },
  { id: "retrieval", text: "Retrieval", view: record => documentsView(record.documents), has: record => record.documents, badge: record => record.documents?.length },
  { id: "prompt", text: "Prompt", view: record => promptView(record.prompt, record), has: record => record.prompt },
  { id: "request", text: "Request", view: requestView, has: record => record.options || record.tools || record.instructions || record.attributes },
  { id: "scores", text: "Scores", view: scoresView, has: (record, app) => record.scores?.length || app.source.isLive, badge: record => record.scores?.length },
  { id: "json", text: "JSON", view: record => jsonBlock(record) },
];

function callView(app, record, tab, choose) {
  const tabs = callTabs.filter(candidate => !candidate.has || candidate.has(record, app));
  const current = tabs.find(candidate => candidate.id === tab) ?? tabs[0];
  const list = el("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the operation" }, tabs.map((candidate, i) => {
    const badge = candidate.badge?.(record);
    return el("button", {
      type: "button", role: "tab", id: "tab-" + candidate.id, "aria-selected": String(candidate === current), "aria-controls": "panel", tabindex: candidate === current ? "0" : "-1", title: "Key " + (i + 1),
      on: { click: () => choose(candidate.id), keydown: event => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        choose(tabs[(i + by + tabs.length) % tabs.length].id, true);
      } },
    }, candidate.text, badge ? el("span", { class: "badge", text: String(badge) }) : null);
  }));
  app.tab = number => { if (tabs[number - 1]) choose(tabs[number - 1].id); };
  const panel = el("div", { class: "panel", role: "tabpanel", id: "panel", "aria-labelledby": "tab-" + current.id, tabindex: "-1" }, current.view(record, app));
  return el("section", { class: "call", "aria-label": record.name }, callHead(app, record), list, panel);
}

function callHead(app, record) {
  const isPicked = app.picked.some(pick => pick.id === record.id);
  const fact = (name, value, title) => value ? el("span", { class: "fact", title }, el("span", { class: "faint", text: name + " " }), value) : null;
  const usage = record.usage;
  return el("header", { class: "call-head" },
    el("div", { class: "call-title" }, kindBadge(record.kind), el("h2", { text: record.name }), chip(record.status, statusTones[record.status]),
      record.errorType ? chip(errorName(record.errorType), "bad", record.errorType) : null, (record.marks ?? []).map(mark => chip(mark, markTones[mark])),
      record.purpose ? chip(record.purpose, "info", "What a call asked for itself: its cost is part of that call's") : null, record.replayed ? chip("replayed", "info") : null, record.incomplete ? chip("incomplete", "warn", "Something is missing: it had not ended, or a text is gone.") : null,
      button(isPicked ? "Picked" : "Compare", () => { app.togglePick(record); app.redraw?.(); }, { class: "small" + (isPicked ? " is-on" : ""), "aria-pressed": String(isPicked), title: "Key c" })),
    el("div", { class: "facts" },
      fact("duration", duration(record.durationMs)),
      isNumber(record.firstContentMs) ? fact("first content", duration(record.firstContentMs)) : null,
      fact("model", modelOf(record), [record.requestModel, record.responseModel].filter(text => text).join(" → ")),
      fact("answered by", record.responseModel && record.responseModel !== modelOf(record) ? record.responseModel : null),
      fact("provider", record.provider),
      usage ? fact("tokens", count(usage.input) + " → " + count(usage.output)) : null,
      isNumber(record.cost) ? fact("cost", usd(record.cost)) : null,
      fact("finish", record.finishReason), fact("fingerprint", record.fingerprint)),
    el("div", { class: "facts" },
      fact("tenant", record.tenant), fact("user", record.user), fact("feature", record.feature), fact("pipeline", record.pipeline),
      fact("conversation", record.conversation), fact("prompt", record.promptName ? record.promptName + (record.promptVersion ? " " + record.promptVersion : "") : null),
      Object.entries(record.tags ?? {}).map(([name, value]) => chip(name + "=" + value)),
      fact("id", el("code", { text: record.id }))));
}

function conversationView(record) {
  const said = [];
  if (record.instructions) said.push(messageView(record.instructions, { badge: chip("instructions") }));
  (record.input ?? []).forEach((message, i) => {
    if (i === 1 && record.droppedMessages) said.push(note(count(record.droppedMessages) + " messages are left out: the record would have grown too large."));
    said.push(messageView(message));
  });
  if (record.output?.length) said.push(el("div", { class: "turn", role: "separator" }, el("span", { text: isHit(record) ? "answer, from the cache" : "answer" })), record.output.map(message => messageView(message)));
  if (said.length > 0) return el("div", { class: "conversation" }, said);
  if (record.documents) return documentsView(record.documents);
  return note("No texts are kept of it.");
}

function requestView(record) {
  const tools = Array.isArray(record.tools) ? record.tools : [];
  return [
    record.options && Object.keys(record.options).length ? el("section", null, el("h3", { text: "Options" }), table("Options", [{ text: "Option" }, { text: "Value" }], Object.entries(record.options).map(([name, value]) => [el("code", { text: name }), typeof value === "object" && value !== null ? jsonBlock(value) : String(value)]))) : null,
    record.instructions ? el("section", null, el("h3", { text: "Instructions" }), messageView(record.instructions)) : null,
    tools.length ? el("section", null, el("h3", { text: "Tools" }), tools.map(tool => folded([el("code", { text: String(tool?.name ?? "tool") }), el("span", { class: "faint peek", text: String(tool?.description ?? tool?.type ?? "") })], jsonBlock(tool), false))) : null,
    record.attributes ? el("section", null, el("h3", { text: "Attributes" }), table("Attributes", [{ text: "Attribute" }, { text: "Value" }], Object.entries(record.attributes).map(([name, value]) => [el("code", { text: name }), String(value)]))) : null,
  ];
}

function scoresView(record, app) {
  const said = el("p", { class: "note", role: "status" });
  const give = value => app.source.score(record.id, value).then(() => { said.textContent = "Noted: " + value + "."; app.reload?.(); }, error => { said.textContent = error.message; });
  return [
    record.scores?.length ? table("Scores", [{ text: "Score", number: true }, { text: "" }, { text: "What" }, { text: "Label" }, { text: "By" }, { text: "When" }], record.scores.map(score => [
      figure(score.value), meter(score.value, NaN), score.name, score.label ?? "", score.source, exact(Date.parse(score.at))])) : note("Nobody has scored it."),
    app.source.isLive ? el("div", { class: "facts" }, button("Right", () => give(1), { class: "small" }), button("Wrong", () => give(0), { class: "small" }), said) : null,
  ];
}
