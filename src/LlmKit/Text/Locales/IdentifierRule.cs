namespace LlmKit.Text.Locales;

/// <summary>One shape of an identifier: its pattern, its checksum, and the words that stand before it.</summary>
/// <remarks>
/// The pattern says what the identifier looks like, from its first to its last character:
/// <list type="bullet">
/// <item><c>#</c> a digit, <c>@</c> a letter, <c>*</c> a letter or a digit; ASCII only;</item>
/// <item><c>[A-CX0-4]</c> one of these characters; <c>~</c> a blank, a hyphen or nothing;</item>
/// <item><c>{3}</c> the element before three times, <c>{2,5}</c> two to five times, <c>?</c> once or not at all;</item>
/// <item><c>(AB|C#)</c> one of several; <c>\</c> takes a special character as it stands; everything else stands for itself.</item>
/// </list>
/// There is no unbounded repetition, so that the longest match is known and the time is linear whatever the text is. No letter, digit
/// or underscore may stand beside a match, nor a digit behind a dot or a hyphen. Immutable.
/// </remarks>
/// <param name="Pattern">The pattern, of 64 characters at most when every repetition and alternative is written out.</param>
/// <example><c>new IdentifierRule("[A-Z]{2}~#{6}") { Check = Checksum.Luhn, Context = ["member", "membership"] }</c></example>
public sealed record IdentifierRule(string Pattern)
{
    /// <summary>Decides whether a text of the right shape is an identifier.</summary>
    /// <value>Gets the letters, in upper case, and the digits of the match, nothing else. Must be fast, pure and thread-safe. Default: null, every text of the shape is.</value>
    public Func<ReadOnlySpan<char>, bool>? Check { get; init; }

    /// <summary>Words of which one within 40 characters before a match lifts its score by one step.</summary>
    /// <value>In any case. They match the beginning of a word; those of three letters or fewer match whole words. Default: none.</value>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>The score of a match without a telling word before it.</summary>
    /// <value>Default: <see cref="DetectionScore.Low"/>, which a redactor ignores unless a word lifts it.</value>
    public DetectionScore Score { get; init; } = DetectionScore.Low;

    /// <summary>Whether the letters of the pattern match in the case in which they are written, and <c>@</c> and <c>*</c> in upper case.</summary>
    /// <value>Default: false.</value>
    public bool IsCaseSensitive { get; init; }
}
