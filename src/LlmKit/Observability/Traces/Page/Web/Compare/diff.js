// The longest common subsequence, with a bound on its cost: what is too large to compare is cut at lines that stand once in both.
const mostCells = 4_000_000;
const mostWordCells = 250_000;

function diffLines(left, right) {
  return diffItems(left.split("\n"), right.split("\n"), mostCells);
}

// Gives runs of { kind: "same" | "left" | "right", items }.
function diffItems(left, right, cells) {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end++;
  const a = left.slice(start, left.length - end);
  const b = right.slice(start, right.length - end);
  const middle = a.length * b.length <= cells ? diffBySteps(a, b) : diffByAnchors(a, b, cells);
  return merge([{ kind: "same", items: left.slice(0, start) }, ...middle, { kind: "same", items: left.slice(left.length - end) }]);
}

function diffBySteps(a, b) {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
  const runs = [];
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { runs.push({ kind: "same", items: [a[i]] }); i++; j++; }
    else if (j === b.length || (i < a.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) runs.push({ kind: "left", items: [a[i++]] });
    else runs.push({ kind: "right", items: [b[j++]] });
  }
  return runs;
}

function diffByAnchors(a, b, cells) {
  const places = new Map();
  a.forEach((item, i) => places.set(item, places.has(item) ? -1 : i));
  const counts = new Map();
  b.forEach(item => counts.set(item, (counts.get(item) ?? 0) + 1));
  const runs = [];
  let fromA = 0, fromB = 0;
  for (let j = 0; j < b.length; j++) {
    const i = places.get(b[j]) ?? -1;
    if (i < fromA || counts.get(b[j]) > 1) continue;
    runs.push(...between(a.slice(fromA, i), b.slice(fromB, j), cells), { kind: "same", items: [b[j]] });
    fromA = i + 1;
    fromB = j + 1;
  }
  runs.push(...between(a.slice(fromA), b.slice(fromB), cells));
  return runs;
}

function between(a, b, cells) {
  return a.length * b.length <= cells ? diffBySteps(a, b) : [{ kind: "left", items: a }, { kind: "right", items: b }];
}

function merge(runs) {
  const merged = [];
  for (const run of runs) {
    if (run.items.length === 0) continue;
    const last = merged[merged.length - 1];
    if (last?.kind === run.kind) for (const item of run.items) last.items.push(item);
    else merged.push({ kind: run.kind, items: [...run.items] });
  }
  return merged;
}

const wordsOf = text => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

// Rows of a side-by-side view: pairs of lines, the words that differ marked.
function pairLines(left, right) {
  const rows = [];
  let gone = [];
  const flush = come => {
    for (let i = 0; i < Math.max(gone.length, come.length); i++) {
      const pair = { kind: "changed", left: gone[i], right: come[i] };
      if (pair.left !== undefined && pair.right !== undefined) Object.assign(pair, markWords(pair.left, pair.right));
      rows.push(pair);
    }
    gone = [];
  };
  for (const run of diffLines(left, right)) {
    if (run.kind === "left") { flush([]); gone = run.items; }
    else if (run.kind === "right") flush(run.items);
    else { flush([]); for (const line of run.items) rows.push({ kind: "same", left: line, right: line }); }
  }
  flush([]);
  return rows;
}

function markWords(left, right) {
  const a = wordsOf(left), b = wordsOf(right);
  if (a.length * b.length > mostWordCells) return {};
  const runs = diffItems(a, b, mostWordCells);
  const same = runs.filter(run => run.kind === "same").reduce((sum, run) => sum + run.items.join("").trim().length, 0);
  // Lines that share next to nothing read better whole.
  if (same * 4 < Math.min(left.length, right.length)) return {};
  const side = kind => runs.filter(run => run.kind === "same" || run.kind === kind).map(run => ({ isMarked: run.kind === kind, text: run.items.join("") }));
  return { leftWords: side("left"), rightWords: side("right") };
}
