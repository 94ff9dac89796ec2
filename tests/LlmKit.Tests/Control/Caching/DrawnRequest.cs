using LlmKit.Tests.Control.Caching.Lookup;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Control.Caching;

/// <summary>A request derived from drawn numbers: one choice for each thing that can change an answer, a wording, and the way it is asked.</summary>
/// <param name="Choices">What was chosen of each dimension: a number below its size.</param>
/// <param name="Wording">Which of the wordings that mean the same.</param>
/// <param name="Streamed">Whether the answer comes as a stream.</param>
internal sealed record DrawnRequest(int[] Choices, int Wording, bool Streamed)
{
    public static readonly string[] Models = ["small", "large", "spare", "other"];

    /// <summary>One question in words that every tier may take for each other: equal, another spelling, other words.</summary>
    public static readonly string[] Wordings = ["How do I reset a password?", "how do I  reset a password", "How can I reset the password?", "How could I reset a password?"];

    // Few words, used everywhere, so that a value that slips from one field into another is seen.
    private static readonly string?[] s_names = [null, "a", "b", "ab"];

    private static readonly (int Size, Action<LlmCallOptions, List<ChatMessage>, ChatMessage, int> Choose)[] s_dimensions =
    [
        (4, (options, _, _, n) => options.Tenant = s_names[n]),
        (4, (options, _, _, n) => options.User = s_names[n]),
        (5, (options, _, _, n) => (options.Model, options.ModelId) = n switch { 1 => ("small", null), 2 => ("large", null), 3 => (null, "small"), 4 => (null, "large"), _ => (default(string), default(string)) }),
        (4, (options, _, _, n) => options.ExcludedModels = n switch { 1 => ["spare"], 2 => ["other"], 3 => ["spare", "other"], _ => null }),
        (2, (options, _, _, n) => options.AllowFallback = n == 0),
        (4, (options, _, _, n) => options.Instructions = s_names[n]),
        (4, (_, history, _, n) => AddSystem(history, s_names[n])),
        (6, (options, _, _, n) => options.Tools = n switch { 1 => [Tool("a", "a", "{}")], 2 => [Tool("a", "b", "{}")], 3 => [Tool("a", "a", """{"type":"object"}""")], 4 => [Tool("a", "a", "{}"), Tool("b", "a", "{}")], 5 => [Tool("b", "a", "{}")], _ => null }),
        (4, (options, _, _, n) => RequireTool(options, n)),
        (4, (options, _, _, n) => options.Temperature = n == 0 ? null : n / 10f),
        (4, (options, _, _, n) => options.TopP = n == 0 ? null : n / 10f),
        (4, (options, _, _, n) => options.TopK = n == 0 ? null : n),
        (4, (options, _, _, n) => options.MaxOutputTokens = n == 0 ? null : n * 100),
        (4, (options, _, _, n) => options.StopSequences = n switch { 1 => ["a", "b"], 2 => ["ab"], 3 => ["b", "a"], _ => null }),
        (4, (options, _, _, n) => options.Seed = n == 0 ? null : n),
        (4, (options, _, _, n) => options.FrequencyPenalty = n == 0 ? null : n / 10f),
        (4, (options, _, _, n) => options.PresencePenalty = n == 0 ? null : n / 10f),
        (4, (options, _, _, n) => options.ResponseFormat = n switch { 1 => ChatResponseFormat.Text, 2 => ChatResponseFormat.Json, 3 => ChatResponseFormat.ForJsonSchema(RequestKeysTests.Json("{}"), "a"), _ => null }),
        (4, (options, _, _, n) => options.Reasoning = n switch { 1 => new() { Effort = ReasoningEffort.Low }, 2 => new() { Effort = ReasoningEffort.High }, 3 => new() { Output = ReasoningOutput.Full }, _ => null }),
        (4, (options, _, _, n) => options.AdditionalProperties = n switch { 1 => new() { ["a"] = "b" }, 2 => new() { ["b"] = "a" }, 3 => new() { ["a"] = 1 }, _ => null }),
        (4, (_, history, _, n) => AddTurn(history, s_names[n])),
        (4, (_, _, question, n) => Attach(question, n, "image/png")),
        (4, (_, history, _, n) => AttachBefore(history, n)),
        (4, (_, _, question, n) => question.AuthorName = s_names[n]),
        // What rails remove looks the same afterwards; what it was must not.
        (4, (_, history, _, n) => AddSystem(history, n == 0 ? null : $"The customer is {s_names[n]}@example.org.")),
        (4, (_, _, question, n) => AddText(question, n == 0 ? null : $". Write to {s_names[n]}@example.org")),
    ];

    private const int MostRequests = 16;

    /// <summary>Gets what tells requests apart that must not share an answer.</summary>
    public string Partition => string.Join(',', Choices);

    public string Question => Wordings[Wording];

    /// <summary>Derives some requests, most of which repeat an earlier one or differ from it in one thing only.</summary>
    public static List<DrawnRequest> From(int[] numbers)
    {
        var at = 0;
        List<DrawnRequest> requests = [new(new int[s_dimensions.Length], 0, Next(2) == 1)];
        while (at < numbers.Length && requests.Count < MostRequests)
        {
            var earlier = requests[Next(requests.Count)];
            var choices = earlier.Choices.ToArray();
            for (var changes = Next(4); changes > 1; changes--)
            {
                var dimension = Next(choices.Length);
                choices[dimension] = Next(s_dimensions[dimension].Size);
            }

            requests.Add(new(choices, Next(Wordings.Length), Next(2) == 1));
        }

        return requests;

        int Next(int below) => at < numbers.Length ? (int)((uint)numbers[at++] % (uint)below) : 0;
    }

    public ChatMessage[] Messages(LlmCallOptions options)
    {
        List<ChatMessage> history = [];
        var question = new ChatMessage(ChatRole.User, Question);
        for (var i = 0; i < Choices.Length; i++)
            s_dimensions[i].Choose(options, history, question, Choices[i]);
        return [.. history, question];
    }

    public override string ToString() => $"{Partition} \"{Question}\" {(Streamed ? "streamed" : "plain")}";

    private static void AddSystem(List<ChatMessage> history, string? text)
    {
        if (text is not null)
            history.Add(new(ChatRole.System, text));
    }

    private static void RequireTool(LlmCallOptions options, int n)
    {
        if (n == 0)
            return;
        options.Tools = [.. options.Tools ?? [], Tool("c", "c", "{}")];
        options.ToolMode = n switch { 1 => ChatToolMode.None, 2 => ChatToolMode.RequireAny, _ => ChatToolMode.RequireSpecific("c") };
    }

    private static void AddText(ChatMessage message, string? text)
    {
        if (text is not null)
            message.Contents.Add(new TextContent(text));
    }

    private static void AddTurn(List<ChatMessage> history, string? text)
    {
        if (text is null)
            return;
        history.Add(new(ChatRole.User, text));
        history.Add(new(ChatRole.Assistant, "Gladly."));
    }

    private static void AttachBefore(List<ChatMessage> history, int n)
    {
        if (n == 0)
            return;
        var message = new ChatMessage(ChatRole.User, "See this.");
        Attach(message, n, "application/pdf");
        history.Add(message);
        history.Add(new(ChatRole.Assistant, "Seen."));
    }

    private static void Attach(ChatMessage message, int n, string mediaType)
    {
        if (n > 0)
            message.Contents.Add(new DataContent(new[] { (byte)n }, mediaType));
    }

    private static AITool Tool(string name, string description, string schema) => RequestKeysTests.Tool(name, description, schema);
}
