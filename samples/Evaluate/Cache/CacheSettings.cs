using System.Globalization;
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
        var settings = new CacheSettings("", 0.02, CacheGuards.Balanced, false, null, null);
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name == "--json")
                settings = settings with { Json = true };
            else if (!name.StartsWith("--", StringComparison.Ordinal) && settings.File.Length == 0)
                settings = settings with { File = name };
            else
                settings = settings.With(name, ++i < arguments.Length ? arguments[i] : "");
        }

        if (settings.File.Length == 0)
            throw new UsageException("No file is given.");
        return settings.Endpoint is not null && settings.EmbeddingModel is null ? throw new UsageException("The option '--endpoint' needs '--embeddings'.") : settings;
    }

    private CacheSettings With(string name, string value) => name switch
    {
        "--target-wrong" => this with { TargetWrong = TargetOf(value) },
        "--guards" => this with { Guards = GuardsOf(value) },
        "--embeddings" when value.Length > 0 => this with { EmbeddingModel = value },
        "--endpoint" when Uri.TryCreate(value, UriKind.Absolute, out var endpoint) => this with { Endpoint = endpoint },
        "--embeddings" or "--endpoint" => throw new UsageException($"The option '{name}' lacks its value."),
        _ => throw new UsageException($"The argument '{name}' is unknown."),
    };

    private static double TargetOf(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var target) && target is > 0 and < 1
            ? target
            : throw new UsageException($"The target '{value}' is not a share between 0 and 1, such as 0.02.");

    private static CacheGuards GuardsOf(string value) => value switch
    {
        "balanced" => CacheGuards.Balanced,
        "strict" => CacheGuards.Strict,
        "off" => CacheGuards.Off,
        _ => throw new UsageException($"The guards '{value}' are none of balanced, strict and off."),
    };
}
