const mostSorted = 5_000;

function liveSource(index) {
  async function ask(path, query) {
    const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== "");
    const answer = await fetch(index.api + path + (pairs.length ? "?" + new URLSearchParams(pairs) : ""), { headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store" });
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error("The server answered with status " + answer.status + ".");
    return answer.json();
  }

  function query(filters) {
    const { text, range, status, hit, minDuration, trace, ...same } = filters;
    return {
      ...same, text, traceId: trace,
      from: ranges[range] ? new Date(Date.now() - ranges[range]).toISOString() : "",
      status: status === "bad" ? "" : status,
      bad: status === "bad" ? "true" : "",
      hit: hit ? String(hit === "yes") : "",
      minDurationMs: minDuration ? Number(minDuration) * 1000 : "",
    };
  }

  const groups = async (filters, by, every) => {
    const answer = await ask("/groups", { ...query(filters), by, every: every ? every / 1000 : "" });
    // Of very many groups some have no stretch of time: they have no place in a chart.
    return (answer?.groups ?? []).filter(sums => !every || sums.from).map(sums => ({ ...sums, name: sums.name ?? null, from: sums.from ? Date.parse(sums.from) : null }));
  };

  const read = async (filters, after, limit) => {
    const page = await ask("/traces", { ...query(filters), limit, after });
    return { rows: page?.traces ?? [], next: page?.next ?? null };
  };

  return {
    isLive: true,
    title: index.title,
    leftOut: 0,
    list: async (filters, after, sort) => {
      if (isByNewest(sort)) return read(filters, after, 200);
      // The store gives the newest first; any other order is of what was read, and says so where that is not all.
      let rows = [], next = null;
      do {
        const page = await read(filters, next ?? undefined, 1_000);
        rows = rows.concat(page.rows);
        next = page.next;
      } while (next && rows.length < mostSorted);
      return { rows: sorted(rows, sort), next: null, sortedOf: next ? rows.length : null };
    },
    get: id => ask("/traces/" + encodeURIComponent(id)),
    trace: async traceId => (await ask("/trace/" + encodeURIComponent(traceId)))?.traces ?? [],
    groups,
    values: async name => (await groups({}, name, null)).map(sums => sums.name).filter(name => name && name !== "_other").sort(),
    score: async (id, value) => {
      const answer = await fetch(index.api + "/traces/" + encodeURIComponent(id) + "/scores", {
        method: "POST", headers: { "Content-Type": "application/json" }, credentials: "same-origin", body: JSON.stringify({ value, name: "review", source: "viewer" }),
      });
      if (!answer.ok) throw new Error("The score was refused with status " + answer.status + ".");
    },
  };
}
