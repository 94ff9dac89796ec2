using System.Text;

namespace LlmKit.Text;

/// <summary>What stands in the place of a redacted span.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class RedactionStyle
{
    private const string MaskText = "****";
    private readonly Func<TextHit, string, string>? _replace;
    private readonly bool _mask;

    private RedactionStyle(bool mask, Func<TextHit, string, string>? replace)
    {
        _mask = mask;
        _replace = replace;
    }

    /// <summary>The kind of what was removed, in brackets: <c>[EMAIL]</c>.</summary>
    public static RedactionStyle Label { get; } = new(mask: false, replace: null);

    /// <summary>Four asterisks, whatever was removed, so that not even the length or the kind is told.</summary>
    public static RedactionStyle Mask { get; } = new(mask: true, replace: null);

    /// <summary>A replacement of one's own.</summary>
    /// <param name="replace">
    /// Gives the replacement for a match and its text. It runs on the caller's thread, for every match, and must be thread-safe if
    /// the redactor is shared. The text is sensitive. Of a match longer than <see cref="TextRedactorOptions.MaxHoldback"/> only so
    /// many leading characters are given, so that a stream and a whole text are treated alike.
    /// </param>
    /// <returns>The style.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="replace"/> is null.</exception>
    public static RedactionStyle Custom(Func<TextHit, string, string> replace)
    {
        ArgumentNullException.ThrowIfNull(replace);
        return new RedactionStyle(mask: false, replace);
    }

    internal void Append(StringBuilder output, TextHit hit, ReadOnlySpan<char> value)
    {
        if (_replace is not null)
            output.Append(_replace(hit, value.ToString()));
        else if (_mask)
            output.Append(MaskText);
        else
            output.Append('[').Append(hit.Entity).Append(']');
    }
}
