using LlmKit.Control.Guardrails;

namespace LlmKit;

/// <summary>What a guard says of a text.</summary>
/// <remarks>Immutable. Of what it holds, steps and metrics show all but <see cref="Text"/>.</remarks>
public sealed record GuardVerdict
{
    private GuardVerdict(RailVerdict kind, string? rule, double? score)
    {
        Kind = kind;
        Rule = rule;
        Score = score;
    }

    /// <summary>Gets the verdict that lets the text pass.</summary>
    public static GuardVerdict Allow { get; } = new(RailVerdict.Allow, null, null);

    /// <summary>Gets what is to be done.</summary>
    public RailVerdict Kind { get; }

    /// <summary>Gets what was found, such as a category; a name, never a text. <see langword="null"/> for the guard's own name.</summary>
    public string? Rule { get; }

    /// <summary>Gets how sure the guard is, from 0 to 1; <see langword="null"/> when it does not say.</summary>
    public double? Score { get; }

    /// <summary>Gets the parts to redact.</summary>
    public IReadOnlyList<TextSpan> Spans { get; private init; } = [];

    /// <summary>Gets the text that takes the place; only for a rewrite. Sensitive.</summary>
    public string? Text { get; private init; }

    /// <summary>Lets the text pass and records what was found.</summary>
    /// <param name="rule">What was found.</param>
    /// <param name="score">How sure the guard is, from 0 to 1.</param>
    /// <returns>The verdict.</returns>
    public static GuardVerdict Flag(string? rule = null, double? score = null) => new(RailVerdict.Flag, rule, Checked(score));

    /// <summary>Stops the request or the answer.</summary>
    /// <param name="rule">What was found.</param>
    /// <param name="score">How sure the guard is, from 0 to 1.</param>
    /// <returns>The verdict.</returns>
    public static GuardVerdict Block(string? rule = null, double? score = null) => new(RailVerdict.Block, rule, Checked(score));

    /// <summary>Takes parts out of the text.</summary>
    /// <param name="spans">The parts, within the text; they may touch and overlap.</param>
    /// <param name="rule">What was found.</param>
    /// <param name="score">How sure the guard is, from 0 to 1.</param>
    /// <returns>The verdict.</returns>
    public static GuardVerdict Redact(IEnumerable<TextSpan> spans, string? rule = null, double? score = null)
    {
        ArgumentNullException.ThrowIfNull(spans);
        return new(RailVerdict.Redact, rule, Checked(score)) { Spans = [.. spans] };
    }

    /// <summary>Puts another text in its place.</summary>
    /// <param name="text">The other text.</param>
    /// <param name="rule">What was found.</param>
    /// <param name="score">How sure the guard is, from 0 to 1.</param>
    /// <returns>The verdict.</returns>
    public static GuardVerdict Rewrite(string text, string? rule = null, double? score = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(RailVerdict.Rewrite, rule, Checked(score)) { Text = text };
    }

    /// <summary>Says what was found, without any text.</summary>
    /// <returns>The kind and the rule.</returns>
    public override string ToString() => Rule is null ? $"{Kind}" : $"{Kind} ({Rule})";

    private static double? Checked(double? score) => score is null or (>= 0 and <= 1)
        ? score
        : throw new ArgumentOutOfRangeException(nameof(score), score, "The score is outside 0 to 1. Give 1 for certain, or leave it out.");
}
