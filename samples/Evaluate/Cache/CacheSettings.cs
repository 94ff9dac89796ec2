using LlmKit;

namespace Evaluate;

/// <summary>What the command line asks of the cache's evaluation.</summary>
/// <param name="File">The labelled pairs.</param>
/// <param name="TargetWrong">The most wrong hits per hit.</param>
/// <param name="Guards">The guards that the pairs must pass.</param>
/// <param name="Json">Whether standard output holds one JSON object and nothing else.</param>
/// <param name="EmbeddingModel">The model that embeds pairs without a cosine; nothing for the lexical embedder.</param>
/// <param name="Endpoint">An OpenAI-compatible server; nothing for OpenAI itself.</param>
internal sealed record CacheSettings(string File, double TargetWrong, CacheGuards Guards, bool Json, string? EmbeddingModel, Uri? Endpoint)
{
    public const string Usage = """
          cache FILE.jsonl [options]     what thresholds would do on labelled pairs, and which one they prove
            lines: {"a": "text", "b": "text", "same": true, "cos": 0.91}; without "cos" the pair is embedded
            --target-wrong SHARE         the most wrong hits per hit (default 0.02)
            --guards balanced|strict|off (default balanced)
            --json                       one JSON object on standard output and nothing else
            --embeddings MODEL           embeds pairs without "cos"; OPENAI_API_KEY is its key (default: by wording, without a model)
            --endpoint URL               an OpenAI-compatible server for --embeddings
        """;

    /// <exception cref="UsageException">An argument is unknown, twice there or lacks its value.</exception>
    public static CacheSettings Parse(string[] arguments)
    {
        var read = Arguments.Read(arguments);
        var settings = read.Over(new CacheSettings(read.File, 0.02, CacheGuards.Balanced, read.Json, null, null), (laid, name, value) => laid.With(name, value));
        return settings.Endpoint is not null && settings.EmbeddingModel is null ? throw new UsageException("The option '--endpoint' needs '--embeddings'.") : settings;
    }

    private CacheSettings With(string name, string value) => name switch
    {
        "--target-wrong" => this with { TargetWrong = Arguments.ShareOf(name, value, "0.02") },
        "--guards" => this with { Guards = GuardsOf(value) },
        "--embeddings" => this with { EmbeddingModel = Arguments.TextOf(name, value) },
        "--endpoint" => this with { Endpoint = Uri.TryCreate(Arguments.TextOf(name, value), UriKind.Absolute, out var endpoint) ? endpoint : throw new UsageException("The option '--endpoint' needs an absolute URL.") },
        _ => Arguments.Unknown<CacheSettings>(name),
    };

    private static CacheGuards GuardsOf(string value) => value switch
    {
        "balanced" => CacheGuards.Balanced,
        "strict" => CacheGuards.Strict,
        "off" => CacheGuards.Off,
        _ => throw new UsageException($"The guards '{value}' are none of balanced, strict and off."),
    };
}
