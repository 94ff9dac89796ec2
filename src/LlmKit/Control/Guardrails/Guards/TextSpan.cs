namespace LlmKit;

/// <summary>A part of a text, in UTF-16 code units.</summary>
/// <param name="Start">The index of the first character, 0 or more.</param>
/// <param name="Length">The number of characters, 1 or more.</param>
public readonly record struct TextSpan(int Start, int Length)
{
    internal const string NoKind = "REDACTED";

    private const int LongestKind = 24;

    /// <summary>Gets what kind of thing it is, such as <c>PERSON</c>: it names the label or the placeholder that takes its place.</summary>
    /// <value>A capital letter, then capital letters and <c>_</c>, 24 in all; <see langword="null"/> by default, for <c>REDACTED</c>.</value>
    /// <exception cref="ArgumentException">It is another text.</exception>
    public string? Kind
    {
        get;
        init => field = value is null || IsKind(value)
            ? value
            : throw new ArgumentException("The kind is no name in capital letters. Give one such as PERSON or POSTAL_ADDRESS, of 24 characters at most.", nameof(Kind));
    }

    private static bool IsKind(string kind) =>
        kind.Length is > 0 and <= LongestKind && char.IsAsciiLetterUpper(kind[0]) && kind.All(static c => char.IsAsciiLetterUpper(c) || c == '_');
}
