using LlmKit.Text.Hidden;

namespace LlmKit.Text.Scanning;

/// <summary>A text as it is seen: without invisible characters, wide forms folded, with the way back to the original.</summary>
internal sealed class VisibleText
{
    private readonly char[] _chars;
    private readonly int[] _indices;
    private readonly int _originalLength;

    private VisibleText(char[] chars, int[] indices, int originalLength) => (_chars, _indices, _originalLength) = (chars, indices, originalLength);

    public ReadOnlySpan<char> Text => _chars;

    /// <summary>Gives how a text is seen; <see langword="null"/> when that is how it stands.</summary>
    public static VisibleText? Of(ReadOnlySpan<char> text)
    {
        if (Ignorable.IndexOfFirst(text) < 0)
            return null;
        var chars = new List<char>(text.Length);
        var indices = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (Ignorable.IsIgnorable(text[i]) || (i > 0 && Ignorable.IsSecondHalf(text[i - 1], text[i])))
                continue;
            chars.Add(Ignorable.Fold(text[i]));
            indices.Add(i);
        }

        return new([.. chars], [.. indices], text.Length);
    }

    /// <summary>Gives the first index here that stands for an index of the original, or one behind it.</summary>
    public int IndexOf(int original)
    {
        var index = Array.BinarySearch(_indices, original);
        return index < 0 ? ~index : index;
    }

    /// <summary>Gives a match in the original.</summary>
    public TextHit InOriginal(in TextHit hit)
    {
        var start = Original(hit.Start);
        return hit with { Start = start, Length = _indices[hit.End - 1] + 1 - start, Lead = start - Original(hit.Start - hit.Lead) };
    }

    private int Original(int index) => index < _indices.Length ? _indices[index] : _originalLength;
}
