// Groups as lines of a chart: the greatest by name, the others as one. Each has a colour and a shape, for those who tell colours badly.
const mostSeries = 6;
const shapes = ["circle", "square", "triangle", "diamond", "down", "cross"];

function seriesOf(groups, first, every, slots, by) {
  const calls = new Map();
  for (const sums of groups) calls.set(sums.name, (calls.get(sums.name) ?? 0) + sums.calls);
  const names = [...calls].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const shown = names.length > mostSeries ? names.slice(0, mostSeries - 1) : names;
  const series = shown.map(name => ({ name: by === "nothing" ? "all" : name ?? "none", names: [name] }));
  if (names.length > shown.length) series.push({ name: count(names.length - shown.length) + " others", isRest: true, names: names.slice(shown.length) });
  series.forEach((line, i) => Object.assign(line, { tone: "series-" + i, shape: shapes[i], points: new Array(slots).fill(null) }));
  const lineOf = new Map(series.flatMap(line => line.names.map(name => [name, line])));
  for (const sums of groups) {
    const { points } = lineOf.get(sums.name);
    const slot = Math.round((sums.from - first) / every);
    points[slot] = points[slot] ? both(points[slot], sums) : sums;
  }
  return series;
}

// Percentiles do not add up: of several groups only what can be summed is right, so their latency is the greatest.
const both = (a, b) => ({
  ...a, calls: a.calls + b.calls, failures: a.failures + b.failures, blocked: a.blocked + b.blocked, bad: a.bad + b.bad, hits: a.hits + b.hits, cost: a.cost + b.cost,
  p50Ms: Math.max(a.p50Ms, b.p50Ms), p95Ms: Math.max(a.p95Ms, b.p95Ms),
});

function shape(name, x, y, size, className) {
  const d = {
    square: `M${x - size} ${y - size}h${size * 2}v${size * 2}h${-size * 2}z`,
    triangle: `M${x} ${y - size * 1.25}l${size * 1.3} ${size * 2.2}h${-size * 2.6}z`,
    down: `M${x} ${y + size * 1.25}l${size * 1.3} ${-size * 2.2}h${-size * 2.6}z`,
    diamond: `M${x} ${y - size * 1.35}l${size * 1.35} ${size * 1.35}l${-size * 1.35} ${size * 1.35}l${-size * 1.35} ${-size * 1.35}z`,
    cross: `M${x - size} ${y - size}l${size * 2} ${size * 2}M${x + size} ${y - size}l${-size * 2} ${size * 2}`,
  }[name];
  return d ? svg("path", { class: className + (name === "cross" ? " is-open" : ""), d }) : svg("circle", { class: className, cx: x, cy: y, r: size * 1.1 });
}

const mark = line => svg("svg", { class: "mark", viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" }, shape(line.shape, 6, 6, 3.6, "dot " + line.tone));
