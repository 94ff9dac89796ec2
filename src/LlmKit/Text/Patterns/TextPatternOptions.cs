namespace LlmKit.Text;

/// <summary>Settings of a detector made from a regular expression, read once when it is made.</summary>
public sealed class TextPatternOptions
{
    /// <summary>The most characters of a match; longer ones are ignored.</summary>
    /// <value>1 to 512 characters; default: 128. A stream holds so many back, and 32 more, see <see cref="StartCharacters"/>.</value>
    public int MaxLength { get; set; } = 128;

    /// <summary>The characters with which a match may start, so that a stream holds back only from the last of them on.</summary>
    /// <value>
    /// Every character counts, in both cases under <see cref="IgnoreCase"/>; a match that starts otherwise is not found. Default: null,
    /// for any; a stream then trails by the longest match.
    /// </value>
    public string? StartCharacters { get; set; }

    /// <summary>Whether upper and lower case are the same, by the invariant culture.</summary>
    /// <value>Default: false.</value>
    public bool IgnoreCase { get; set; }

    /// <summary>How sure the expression is.</summary>
    /// <value>Default: <see cref="DetectionScore.High"/>.</value>
    public DetectionScore Score { get; set; } = DetectionScore.High;

    /// <summary>The longest time for a text of up to 16,384 characters; longer ones have proportionally more.</summary>
    /// <value>1 millisecond to 10 seconds; default: 50 milliseconds. A text that takes longer fails with a time-out, so that nothing passes unchecked; on a busy machine that can be an innocent one.</value>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMilliseconds(50);
}
