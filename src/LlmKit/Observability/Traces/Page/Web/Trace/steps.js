// What stages decided, in words: for the waterfall, and for the list of decisions.
const badDecisions = /^(block|refus|fail|give-up|timeout|circuit-open|not-evaluated|lost|conflict|no-majority|abstain)/;
const watchedDecisions = /^(retry|fallback|escalat|skip|redact|rewrit|flag|hedged|veto|wait|decline|unverified|shrunk|finished)/;
const goodDecisions = /^(hit|stored|chosen|accept|hedge-|verified|allow|join|coalesced|replayed|agreed|pinned|remembered)/;
const stepTone = step => badDecisions.test(step.decision) ? "bad" : watchedDecisions.test(step.decision) ? "warn" : goodDecisions.test(step.decision) ? "good" : "info";

const factOf = (step, name) => step.facts?.["llmkit." + name] ?? step.facts?.[name];
const numberOf = (step, name) => Number(factOf(step, name) ?? NaN);
const modelOfStep = step => factOf(step, "model");

// The step's own reason first, then what its facts say in one line.
function whyOf(step) {
  const similarity = numberOf(step, "cache.similarity"), least = numberOf(step, "cache.threshold"), score = numberOf(step, "routing.score"), threshold = numberOf(step, "routing.threshold");
  const wait = numberOf(step, "resilience.wait_seconds"), age = numberOf(step, "cache.age_seconds");
  const against = (value, limit) => figure(value) + (isNumber(limit) ? (value >= limit ? " ≥ " : " < ") + figure(limit) : "");
  return [
    modelOfStep(step),
    step.reason ?? factOf(step, "failure.kind"),
    factOf(step, "cache.tier") ? (/^(hit|joined)/.test(step.decision) ? "" : "no ") + factOf(step, "cache.tier") + " match" : null,
    isNumber(similarity) ? "similarity " + against(similarity, least) : null,
    isNumber(age) ? duration(age * 1000) + " old" : null,
    isNumber(score) ? "score " + against(score, threshold) : null,
    isNumber(wait) ? (step.decision === "retry" ? "again after " : "for ") + duration(wait * 1000) : null,
    factOf(step, "guardrails.rail") ? "in the " + factOf(step, "guardrails.rail").replace("-", " ") : null,
    factOf(step, "budget.limit") ? "limit " + factOf(step, "budget.limit") : null,
    step.observed ? "only observed" : null,
  ].filter(text => text).join(" · ");
}

// A fact with its name and value as a person reads them.
function factView([name, value]) {
  const plain = name.replace(/^llmkit\.(?:[\w-]+\.(?=[\w]))?/, "");
  const isTime = /_seconds$/.test(plain) && isNumber(Number(value));
  const text = isTime ? duration(Number(value) * 1000) : /^-?\d+\.\d{4,}/.test(value) ? figure(Number(value)) : value;
  return el("span", { class: "fact", title: text === value ? null : value }, el("span", { class: "faint", text: plain.replace(/_seconds$/, "").replaceAll(/[_.]/g, " ") + " " }), text);
}
