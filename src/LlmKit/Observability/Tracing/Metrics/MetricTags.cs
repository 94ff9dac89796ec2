namespace LlmKit.Observability.Tracing;

/// <summary>What the metrics say of one model's calls, put together once: a measurement then costs its instrument and nothing more.</summary>
internal sealed class MetricTags
{
    private const string UnknownModality = "unknown";

    public MetricTags(GenAiNames names, KeyValuePair<string, object?>[] all)
    {
        All = all;
        Input = With(names.TokenType, names.InputTokenType);
        Output = With(names.TokenType, names.OutputTokenType);
        Counted = With(names.TokenModality, UnknownModality);
    }

    public KeyValuePair<string, object?>[] All { get; }

    /// <summary>Gets those of a histogram that has one count for each type of token.</summary>
    public KeyValuePair<string, object?>[] Input { get; }

    public KeyValuePair<string, object?>[] Output { get; }

    /// <summary>Gets those of the counters of tokens.</summary>
    public KeyValuePair<string, object?>[] Counted { get; }

    /// <summary>Gives all of them and one more.</summary>
    public KeyValuePair<string, object?>[] With(string name, string value) => [.. All, new(name, value)];
}
