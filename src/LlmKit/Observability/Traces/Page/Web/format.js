const isNumber = value => typeof value === "number" && Number.isFinite(value);

function duration(ms) {
  if (!isNumber(ms)) return "–";
  if (ms === 0) return "0 ms";
  if (ms < 1) return ms.toFixed(2) + " ms";
  if (ms < 10) return ms.toFixed(1) + " ms";
  if (ms < 1000) return Math.round(ms) + " ms";
  if (ms < 10_000) return (ms / 1000).toFixed(2) + " s";
  if (ms < 60_000) return (ms / 1000).toFixed(1) + " s";
  return Math.floor(ms / 60_000) + " min " + Math.round(ms % 60_000 / 1000) + " s";
}

function usd(value) {
  if (!isNumber(value)) return "–";
  if (value === 0) return "$0";
  if (value < 0.000001) return "<$0.000001";
  if (value < 0.01) return "$" + value.toFixed(6);
  if (value < 1) return "$" + value.toFixed(4);
  return "$" + value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

const count = value => isNumber(value) ? value.toLocaleString("en-US") : "–";
const percent = value => isNumber(value) ? (value * 100).toFixed(value > 0 && value < 0.1 ? 1 : 0) + " %" : "–";
const figure = value => isNumber(value) ? String(Math.round(value * 1000) / 1000) : "–";

function bytes(value) {
  if (!isNumber(value)) return "–";
  if (value < 1000) return value + " B";
  return value < 1e6 ? (value / 1e3).toFixed(1) + " kB" : (value / 1e6).toFixed(1) + " MB";
}

function short(value) {
  if (!isNumber(value)) return "–";
  if (value < 1000) return String(value);
  return value < 1e6 ? (value / 1e3).toFixed(value < 1e4 ? 1 : 0) + "k" : (value / 1e6).toFixed(1) + "M";
}

const two = value => String(value).padStart(2, "0");
const clock = time => two(time.getHours()) + ":" + two(time.getMinutes()) + ":" + two(time.getSeconds());
const day = time => time.toLocaleDateString("en-GB", { day: "2-digit", month: "short" });
const moment = ms => { const time = new Date(ms); return day(time) + " " + clock(time); };
const dayOf = ms => new Date(ms).toDateString();
const millis = ms => "." + String(new Date(ms).getMilliseconds()).padStart(3, "0");
const exact = ms => { const time = new Date(ms); return time.getFullYear() + "-" + two(time.getMonth() + 1) + "-" + two(time.getDate()) + " " + clock(time) + "." + String(time.getMilliseconds()).padStart(3, "0"); };

const startOf = trace => trace.at ??= Date.parse(trace.startedAt);
const isHit = trace => trace.marks?.includes("cached") ?? false;
const isBlocked = trace => trace.marks?.includes("blocked") ?? false;
const isBad = trace => trace.status === "failed" || isBlocked(trace);
const modelOf = trace => trace.model ?? trace.requestModel ?? trace.responseModel;
// "LlmKit.BudgetExceededException" is "BudgetExceeded" to a reader; the whole name stands beside it.
const errorName = type => type?.replace(/^.*[.+](?=[A-Z])/, "").replace(/(?<=.)Exception$/, "");
const titleOf = trace => trace.kind === "chat" && trace.feature && !trace.purpose ? trace.feature : trace.name;

// What a call asked for itself, such as a judge, stands in the figures of that call: it counts only where that one is missing.
function counted(records) {
  const ids = new Set(records.map(record => record.id));
  return records.filter(record => !record.purpose || !ids.has(record.parentId));
}

const markTones = { blocked: "bad", truncated: "warn", filtered: "warn", unverified: "warn", fallback: "warn", cached: "good", repaired: "info", rewritten: "info", shrunk: "info" };
const statusTones = { failed: "bad", cancelled: "warn", abandoned: "warn", open: "info", completed: "good" };
const kindLetters = { chat: "C", tool: "T", retrieval: "R", agent: "A", workflow: "W", embeddings: "E", other: "·" };

const kindBadge = kind => el("span", { class: "kind kind-" + (kind in kindLetters ? kind : "other"), title: kind, "aria-hidden": "true", text: kindLetters[kind] ?? "·" });

// A stretch of time as people say it: "15 min".
const stretch = ms => ms % 86400e3 === 0 ? ms / 86400e3 + (ms === 86400e3 ? " day" : " days") : ms % 3600e3 === 0 ? ms / 3600e3 + " h" : ms % 60e3 === 0 ? ms / 60e3 + " min" : ms / 1000 + " s";

// The nearest rank: the value that a share of all does not exceed.
function quantile(sorted, share) {
  return sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

// One-line JSON for people: what a tool was called with.
function inline(value, most = 120) {
  const text = value && typeof value === "object" && !Array.isArray(value)
    ? Object.entries(value).map(([name, item]) => name + ": " + (JSON.stringify(item) ?? "null")).join(", ")
    : JSON.stringify(value) ?? "";
  return text.length > most ? text.slice(0, most) + "…" : text;
}
