// Messages in the schema of the OpenTelemetry conventions. Addresses are words, never links; nothing is loaded.
const mostShown = 1_600;

function longText(text, className) {
  const block = el("div", { class: "text" + (className ? " " + className : "") });
  const lines = text.split("\n");
  if (text.length <= mostShown && lines.length <= 30) { block.textContent = text; return block; }
  const start = lines.slice(0, 24).join("\n").slice(0, mostShown);
  const body = el("span", { text: start + " …" });
  block.append(body, button("Show all " + count(text.length) + " characters", event => { body.textContent = text; event.target.remove(); }, { class: "link block" }));
  return block;
}

// JSON with its parts in colours, as text.
function jsonBlock(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2) ?? "null";
  const block = el("pre", { class: "json" });
  if (text.length > 60_000) { block.textContent = text; return block; }
  let last = 0;
  for (const match of text.matchAll(/("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b/g)) {
    block.append(text.slice(last, match.index));
    const kind = match[2] ? "name" : match[1] ? "string" : /^[tfn]/.test(match[0]) ? "word" : "digits";
    block.append(el("span", { class: "json-" + kind, text: match[1] ?? match[0] }), match[2] ?? "");
    last = match.index + match[0].length;
  }
  block.append(text.slice(last));
  return block;
}

function folded(summary, content, isOpen, className) {
  return el("details", { class: "fold" + (className ? " " + className : ""), open: isOpen }, el("summary", null, summary), content);
}

function messageView(message, options = {}) {
  if (message?.["llmkit.lost"]) return note("A message is missing: its text is not kept any more.");
  const role = typeof message?.role === "string" ? message.role : "message";
  const parts = Array.isArray(message?.parts) ? message.parts : [];
  const known = ["system", "user", "assistant", "tool"].includes(role) ? role : "other";
  const body = el("div", { class: "parts" }, parts.map(partView));
  if (parts.length === 0) body.append(note("Nothing was said."));
  const head = [el("span", { class: "role", text: role }), message?.name ? el("span", { class: "faint", text: String(message.name) }) : null, options.badge ?? null,
    message?.finish_reason ? chip("finish: " + message.finish_reason, message.finish_reason === "stop" || message.finish_reason === "tool_call" ? null : "warn") : null];
  const isLong = role === "system" && JSON.stringify(parts).length > 400;
  return isLong
    ? el("article", { class: "message role-" + known }, folded([head, el("span", { class: "faint peek", text: peek(parts) })], body, false, "plain"))
    : el("article", { class: "message role-" + known }, el("header", null, head), body);
}

const peek = parts => (parts.find(part => typeof part?.content === "string")?.content ?? "").slice(0, 110) + " …";

function partView(part) {
  const truncated = part?.["llmkit.truncated"];
  const cut = truncated ? note("Cut here: it has " + count(truncated.original_chars) + " characters in all.") : part?.["llmkit.redaction_failed"] ? note("Withheld: its redaction failed.") : null;
  switch (part?.type) {
    case "text": return [longText(String(part.content ?? "")), cut];
    case "reasoning": return folded([el("span", { class: "role", text: "reasoning" }), el("span", { class: "faint peek", text: String(part.content ?? "").slice(0, 90) })], [longText(String(part.content ?? ""), "thought"), cut], false);
    case "tool_call": return folded([chip("calls", "info"), el("code", { text: String(part.name ?? "") }), el("span", { class: "faint peek", text: inline(part.arguments) }), el("span", { class: "faint id", text: part.id ?? "" })], [jsonBlock(part.arguments ?? null), cut], false);
    case "tool_call_response": return folded([chip("result", "good"), el("span", { class: "faint peek", text: inline(part.response) }), el("span", { class: "faint id", text: part.id ?? "" })], [typeof part.response === "string" ? longText(part.response) : jsonBlock(part.response ?? null), cut], false);
    case "blob": return attachment(part.mime_type ?? part.modality ?? "data", bytes(part["llmkit.omitted"]?.bytes) + ", not kept", part["llmkit.omitted"]?.sha256);
    case "uri": return attachment(part.mime_type ?? "address", "not loaded", part.uri);
    case "file": return attachment(part.mime_type ?? "file", "held by the provider", part.file_id);
    case "error": return [chip(part.code ?? "error", "bad"), longText(String(part.content ?? ""), "bad")];
    case "llmkit.truncated": return note(isNumber(part.dropped_messages) ? count(part.dropped_messages) + " messages are left out here." : count(part.dropped_parts) + " parts are left out here.");
    default: return folded([chip(String(part?.type ?? "part"))], jsonBlock(part ?? null), false);
  }
}

function attachment(kind, state, detail) {
  return el("div", { class: "attachment" }, chip(kind), el("span", { class: "faint", text: state }), detail ? el("code", { text: String(detail) }) : null);
}

function documentsView(documents) {
  const items = Array.isArray(documents) ? documents : [];
  if (items.length === 0) return note("No documents were found.");
  const scores = items.map(item => Number(item?.score)).filter(isNumber);
  const most = Math.max(...scores, 0.000001);
  return table("Documents", [{ text: "#", number: true }, { text: "Score", number: true }, { text: "" }, { text: "Document", wide: true }, { text: "Text" }], items.map((item, i) => [
    String(i + 1), figure(Number(item?.score)),
    el("span", { class: "track wide" }, el("span", { class: "bar", at: { width: Math.max(0, Math.min(1, Number(item?.score) / most)) * 100 + "%" } })),
    [el("strong", { text: String(item?.title ?? item?.id ?? "") }), el("div", { class: "faint", text: [item?.title ? item.id : null, item?.uri].filter(text => text).join(" · ") })],
    item?.content ? longText(String(item.content)) : el("span", { class: "faint", text: inline(Object.fromEntries(Object.entries(item ?? {}).filter(([name]) => !["id", "score", "title", "uri"].includes(name)))) }),
  ]));
}

// The template with its variables marked, and the same with their values put in.
function promptView(prompt, record) {
  const known = record.promptVariables;
  const isLost = !!known?.["llmkit.lost"];
  const variables = known && typeof known === "object" && !isLost ? known : {};
  const text = typeof prompt?.template === "string" ? prompt.template : "";
  const put = isRendered => el("div", { class: "text template" }, text.split(/(\{\{\s*[\p{L}\p{N}_.-]+\s*\}\})/u).map(piece => {
    const name = /^\{\{\s*([\p{L}\p{N}_.-]+)\s*\}\}$/u.exec(piece)?.[1];
    if (!name) return piece;
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return el("mark", { class: value === undefined ? "unset" : null, title: name, text: isRendered && value !== undefined ? wordOf(value) : piece });
  }));
  const wordOf = value => typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
  const cut = prompt?.["llmkit.truncated"] ? note("Cut here: it has " + count(prompt["llmkit.truncated"].original_chars) + " characters in all.")
    : prompt?.["llmkit.redaction_failed"] ? note("Withheld: its redaction failed.") : null;
  return [
    el("p", { class: "facts" }, record.promptName ? chip(record.promptName + (record.promptVersion ? " · " + record.promptVersion : ""), "info") : null),
    el("div", { class: "columns" },
      el("section", null, el("h3", { text: "Template" }), text ? put(false) : note("The template's text is not kept."), cut),
      el("section", null, el("h3", { text: "Rendering" }), put(true))),
    el("h3", { text: "Variables" }),
    isLost ? note("They are missing: their text is not kept any more.") : Object.keys(variables).length === 0 ? note("It has none.") : table("Variables", [{ text: "Name" }, { text: "Value" }],
      Object.entries(variables).map(([name, value]) => [el("code", { text: name }), typeof value === "string" ? longText(value) : jsonBlock(value)])),
  ];
}
