// What a call cost, by attempt.
function costView(record) {
  const attempts = record.attempts ?? [];
  const total = record.cost;
  const sum = name => attempts.reduce((all, attempt) => all + (attempt.usage?.[name] ?? 0), 0);
  const wasted = attempts.filter(attempt => attempt.failure && isNumber(attempt.cost)).reduce((all, attempt) => all + attempt.cost, 0);
  const heads = [{ text: "Model" }, { text: "Outcome" }, { text: "Started", number: true }, { text: "Took", number: true }, { text: "Input", number: true }, { text: "cached", number: true, title: "Read from the provider's cache; part of the input" }, { text: "written", number: true, title: "Written to the provider's cache; part of the input" },
    { text: "Output", number: true }, { text: "reasoning", number: true, title: "Part of the output" }, { text: "Cost", number: true }, { text: "Price of" }];
  const tokens = (usage, name) => usage?.[name] ? count(usage[name]) : "";
  return [
    attempts.filter(attempt => attempt.cost > 0).length > 1 ? shareBar(attempts, total) : null,
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
