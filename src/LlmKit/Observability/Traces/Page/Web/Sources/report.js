// Where traces come from: blocks of this file, or an address of this origin. Both answer the same questions.
const filterNames = ["text", "range", "kind", "status", "model", "tenant", "feature", "user", "tag", "error", "hit", "minCost", "minDuration", "minScore", "maxScore", "trace"];
const ranges = { "15m": 900e3, "1h": 3600e3, "6h": 6 * 3600e3, "24h": 86400e3, "7d": 7 * 86400e3, "30d": 30 * 86400e3 };

function readBlock(id) {
  const block = document.getElementById(id);
  if (!block) return null;
  try { return JSON.parse(block.textContent); } catch { return null; }
}

function reportSource(index) {
  const rows = index.rows ?? [];
  rows.forEach((row, i) => { row.place = i; });
  const places = new Map(rows.map((row, i) => [row.id, i]));
  const own = counted(rows);
  const newest = own.reduce((latest, row) => Math.max(latest, startOf(row)), 0);
  const order = [...own].sort((a, b) => startOf(b) - startOf(a));
  const records = new Map();

  function record(place) {
    if (!records.has(place)) records.set(place, readBlock("r" + place));
    return records.get(place);
  }

  function resolve(found) {
    const get = hash => hash === undefined ? undefined : readBlock("m" + hash) ?? { "llmkit.lost": true };
    const whole = { ...found };
    for (const name of ["options", "instructions", "tools", "prompt", "promptVariables", "documents"]) if (name in found) whole[name] = get(found[name]);
    for (const name of ["input", "output"]) if (name in found) whole[name] = found[name].map(get);
    return whole;
  }

  // The first search reads every text once.
  const lowered = new Map();
  const stringsOf = value => typeof value === "string" ? value : value && typeof value === "object" ? Object.entries(value).map(([name, item]) => name + "\n" + stringsOf(item)).join("\n") : String(value);
  function said(text) {
    const needle = text.toLowerCase();
    if (lowered.size === 0) for (const block of document.querySelectorAll("script[id^=m]")) lowered.set(block.id.slice(1), stringsOf(readBlock(block.id)).toLowerCase());
    const hashes = new Set();
    for (const [hash, content] of lowered) if (content.includes(needle)) hashes.add(hash);
    return row => {
      if (hashes.size === 0) return false;
      const found = record(row.place);
      return !!found && [found.options, found.instructions, found.tools, found.prompt, found.promptVariables, found.documents, ...found.input ?? [], ...found.output ?? []].some(hash => hashes.has(hash));
    };
  }

  function select(filters) {
    const tests = testsOf(filters, newest);
    if (filters.text) {
      const text = filters.text.toLowerCase();
      const inContent = said(filters.text);
      const names = ["id", "traceId", "name", "feature", "tenant", "user", "model", "requestModel", "responseModel", "promptName", "interaction", "conversation", "errorType"];
      tests.push(row => names.some(name => row[name]?.toLowerCase().includes(text)) || inContent(row));
    }
    return tests.length === 0 ? order : order.filter(row => tests.every(test => test(row)));
  }

  return {
    isLive: false,
    title: index.title,
    leftOut: index.leftOut ?? 0,
    maxBytes: index.maxBytes,
    total: own.length,
    list: async (filters, after, sort) => ({ rows: sorted(select(filters), sort), next: null }),
    get: async id => { const found = places.has(id) ? record(places.get(id)) : null; return found && resolve(found); },
    trace: async traceId => rows.filter(row => row.traceId === traceId).map(row => record(row.place) ?? row),
    groups: async (filters, by, every) => group(select(filters), by, every),
    values: async name => [...new Set(own.map(row => name === "model" ? modelOf(row) : row[name]).filter(value => value))].sort(),
  };
}

// What a list can be sorted by. What has no value comes last, whichever way it is sorted.
const sortValues = { started: startOf, duration: row => row.durationMs, tokens: row => isNumber(row.inputTokens) ? row.inputTokens + row.outputTokens : null, cost: row => row.cost };
const isByNewest = sort => !sort || (sort.by === "started" && !sort.isUp);

function sorted(rows, sort) {
  if (isByNewest(sort)) return rows;
  const value = sortValues[sort.by], way = sort.isUp ? 1 : -1;
  return [...rows].sort((a, b) => {
    const left = value(a), right = value(b);
    return isNumber(left) && isNumber(right) ? (left - right) * way : isNumber(left) ? -1 : isNumber(right) ? 1 : 0;
  });
}

function testsOf(filters, now) {
  const tests = [];
  const equal = (name, read) => { if (filters[name]) tests.push(row => read(row) === filters[name]); };
  if (ranges[filters.range]) tests.push(row => startOf(row) >= now - ranges[filters.range]);
  for (const name of ["kind", "tenant", "feature", "user"]) equal(name, row => row[name]);
  equal("trace", row => row.traceId);
  equal("error", row => row.errorType);
  if (filters.status === "bad") tests.push(isBad); else equal("status", row => row.status);
  if (filters.model) tests.push(row => [row.model, row.requestModel, row.responseModel].includes(filters.model));
  if (filters.hit) tests.push(row => isHit(row) === (filters.hit === "yes"));
  if (filters.tag) {
    const [name, ...rest] = filters.tag.split("=");
    tests.push(row => row.tags && Object.hasOwn(row.tags, name) && (rest.length === 0 || row.tags[name] === rest.join("=")));
  }
  const least = (name, read, unit = 1) => { if (filters[name] && isNumber(Number(filters[name]))) tests.push(row => read(row) >= Number(filters[name]) * unit); };
  least("minCost", row => row.cost ?? -1);
  least("minDuration", row => row.durationMs, 1000);
  least("minScore", row => row.score ?? -1);
  if (filters.maxScore && isNumber(Number(filters.maxScore))) tests.push(row => isNumber(row.score) && row.score <= Number(filters.maxScore));
  return tests;
}

function group(rows, by, every) {
  const groups = new Map();
  for (const row of rows) {
    const name = by === "nothing" ? null : (by === "model" ? modelOf(row) : row[by]) ?? null;
    const from = every ? Math.floor(startOf(row) / every) * every : null;
    const key = from + "\n" + (name === null ? "" : "=" + name);
    let sums = groups.get(key);
    if (!sums) groups.set(key, sums = { name, from, calls: 0, failures: 0, blocked: 0, bad: 0, hits: 0, cost: 0, unpriced: 0, inputTokens: 0, outputTokens: 0, durations: [] });
    sums.calls++;
    sums.failures += row.status === "failed" ? 1 : 0;
    sums.blocked += isBlocked(row) ? 1 : 0;
    sums.bad += isBad(row) ? 1 : 0;
    sums.hits += isHit(row) ? 1 : 0;
    if (isNumber(row.cost)) sums.cost += row.cost; else sums.unpriced++;
    sums.inputTokens += row.inputTokens ?? 0;
    sums.outputTokens += row.outputTokens ?? 0;
    sums.durations.push(row.durationMs);
  }
  for (const sums of groups.values()) {
    const sorted = Float64Array.from(sums.durations).sort();
    sums.p50Ms = quantile(sorted, 0.5);
    sums.p95Ms = quantile(sorted, 0.95);
    delete sums.durations;
  }
  return [...groups.values()].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
}
