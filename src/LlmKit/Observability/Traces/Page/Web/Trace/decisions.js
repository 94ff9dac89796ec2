// What was decided in a call, and why.
const routeSentences = {
  chosen: "was chosen", skipped: "was passed over", fallback: "gave no answer, so the next model was asked", declined: "was declined by code", verified: "gave a draft that a check accepted", accepted: "gave a draft that was accepted",
  escalated: "gave a draft that was not accepted, and the next model was asked", unverified: "gave a draft that was not accepted, and it is the answer all the same", hedged: "was asked beside what was slow", "not-hedged": "was not asked a second time", "hedge-won": "was asked later and answered first", "hedge-lost": "answered first after all",
};

function decisionsView(record) {
  const all = record.steps ?? [];
  const route = all.filter(step => step.stage === "router" || step.stage === "hedging");
  const rails = all.filter(step => step.stage === "guardrails");
  return [
    route.length ? el("section", null, el("h3", { text: "Route" }), el("ol", { class: "route" }, route.map(routeItem), routeEnd(record))) : null,
    rails.length ? el("section", null, el("h3", { text: "Guardrails" }), railsTable(rails)) : null,
    all.length ? el("section", null, el("h3", { text: "Every decision, in order" }), stepsTable(all)) : note("No stage decided anything."),
  ];
}

function routeItem(step) {
  const score = numberOf(step, "routing.score"), threshold = numberOf(step, "routing.threshold");
  const policy = factOf(step, "routing.policy"), version = factOf(step, "routing.policy.version"), propensity = numberOf(step, "routing.propensity"), check = factOf(step, "routing.check");
  return el("li", { class: "tone-" + stepTone(step) },
    el("div", null, el("strong", { text: modelOfStep(step) ?? step.stage }), " " + (routeSentences[step.decision] ?? step.decision), step.reason ? el("span", { class: "faint", text: ": " + step.reason }) : null, step.observed ? chip("only observed", "info") : null),
    el("div", { class: "facts" },
      isNumber(score) ? el("span", { class: "fact" }, meter(score, threshold), el("span", { class: "faint", text: " score " }), figure(score), isNumber(threshold) ? [el("span", { class: "faint", text: score >= threshold ? " ≥ threshold " : " < threshold " }), figure(threshold)] : null) : null,
      check ? chip("check: " + check) : null,
      policy ? chip("policy: " + policy + (version ? " " + version : "")) : null,
      isNumber(propensity) ? el("span", { class: "fact", title: "How likely this choice was" }, el("span", { class: "faint", text: "propensity " }), percent(propensity)) : null));
}

// Who answered in the end, if anybody did.
function routeEnd(record) {
  const answered = (record.attempts ?? []).findLast(attempt => !attempt.failure && attempt.model === record.model);
  if (record.status === "failed") return el("li", { class: "tone-bad" }, el("div", null, el("strong", { text: "Nobody" }), " answered", el("span", { class: "faint", text: ": " + errorName(record.errorType ?? "failed") })));
  return answered ? el("li", { class: "tone-good" }, el("div", null, el("strong", { text: record.model }), " answered in " + duration(answered.durationMs), isNumber(answered.cost) ? el("span", { class: "faint", text: ", " + usd(answered.cost) }) : null)) : null;
}

function meter(score, threshold) {
  const share = value => Math.max(0, Math.min(1, value)) * 100 + "%";
  return el("span", { class: "meter", "aria-hidden": "true" },
    el("span", { class: "meter-bar" + (isNumber(threshold) && score < threshold ? " bad" : ""), at: { width: share(score) } }),
    isNumber(threshold) ? el("i", { at: { left: share(threshold) } }) : null);
}

const railsTable = rails => table("Guardrail verdicts", [{ text: "Verdict" }, { text: "Rail" }, { text: "Rule" }, { text: "Matches", number: true }, { text: "Score", number: true }, { text: "At", number: true }, { text: "" }], rails.map(step => [
  chip(step.decision, stepTone(step)), factOf(step, "guardrails.rail") ?? "", factOf(step, "guardrails.rule") ?? step.reason ?? "", factOf(step, "guardrails.count") ?? "",
  figure(numberOf(step, "guardrails.score")), duration(step.atMs),
  [step.observed ? chip("only observed", "info") : null, /^false$/i.test(factOf(step, "guardrails.evaluated") ?? "") ? chip("not evaluated", "bad") : null],
]));

const stepsTable = all => table("Decisions", [{ text: "At", number: true }, { text: "Stage" }, { text: "Decision" }, { text: "Why" }, { text: "Facts" }], all.map(step => [
  duration(step.atMs), step.stage, [chip(step.decision, stepTone(step)), step.observed ? chip("only observed", "info") : null], step.reason ?? "",
  el("div", { class: "facts" }, Object.entries(step.facts ?? {}).map(factView)),
]));
