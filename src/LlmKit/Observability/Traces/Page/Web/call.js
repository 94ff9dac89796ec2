// One operation: what was said, what was decided and why, what it cost.
const callTabs = [
  { id: "conversation", text: "Conversation", view: conversationView, has: record => record.kind === "chat" || record.input || record.output },
  { id: "decisions", text: "Decisions", view: decisionsView, has: record => record.steps?.length || record.attempts?.length, badge: record => record.steps?.length },
  { id: "cost", text: "Cost", view: costView, has: record => record.attempts?.length || record.usage, badge: record => isNumber(record.cost) ? usd(record.cost) : null },
  { id: "retrieval", text: "Retrieval", view: record => documentsView(record.documents), has: record => record.documents, badge: record => record.documents?.length },
  { id: "prompt", text: "Prompt", view: record => promptView(record.prompt, record), has: record => record.prompt },
  { id: "request", text: "Request", view: requestView, has: record => record.options || record.tools || record.instructions },
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
      record.errorType ? chip(record.errorType, "bad") : null, (record.marks ?? []).map(mark => chip(mark, markTones[mark])),
      record.replayed ? chip("replayed", "info") : null, record.incomplete ? chip("incomplete", "warn", "Something is missing: it had not ended, or a text is gone.") : null,
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

const routeSentences = {
  chosen: "was chosen", skipped: "was passed over", fallback: "was asked next", declined: "was declined by code", verified: "gave a draft that a check accepted", accepted: "gave a draft that was accepted",
  escalated: "gave a draft that was not accepted, and the next model was asked", unverified: "gave a draft that was not accepted, and it is the answer all the same", hedged: "was asked beside a slow one", "hedge-won": "answered first", "hedge-lost": "answered later",
};

function decisionsView(record) {
  const all = record.steps ?? [];
  const route = all.filter(step => step.stage === "router" || step.stage === "hedging");
  const rails = all.filter(step => step.stage === "guardrails");
  return [
    route.length ? el("section", null, el("h3", { text: "Route" }), el("ol", { class: "route" }, route.map(routeItem))) : null,
    rails.length ? el("section", null, el("h3", { text: "Guardrails" }), railsTable(rails)) : null,
    all.length ? el("section", null, el("h3", { text: "Every decision, in order" }), stepsTable(all)) : note("No stage decided anything."),
  ];
}

function routeItem(step) {
  const score = Number(factOf(step, "routing.score") ?? NaN), threshold = Number(factOf(step, "routing.threshold") ?? NaN);
  const policy = factOf(step, "routing.policy"), version = factOf(step, "routing.policy.version"), propensity = Number(factOf(step, "routing.propensity") ?? NaN), check = factOf(step, "routing.check");
  return el("li", { class: "tone-" + stepTone(step) },
    el("div", null, el("strong", { text: modelOfStep(step) ?? step.stage }), " " + (routeSentences[step.decision] ?? step.decision), step.reason ? el("span", { class: "faint", text: ": " + step.reason }) : null, step.observed ? chip("only observed", "info") : null),
    el("div", { class: "facts" },
      isNumber(score) ? el("span", { class: "fact" }, meter(score, threshold), el("span", { class: "faint", text: " score " }), figure(score), isNumber(threshold) ? [el("span", { class: "faint", text: score >= threshold ? " ≥ threshold " : " < threshold " }), figure(threshold)] : null) : null,
      check ? chip("check: " + check) : null,
      policy ? chip("policy: " + policy + (version ? " " + version : "")) : null,
      isNumber(propensity) ? el("span", { class: "fact", title: "How likely this choice was" }, el("span", { class: "faint", text: "propensity " }), percent(propensity)) : null));
}

function meter(score, threshold) {
  const share = value => Math.max(0, Math.min(1, value)) * 100 + "%";
  return el("span", { class: "meter", "aria-hidden": "true" },
    el("span", { class: "meter-bar" + (isNumber(threshold) && score < threshold ? " bad" : ""), at: { width: share(score) } }),
    isNumber(threshold) ? el("i", { at: { left: share(threshold) } }) : null);
}

const railsTable = rails => table("Guardrail verdicts", [{ text: "Verdict" }, { text: "Rail" }, { text: "Rule" }, { text: "Matches", number: true }, { text: "Score", number: true }, { text: "At", number: true }, { text: "" }], rails.map(step => [
  chip(step.decision, stepTone(step)), factOf(step, "guardrails.rail") ?? "", factOf(step, "guardrails.rule") ?? step.reason ?? "", factOf(step, "guardrails.count") ?? "",
  figure(Number(factOf(step, "guardrails.score") ?? NaN)), duration(step.atMs),
  [step.observed ? chip("only observed", "info") : null, /^false$/i.test(factOf(step, "guardrails.evaluated") ?? "") ? chip("not evaluated", "bad") : null],
]));

const stepsTable = all => table("Decisions", [{ text: "At", number: true }, { text: "Stage" }, { text: "Decision" }, { text: "Why" }, { text: "Facts" }], all.map(step => [
  duration(step.atMs), step.stage, [chip(step.decision, stepTone(step)), step.observed ? chip("only observed", "info") : null], step.reason ?? "",
  el("div", { class: "facts" }, Object.entries(step.facts ?? {}).map(([name, value]) => el("span", { class: "fact" }, el("span", { class: "faint", text: name.replace(/^llmkit\.(?:[\w-]+\.(?=[\w]))?/, "") + " " }), value))),
]));

function costView(record) {
  const attempts = record.attempts ?? [];
  const total = record.cost;
  const sum = name => attempts.reduce((all, attempt) => all + (attempt.usage?.[name] ?? 0), 0);
  const wasted = attempts.filter(attempt => attempt.failure && isNumber(attempt.cost)).reduce((all, attempt) => all + attempt.cost, 0);
  const heads = [{ text: "Model" }, { text: "Outcome" }, { text: "Started", number: true }, { text: "Took", number: true }, { text: "Input", number: true }, { text: "cached", number: true, title: "Read from the provider's cache; part of the input" }, { text: "written", number: true, title: "Written to the provider's cache; part of the input" },
    { text: "Output", number: true }, { text: "reasoning", number: true, title: "Part of the output" }, { text: "Cost", number: true }, { text: "Price of" }];
  const tokens = (usage, name) => usage?.[name] ? count(usage[name]) : "";
  return [
    attempts.length ? shareBar(attempts, total) : null,
    attempts.length ? table("Attempts and their cost", heads, attempts.map(attempt => [
      [el("strong", { text: attempt.model }), attempt.purpose ? el("span", { class: "faint", text: " " + attempt.purpose }) : null],
      attempt.failure ? chip(attempt.failure + (attempt.status ? " " + attempt.status : ""), "bad") : chip("answered", "good"),
      duration(attempt.startedMs), duration(attempt.durationMs), tokens(attempt.usage, "input"), tokens(attempt.usage, "cachedInput"), tokens(attempt.usage, "cacheWrite"),
      [tokens(attempt.usage, "output"), attempt.estimated ? chip("estimated", "warn") : null], tokens(attempt.usage, "reasoning"), isNumber(attempt.cost) ? usd(attempt.cost) : chip("no price", "warn"), el("span", { class: "faint nowrap", text: attempt.priceVersion ?? "" }),
    ]), ["All", "", "", "", count(sum("input")), sum("cachedInput") ? count(sum("cachedInput")) : "", sum("cacheWrite") ? count(sum("cacheWrite")) : "", count(sum("output")), sum("reasoning") ? count(sum("reasoning")) : "", isNumber(total) ? usd(total) : "unknown", ""])
      : note(isHit(record) ? "It was answered from the cache: no model was asked." : "No model was asked."),
    wasted > 0 ? note(usd(wasted) + " of it went to attempts that failed.") : null,
  ];
}

function shareBar(attempts, total) {
  if (!isNumber(total) || total === 0) return null;
  return el("div", { class: "shares", role: "img", "aria-label": "How the cost is shared among the attempts" }, attempts.filter(attempt => attempt.cost > 0).map((attempt, i) =>
    el("span", { class: "share series-" + i % 6 + (attempt.failure ? " is-bad" : ""), at: { flexGrow: String(attempt.cost / total) }, title: attempt.model + " " + usd(attempt.cost), text: attempt.model + " " + usd(attempt.cost) })));
}

function requestView(record) {
  const tools = Array.isArray(record.tools) ? record.tools : [];
  return [
    record.options && Object.keys(record.options).length ? el("section", null, el("h3", { text: "Options" }), table("Options", [{ text: "Option" }, { text: "Value" }], Object.entries(record.options).map(([name, value]) => [el("code", { text: name }), typeof value === "object" && value !== null ? jsonBlock(value) : String(value)]))) : null,
    record.instructions ? el("section", null, el("h3", { text: "Instructions" }), messageView(record.instructions)) : null,
    tools.length ? el("section", null, el("h3", { text: "Tools" }), tools.map(tool => folded([el("code", { text: String(tool?.name ?? "tool") }), el("span", { class: "faint peek", text: String(tool?.description ?? tool?.type ?? "") })], jsonBlock(tool), false))) : null,
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
