using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>A kind of application: which texts its calls are made of. The same seed gives the same calls.</summary>
/// <remarks>
/// Providers encode each message by itself, so the tokens of a call are the sum over its texts and what stands around them. That is taken to be 3 tokens
/// a message and 3 a call, and 10 for each tool, with o200k_base; 5 a message and 8 a call, and 300 for a call with tools, with the other.
/// </remarks>
internal sealed class TokenWorkload
{
    private static readonly string[] Prose = ["english", "mail"];

    private static readonly string[] Languages =
    [
        "german", "french", "spanish", "italian", "portuguese", "dutch", "swedish", "finnish", "polish", "czech", "hungarian", "turkish", "vietnamese",
        "indonesian", "russian", "ukrainian", "greek", "arabic", "hebrew", "hindi", "bengali", "tamil", "thai", "chinese", "japanese", "korean",
    ];

    private static readonly string[] Code = ["csharp", "python", "sql", "javascript", "html", "shell", "yaml", "xml"];

    private readonly Func<Random, IEnumerable<CorpusText>> _turns;
    private readonly AITool[] _tools;
    private readonly CorpusText[] _schemas;

    private TokenWorkload(string name, Func<Random, IEnumerable<CorpusText>> turns, params CorpusText[] schemas)
    {
        Name = name;
        _turns = turns;
        _schemas = schemas;
        _tools = [.. schemas.Select(schema => new SchemaTool(schema.Text))];
    }

    public static IReadOnlyList<TokenWorkload> All { get; } =
    [
        new("English application with JSON tools", random => Some(random, 3, 9, [.. Prose, "chat", "markdown", "json", "json", "urls"]), TokenCorpus.Of("json")[0]),
        new("code assistant", random => Some(random, 3, 9, [.. Code, .. Prose, "markdown", "log"])),
        new("multilingual support desk", random => [.. Some(random, 1, 2, Prose), .. Some(random, 2, 6, [Pick(random, Languages)]), .. Some(random, 0, 2, ["json", "mail", "emoji"])]),
        new("everything", random => Some(random, 4, 12, [.. TokenCorpus.Texts.Select(text => text.Kind).Distinct()])),
    ];

    public string Name { get; }

    public IEnumerable<WorkloadCall> Calls(Tokenizer tokenizer, int seed, int count)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
            yield return Compose([TokenCorpus.Texts[0], .. _turns(random)], tokenizer);
    }

    private WorkloadCall Compose(CorpusText[] texts, Tokenizer tokenizer)
    {
        ChatMessage[] messages = [.. texts.Select((text, i) => new ChatMessage(i == 0 ? ChatRole.System : i % 2 == 1 ? ChatRole.User : ChatRole.Assistant, text.Text))];
        var tokens = texts.Sum(text => text.CountOf(tokenizer)) + _schemas.Sum(schema => schema.CountOf(tokenizer));
        tokens += tokenizer == Tokenizer.O200k
            ? 3 * texts.Length + 3 + 10 * _schemas.Length
            : 5 * texts.Length + 8 + (_schemas.Length > 0 ? 300 : 0);
        return new(messages, _tools.Length > 0 ? new() { Tools = [.. _tools] } : null, tokens);
    }

    private static CorpusText[] Some(Random random, int least, int most, string[] kinds)
    {
        var texts = new CorpusText[random.Next(least, most + 1)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Pick(random, TokenCorpus.Of(Pick(random, kinds)));
        return texts;
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    /// <summary>A tool that is all in its schema.</summary>
    private sealed class SchemaTool(string schema) : AIFunctionDeclaration
    {
        private readonly System.Text.Json.JsonElement _schema = System.Text.Json.JsonDocument.Parse(schema).RootElement;

        public override string Name => "";

        public override string Description => "";

        public override System.Text.Json.JsonElement JsonSchema => _schema;
    }
}
