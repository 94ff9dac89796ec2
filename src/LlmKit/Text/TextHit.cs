using LlmKit.Text.Streaming;

namespace LlmKit.Text;

/// <summary>A span of a text that a detector recognised.</summary>
/// <remarks>Immutable. It names the rule and the place and never holds the text it stands for, so it may be logged and traced.</remarks>
/// <param name="Rule">The rule that fired, in lower-case words joined by hyphens, such as <c>github-token</c>; stable across releases.</param>
/// <param name="Entity">The kind of thing found, in upper case, such as <c>EMAIL</c>; the label of a redaction.</param>
/// <param name="Start">The index of the first character (UTF-16 code unit) in the scanned text, or in the whole stream.</param>
/// <param name="Length">The number of characters (UTF-16 code units), 1 or more.</param>
/// <param name="Score">How sure the rule is.</param>
public readonly record struct TextHit(string Rule, string Entity, int Start, int Length, DetectionScore Score)
{
    /// <summary>The index just behind the last character.</summary>
    public int End => Start + Length;

    /// <summary>What continues a match without an upper length. Such a match is certain from its head on.</summary>
    internal UnboundedTail? Tail { get; init; }

    /// <summary>How many characters before the start the word stands that led to the match: where that is decided, the match is.</summary>
    internal int Lead { get; init; }

    /// <summary>Whether it gives way to every match of the text as it is seen: what hides inside one is taken out with it.</summary>
    internal bool Yields { get; init; }

    /// <summary>The index of the rule whose detector found it.</summary>
    internal int Owner { get; init; }

    /// <summary>Whether the match is taken out without a trace, whatever the style: the marks around a text that stays.</summary>
    internal bool Erases { get; init; }

    /// <summary>The match without what only the search needs.</summary>
    internal TextHit Bare() => this with { Tail = null, Lead = 0, Owner = 0, Yields = false, Erases = false };

    /// <inheritdoc/>
    public override string ToString() => $"{Rule} ({Entity}, {Score}) at {Start}, length {Length}";
}
