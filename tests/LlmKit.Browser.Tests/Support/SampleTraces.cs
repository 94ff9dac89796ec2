using LlmKit.Calls;
using LlmKit.Observability.Traces;

namespace LlmKit.Browser.Tests.Support;

/// <summary>Makes traces as a support desk would leave them: several tenants, features and models, and everything that happens to calls. The same seed gives the same.</summary>
internal sealed class SampleTraces(int seed = 7)
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 18, 6, 0, 0, TimeSpan.Zero);

    private static readonly string[] Tenants = ["acme", "globex", "initech", "umbrella", "hooli"];
    private static readonly string[] Features = ["triage", "draft-reply", "summarise", "answer-docs", "extract-invoice"];
    private static readonly (string Name, string Id, string Provider, decimal Input, decimal Output)[] Models =
    [
        ("small", "gpt-5-mini-2026-08-07", "openai", 0.25m, 2m),
        ("strong", "claude-opus-4-5", "anthropic", 5m, 25m),
        ("fast", "gemini-3-flash", "gcp.gemini", 0.3m, 2.5m),
        ("local", "qwen3-14b", "vllm", 0m, 0m),
    ];

    private readonly Random _chance = new(seed);
    private int _number;

    /// <summary>Gives at least as many records as asked for, spread over three days, the latest last.</summary>
    public List<TraceRecord> Take(int records)
    {
        var all = new List<TraceRecord>(records + 16);
        var every = TimeSpan.FromDays(3) / Math.Max(1, records);
        while (all.Count < records)
        {
            var hour = (Begin + every * all.Count).Hour;
            var at = Begin + every * all.Count + TimeSpan.FromMilliseconds(_chance.Next(0, hour is > 7 and < 19 ? 20_000 : 90_000));
            if (_chance.NextDouble() < 0.04)
                all.AddRange(Agent(at));
            else
                all.Add(Call(at));
        }

        return all;
    }

    /// <summary>An agent that looks documents up, calls tools, and meets a model that is overloaded.</summary>
    public List<TraceRecord> Agent(DateTimeOffset at)
    {
        var trace = Hex(16);
        var root = Hex(8);
        var tenant = Pick(Tenants);
        var order = $"A-{_chance.Next(10_000, 99_999)}";
        TraceMessage system = Say("system", "You are the support agent of a web shop. Look things up before you answer. Be brief, be kind, never promise a refund that the policy does not give."
            + string.Concat(Enumerable.Repeat(" Quote the policy by its number. Ask one question at a time.", 8)));
        var question = Say("user", $"Hi, my order {order} arrived with a broken lid. Can I send it back, and who pays for the parcel?");
        var lookup = Json("""{"role":"assistant","parts":[{"type":"reasoning","content":"The customer wants to return a damaged item. I need the order's date and the policy on damaged goods."},{"type":"tool_call","id":"call_1","name":"get_order","arguments":{"order_id":"ORDER","include":["items","shipping"]}},{"type":"tool_call","id":"call_2","name":"search_policy","arguments":{"query":"return damaged item shipping cost"}}],"finish_reason":"tool_call"}""".Replace("ORDER", order, StringComparison.Ordinal));
        var results = Json("""{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":{"order_id":"ORDER","placed":"2026-11-02","items":[{"sku":"POT-24","name":"Cast-iron pot, 24 cm","price":89.0}],"shipping":{"carrier":"DHL","delivered":"2026-11-16"}}},{"type":"tool_call_response","id":"call_2","response":"§ 7.2 Damaged goods: return within 30 days of delivery, the shop pays for the parcel. § 7.4 A photo is needed for items above 50 EUR."}]}""".Replace("ORDER", order, StringComparison.Ordinal));
        var answer = Json("""{"role":"assistant","parts":[{"type":"text","content":"I'm sorry about the lid! Yes, you can send the pot back until 16 December, and **we pay for the parcel** (§ 7.2).\n\nSince it cost more than 50 EUR, please send us a photo of the damage first (§ 7.4). Shall I e-mail you the label?"}],"finish_reason":"stop"}""");
        var options = Json("""{"temperature":0.2,"max_tokens":1024,"tool_choice":"auto"}""");
        var tools = Json("""[{"type":"function","name":"get_order","description":"Gives an order with its items and its shipping.","parameters":{"type":"object","properties":{"order_id":{"type":"string"},"include":{"type":"array","items":{"enum":["items","shipping","payments"]}}},"required":["order_id"]}},{"type":"function","name":"search_policy","description":"Finds paragraphs of the policy.","parameters":{"type":"object","properties":{"query":{"type":"string"}},"required":["query"]}}]""");
        TraceRecord Basis(TraceKind kind, string name, int startMs, int lengthMs, string? parent) => new()
        {
            Id = Hex(8),
            TraceId = trace,
            SpanId = Hex(8),
            ParentSpanId = parent,
            Kind = kind,
            Name = name,
            StartedAt = at.AddMilliseconds(startMs),
            Duration = Ms(lengthMs),
            Tenant = tenant,
            User = "u" + _chance.Next(100, 180),
            Feature = "support-agent",
            Pipeline = "support",
            Interaction = trace[..12],
            Status = CallStatus.Completed,
        };

        var first = Basis(TraceKind.Chat, "chat small", 24, 1_420, root) with
        {
            Model = "small",
            RequestModel = "gpt-5-mini",
            ResponseModel = Models[0].Id,
            Provider = "openai",
            FinishReason = "tool_calls",
            Instructions = system,
            Input = [question],
            Output = [lookup],
            Options = options,
            Tools = tools,
            Usage = new() { Input = 1_204, CachedInput = 896, Output = 148, Reasoning = 64 },
            Cost = 0.000395m,
            FirstContent = Ms(610),
            IsStreaming = true,
            Fingerprint = "fp_7c1d",
            Attempts = [Attempt(0, 24, 1_390, 1_204, 148, cached: 896, reasoning: 64)],
            Steps = [Rail("redacted", "input", "EMAIL", 1, 0.9, 3), Step("cache", "bypass", 6, "the request has tools"), Chosen("small", 9, 0.71)],
        };
        var order1 = Basis(TraceKind.Tool, "execute_tool get_order", 1_470, 190, root);
        var search = Basis(TraceKind.Tool, "execute_tool search_policy", 1_474, 640, root);
        var embed = Basis(TraceKind.Embeddings, "embeddings embed-3-small", 1_490, 96, search.SpanId) with { RequestModel = "embed-3-small", Model = "embed", Provider = "openai", Usage = new() { Input = 9 }, Cost = 0.0000002m };
        var found = Basis(TraceKind.Retrieval, "retrieval policies", 1_600, 420, search.SpanId) with
        {
            Documents = Json("""[{"id":"policy#7.2","score":0.871,"title":"§ 7.2 Damaged goods","uri":"kb://policy/7.2","content":"Damaged goods may be returned within 30 days of delivery. The shop pays for the parcel."},{"id":"policy#7.4","score":0.812,"title":"§ 7.4 Proof of damage","uri":"kb://policy/7.4","content":"For items above 50 EUR a photo of the damage is needed."},{"id":"policy#7.1","score":0.644,"title":"§ 7.1 Change of mind","uri":"kb://policy/7.1","content":"Unused goods may be returned within 14 days. The customer pays for the parcel."},{"id":"faq#31","score":0.402,"title":"How do I print a label?","uri":"kb://faq/31"}]"""),
        };
        var second = Basis(TraceKind.Chat, "chat small", 2_150, 5_260, root) with
        {
            Model = "strong",
            RequestModel = "gpt-5-mini",
            ResponseModel = Models[1].Id,
            Provider = "anthropic",
            FinishReason = "stop",
            Instructions = system,
            Input = [question, lookup, results],
            Output = [answer],
            Options = options,
            Tools = tools,
            Usage = new() { Input = 2_998, CachedInput = 896, Output = 126 },
            Cost = 0.01074m,
            FirstContent = Ms(3_980),
            IsStreaming = true,
            Marks = AnswerMarks.Fallback,
            Attempts =
            [
                Attempt(0, 30, 640, 1_480, 0, failure: "overloaded", status: 529),
                Attempt(0, 1_120, 980, 1_480, 0, failure: "overloaded", status: 529),
                Attempt(1, 2_180, 3_040, 1_518, 126),
            ],
            Steps =
            [
                Rail("flagged", "tool-result", "injection", 1, 0.34, 4), Step("cache", "bypass", 8, "the request has tools"), Chosen("small", 12, 0.66),
                Step("resilience", "retry", 672, "overloaded", ("llmkit.model", "small"), ("llmkit.resilience.attempt", "2"), ("llmkit.resilience.wait_seconds", "0.45")),
                Step("resilience", "give-up", 2_104, "attempts are used up", ("llmkit.model", "small"), ("llmkit.resilience.attempt", "2")),
                Step("router", "fallback", 2_110, "failed: Overloaded", ("llmkit.model", "small")), Step("router", "chosen", 2_112, null, ("llmkit.model", "strong")),
                Step("budget", "reserved", 2_114, null, ("llmkit.budget.limit", "daily")), Rail("allowed", "output", "prompt-leak", 0, null, 5_240),
            ],
            Scores = [new(0.9, at.AddSeconds(40), "solved", "helpful")],
        };
        var agent = Basis(TraceKind.Agent, "invoke_agent support", 0, 7_450, null) with { SpanId = root, Usage = first.Usage + second.Usage };
        return [agent, first, order1, search, embed, found, second];
    }

    /// <summary>One call, with whatever befalls it.</summary>
    public TraceRecord Call(DateTimeOffset at)
    {
        var feature = Pick(Features);
        var tenant = Tenants[(int)(_chance.NextDouble() * _chance.NextDouble() * Tenants.Length)];
        var which = feature switch { "extract-invoice" => 1, "triage" => _chance.Next(0, 2) * 3, "answer-docs" => 2, _ => _chance.Next(0, 3) };
        var (model, id, provider, _, _) = Models[which];
        var input = _chance.Next(180, 5_200);
        var output = _chance.Next(40, 900);
        var took = 240 + (int)(output * (which == 1 ? 7.5 : 3.2) * (0.6 + _chance.NextDouble())) + (at.Hour is 14 or 15 && at.Day == 19 ? 4_000 : 0);
        var luck = _chance.NextDouble();
        var (question, answer) = Texts(feature);
        var attempt = Attempt(which, 11, took - 20, input, output, cached: _chance.Next(0, 3) == 0 ? input / 2 : 0);
        var record = new TraceRecord
        {
            Id = Hex(8),
            TraceId = Hex(16),
            SpanId = Hex(8),
            Kind = TraceKind.Chat,
            Name = "chat " + id.Split('-')[0] + "-" + id.Split('-')[1],
            Pipeline = "support",
            Feature = feature,
            Tenant = tenant,
            User = "u" + _chance.Next(100, 180),
            Tags = luck < 0.3 ? new Dictionary<string, string> { ["channel"] = luck < 0.15 ? "mail" : "chat" } : new Dictionary<string, string>(),
            StartedAt = at,
            Duration = Ms(took),
            FirstContent = _chance.Next(2) == 0 ? Ms(took / 4.0) : null,
            IsStreaming = true,
            RequestModel = id,
            Model = model,
            ResponseModel = id,
            Provider = provider,
            Fingerprint = "fp_" + _chance.Next(4),
            FinishReason = "stop",
            Status = CallStatus.Completed,
            Usage = attempt.Usage,
            Cost = attempt.Cost,
            Attempts = [attempt],
            Instructions = Say("system", $"You do the task '{feature}' for customers of {tenant}. Answer in the customer's language."),
            Input = [Say("user", question)],
            Output = [Say("assistant", answer, "stop")],
            Options = Json($$"""{"temperature":{{(luck < 0.5 ? "0" : "0.7")}},"max_tokens":1024}"""),
            PromptName = feature,
            PromptVersion = at.Day < 20 ? "v3" : "v4",
            Prompt = Json("""{"template":"You do the task '{{feature}}' for customers of {{tenant}}.\nAnswer in the customer's language."}"""),
            PromptVariables = Json($$"""{"feature":"{{feature}}","tenant":"{{tenant}}"}"""),
            Steps = [Step("cache", "miss", 4, null, ("llmkit.cache.tier", "semantic"), ("llmkit.cache.similarity", "0.81"), ("llmkit.cache.threshold", "0.93")), Chosen(model, 9, Math.Round(0.55 + luck * 0.4, 2)), Step("cache", "stored", took)],
            Scores = luck is > 0.30 and < 0.36 ? [new(luck < 0.32 ? 0 : 1, at.AddMinutes(3), luck < 0.32 ? "wrong" : "good", "helpful")] : [],
        };
        return Befall(record, luck, which);
    }

    private static TraceRecord Befall(TraceRecord record, double luck, int which) => luck switch
    {
        < 0.16 => record with
        {
            Marks = AnswerMarks.Cached,
            Attempts = [],
            Usage = default,
            Cost = 0,
            Duration = Ms(3 + luck * 40),
            FirstContent = null,
            Steps = [Step("cache", "hit", 2, null, ("llmkit.cache.tier", luck < 0.08 ? "exact" : "semantic"), ("llmkit.cache.similarity", luck < 0.08 ? "1" : "0.957"), ("llmkit.cache.threshold", "0.93"), ("llmkit.cache.age_seconds", "312"))],
        },
        > 0.97 => record with
        {
            Status = CallStatus.Failed,
            ErrorType = "rate_limited",
            FinishReason = null,
            Output = [],
            Cost = 0,
            Usage = default,
            Attempts = [Attempt(which, 12, 320, 0, 0, failure: "rate_limited", status: 429), Attempt(which, 1_020, 300, 0, 0, failure: "rate_limited", status: 429)],
            Steps = [Chosen(Models[which].Name, 9, 0.6), Step("resilience", "retry", 340, "rate limited", ("llmkit.resilience.wait_seconds", "0.68")), Step("resilience", "give-up", 1_330, "the deadline is near")],
        },
        > 0.95 => record with
        {
            Marks = AnswerMarks.Blocked,
            Attempts = [],
            Usage = default,
            Cost = 0,
            Duration = Ms(2.4),
            Output = [Say("assistant", "I cannot help with that.", "content_filter")],
            Steps = [Rail("blocked", "input", "prompt-injection", 2, 0.94, 1.8)],
        },
        > 0.92 => record with
        {
            Attempts = [record.Attempts[0], Attempt(2, 900, 700, 800, 120)],
            Steps = [Chosen(record.Model!, 9, 0.6), Step("hedging", "hedged", 900, "slow", ("llmkit.model", "fast")), Step("hedging", "hedge-lost", 1_600, null, ("llmkit.model", "fast"))],
        },
        > 0.90 => record with { Marks = AnswerMarks.Truncated, FinishReason = "length", Cost = null, Attempts = [record.Attempts[0] with { Cost = null, PriceVersion = null, IsEstimated = true }] },
        > 0.87 => record with
        {
            Model = "strong",
            Steps =
            [
                Chosen("small", 9, 0.52), Step("router", "escalated", 800, "the judge did not accept it", ("llmkit.model", "small"), ("llmkit.routing.check", "judge"), ("llmkit.routing.score", "0.41"), ("llmkit.routing.threshold", "0.7")),
                Step("router", "accepted", 2_000, null, ("llmkit.model", "strong"), ("llmkit.routing.check", "judge"), ("llmkit.routing.score", "0.88"), ("llmkit.routing.threshold", "0.7")),
            ],
            Attempts = [Attempt(0, 11, 600, 900, 130), Attempt(0, 620, 170, 1_100, 4) with { Purpose = "judge" }, Attempt(1, 810, 1_100, 900, 160), Attempt(0, 1_920, 80, 1_150, 4) with { Purpose = "judge" }],
        },
        _ => record,
    };

    private static TraceAttempt Attempt(int model, double start, double took, int input, int output, int cached = 0, int reasoning = 0, string? failure = null, int? status = null)
    {
        var (name, _, provider, inputPrice, outputPrice) = Models[model];
        return new()
        {
            Model = name,
            Provider = provider,
            Started = Ms(start),
            Duration = Ms(took),
            FirstContent = failure is null ? Ms(took * 0.3) : null,
            Failure = failure,
            Status = status,
            Usage = failure is null ? new() { Input = input, CachedInput = cached, Output = output, Reasoning = reasoning } : default,
            Cost = failure is null ? ((input - cached) * inputPrice + cached * inputPrice / 10 + output * outputPrice) / 1_000_000m : 0,
            PriceVersion = "2026-11-01",
        };
    }

    private (string Question, string Answer) Texts(string feature) => feature switch
    {
        "triage" => ($"Ticket {_chance.Next(1_000, 9_999)}: \"The app signs me out every few minutes since the update. It's driving me mad.\" Which queue?", """{"queue":"mobile","priority":"high","reason":"sign-out loop after an update"}"""),
        "draft-reply" => ($"Write a reply to: \"Where is my parcel {_chance.Next(100_000, 999_999)}? It was due on Monday.\"", "Dear customer,\n\nyour parcel left our warehouse on Friday and is with the carrier. It should reach you by Thursday.\n\nWe are sorry for the delay.\n\nKind regards"),
        "summarise" => ("Summarise this thread in three points.\n\n" + string.Join("\n", Enumerable.Range(1, _chance.Next(8, 50)).Select(i => $"[{i}] {(i % 2 == 0 ? "Agent" : "Customer")}: message number {i} about the invoice of {Begin.AddDays(-i):d MMMM}.")), "- The customer disputes the invoice of October.\n- The agent found that it was sent twice.\n- A credit note is promised for Friday."),
        "answer-docs" => ("How do I rotate the signing key without signing everybody out?", "Add the new key next to the old one, wait until all tokens of the old key have expired, and then remove it. See *Key rotation* in the handbook."),
        _ => ("Extract the fields of the attached invoice.", $$"""{"number":"INV-{{_chance.Next(1_000, 9_999)}}","total":{{_chance.Next(20, 4_000)}}.50,"currency":"EUR","due":"2026-12-01"}"""),
    };

    private static TraceStep Step(string stage, string decision, double at, string? reason = null, params (string Name, string Value)[] facts) =>
        new(stage, decision, reason) { At = Ms(at), Facts = facts.ToDictionary(fact => fact.Name, fact => fact.Value) };

    private static TraceStep Chosen(string model, double at, double score) => Step(
        "router", "chosen", at, null, ("llmkit.model", model), ("llmkit.routing.score", score.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("llmkit.routing.threshold", "0.5"), ("llmkit.routing.policy", "learned"), ("llmkit.routing.policy.version", "14"), ("llmkit.routing.propensity", "0.92"));

    private static TraceStep Rail(string verdict, string rail, string rule, int count, double? score, double at) => Step(
        "guardrails", verdict, at, rule, [("llmkit.guardrails.rail", rail), ("llmkit.guardrails.rule", rule), ("llmkit.guardrails.count", $"{count}"), .. score is { } known ? new[] { ("llmkit.guardrails.score", known.ToString(System.Globalization.CultureInfo.InvariantCulture)) } : []]);

    public static TraceMessage Say(string role, string text, string? finish = null) => Json(finish is null
        ? $$"""{"role":"{{role}}","parts":[{"type":"text","content":{{Quoted(text)}}}]}"""
        : $$"""{"role":"{{role}}","parts":[{"type":"text","content":{{Quoted(text)}}}],"finish_reason":"{{finish}}"}""");

    public static TraceMessage Json(string json) => new(System.Text.Encoding.UTF8.GetBytes(json));

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private T Pick<T>(T[] items) => items[_chance.Next(items.Length)];

    private string Hex(int bytes)
    {
        var id = new byte[bytes];
        _chance.NextBytes(id);
        id[0] = (byte)++_number;
        return Convert.ToHexStringLower(id);
    }
}
