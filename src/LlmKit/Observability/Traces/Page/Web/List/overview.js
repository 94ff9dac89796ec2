// What the records of a list sum up to, and when they were.
async function sumUp(source, filters, summary, isGone) {
  let overall, groups, every;
  try {
    [overall] = await source.groups(filters, "nothing", null);
    ({ groups, every } = await overTime(source, filters, "nothing", 60));
  } catch { return; }
  if (isGone() || !overall) return;
  const stat = (name, value, tone) => el("div", { class: "stat" }, el("span", { class: "faint", text: name }), el("strong", { class: tone ?? null, text: value }));
  fill(summary,
    stat("Records", count(overall.calls)),
    stat("Failed or blocked", percent(overall.bad / overall.calls), overall.bad ? "bad" : null),
    stat("Cache hits", percent(overall.hits / overall.calls)),
    stat("Median", duration(overall.p50Ms)),
    stat("95 % within", duration(overall.p95Ms)),
    stat("Cost", usd(overall.cost)),
    stat("Tokens", short(overall.inputTokens) + " → " + short(overall.outputTokens)),
    histogram(groups, every));
}

function histogram(groups, every) {
  if (groups.length === 0) return null;
  const first = groups[0].from, slots = (groups[groups.length - 1].from - first) / every + 1;
  const most = Math.max(...groups.map(sums => sums.calls));
  const width = 100 / Math.max(slots, 12);
  const picture = svg("svg", { class: "histogram", viewBox: "0 0 100 32", preserveAspectRatio: "none", role: "img", "aria-label": "Records over time, " + count(groups.reduce((sum, sums) => sum + sums.calls, 0)) + " in all, the most in one bar " + count(most) });
  for (const sums of groups) {
    const x = (sums.from - first) / every * width, height = sums.calls / most * 31, badHeight = sums.bad / most * 31;
    picture.append(svg("rect", { x, y: 32 - height, width: width * 0.8, height, class: "calls" }, svg("title", { text: moment(sums.from) + ": " + count(sums.calls) })));
    if (badHeight > 0) picture.append(svg("rect", { x, y: 32 - badHeight, width: width * 0.8, height: badHeight, class: "bad" }));
  }
  return el("div", { class: "over-time" }, picture, el("div", { class: "ends faint" }, el("span", { text: moment(first) }), el("span", { text: "most " + count(most) + " in " + stretch(every) }), el("span", { text: moment(first + slots * every) })));
}

const timeSteps = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 7 * 86400].map(seconds => seconds * 1000);

// Groups in stretches of time that make about as many bars as asked for.
async function overTime(source, filters, by, bars) {
  const coarse = await source.groups(filters, "nothing", 3600e3);
  if (coarse.length === 0) return { groups: [], every: 3600e3 };
  const pick = span => timeSteps.find(step => span / step <= bars) ?? timeSteps[timeSteps.length - 1];
  let every = pick(coarse[coarse.length - 1].from + 3600e3 - coarse[0].from);
  let groups = await source.groups(filters, by, every);
  // The finer the stretches, the nearer the ends are known: few calls in a minute are told apart by seconds.
  for (let i = 0; i < 4; i++) {
    const finer = pick(groups[groups.length - 1].from + every - groups[0].from);
    if (finer >= every) break;
    groups = await source.groups(filters, by, every = finer);
  }
  return { groups, every };
}
