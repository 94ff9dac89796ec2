using System.Diagnostics;

namespace LlmKit.Calls;

/// <summary>What LlmKit wrote of one span for those who keep it, whatever the span itself tells: redacted where the scope has a redaction, and cut.</summary>
/// <remarks>It hangs on the span, where no exporter sees it. Whoever has the span writes it, and it is read when the span has ended.</remarks>
internal sealed class SpanTexts
{
    private const string Property = "llmkit.texts";

    /// <summary>Gets whether a redaction of the scope's own has seen the texts.</summary>
    public bool IsRedacted { get; private init; }

    /// <summary>Gets or sets the instructions, as a JSON array of parts.</summary>
    public string? Instructions { get; set; }

    /// <summary>Gets or sets what was asked, as a JSON array of messages.</summary>
    public string? Input { get; set; }

    /// <summary>Gets or sets what was answered, as a JSON array of messages.</summary>
    public string? Output { get; set; }

    /// <summary>Gets or sets what was looked for, as it is.</summary>
    public string? Query { get; set; }

    /// <summary>Gets or sets what was found, as a JSON array.</summary>
    public string? Documents { get; set; }

    /// <summary>Gets or sets what a tool was given, as JSON.</summary>
    public string? Arguments { get; set; }

    /// <summary>Gets or sets what a tool gave back, as JSON.</summary>
    public string? Result { get; set; }

    /// <summary>Gets how many characters they have.</summary>
    public long Length => (Instructions?.Length ?? 0L) + (Input?.Length ?? 0) + (Output?.Length ?? 0) + (Query?.Length ?? 0)
        + (Documents?.Length ?? 0) + (Arguments?.Length ?? 0) + (Result?.Length ?? 0);

    /// <summary>Gives those of a span, to write to.</summary>
    public static SpanTexts Of(Activity span, bool isRedacted)
    {
        if (Find(span) is { } known)
            return known;
        var texts = new SpanTexts { IsRedacted = isRedacted };
        span.SetCustomProperty(Property, texts);
        return texts;
    }

    public static SpanTexts? Find(Activity span) => span.GetCustomProperty(Property) as SpanTexts;
}
