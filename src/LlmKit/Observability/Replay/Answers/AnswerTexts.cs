using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>The texts of an answer, redacted as a whole and cut again where they were cut: no secret hides between two pieces.</summary>
internal sealed class AnswerTexts
{
    private readonly Queue<string> _texts;
    private readonly Queue<string> _reasoning;

    /// <param name="contents">All contents of an answer, in order.</param>
    /// <param name="redact">What takes secrets out of a text.</param>
    public AnswerTexts(IReadOnlyCollection<AIContent> contents, Func<string, string> redact)
    {
        _texts = new(Redacted([.. contents.OfType<TextContent>().Select(content => content.Text)], redact));
        _reasoning = new(Redacted([.. contents.OfType<TextReasoningContent>().Select(content => content.Text)], redact));
    }

    /// <summary>Gives the text of the next content, asked for in the same order; <see langword="null"/> for one without.</summary>
    public string? Next(AIContent content) => content switch
    {
        TextContent => _texts.Dequeue(),
        TextReasoningContent => _reasoning.Dequeue(),
        _ => null,
    };

    private static IEnumerable<string> Redacted(string[] pieces, Func<string, string> redact)
    {
        if (pieces.Length == 0)
            return [];
        var whole = string.Concat(pieces);
        return Cut(pieces, whole, redact(whole));
    }

    /// <summary>Cuts where the pieces ended. Inside of what changed a cut keeps its share of the length; none falls between the halves of a character.</summary>
    private static IEnumerable<string> Cut(string[] pieces, string whole, string clean)
    {
        var prefix = whole.AsSpan().CommonPrefixLength(clean);
        var suffix = CommonSuffix(whole.AsSpan(prefix), clean.AsSpan(prefix));
        var (before, after) = (whole.Length - prefix - suffix, clean.Length - prefix - suffix);
        var start = 0;
        var offset = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            offset += pieces[i].Length;
            var end = i == pieces.Length - 1 ? clean.Length
                : offset <= prefix ? offset
                : offset >= whole.Length - suffix ? clean.Length - (whole.Length - offset)
                : prefix + (int)((long)(offset - prefix) * after / before);
            if (end > 0 && end < clean.Length && char.IsHighSurrogate(clean[end - 1]))
                end--;
            end = Math.Max(start, end);
            yield return clean[start..end];
            start = end;
        }
    }

    private static int CommonSuffix(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var length = 0;
        while (length < Math.Min(one.Length, other.Length) && one[^(length + 1)] == other[^(length + 1)])
            length++;
        return length;
    }
}
