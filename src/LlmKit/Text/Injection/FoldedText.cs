using System.Buffers;
using System.Text;

namespace LlmKit.Text.Injection;

/// <summary>A text with its disguises taken off: invisible characters, look-alike letters, digits for letters, letters set apart.</summary>
internal sealed class FoldedText
{
    private const int LeastSpaced = 4;

    private const string LookAlikes = "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlαaοoνvρpιiκkτtΑAΒBΕEΙIΚKΜMΝNΟOΡPΤTΥYΧXАAВBЕEКKМMНHОOРPСCТTХX";

    private static readonly SearchValues<char> s_invisible = SearchValues.Create("\u00AD\u200B\u200C\u200D\u2060\u2061\u2062\u2063\u2064\uFEFF");
    private static readonly SearchValues<char> s_latin = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private readonly int[] _indices;

    private FoldedText(string text, int[] indices) => (Text, _indices) = (text, indices);

    public string Text { get; }

    /// <summary>The index in the original of a character of the folded text.</summary>
    public int OriginalIndex(int index) => _indices[index];

    /// <summary>Takes the disguises off; false if there are none.</summary>
    public static bool TryFold(ReadOnlySpan<char> text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FoldedText? folded)
    {
        folded = null;
        if (!LooksDisguised(text))
            return false;

        var output = new StringBuilder(text.Length);
        var indices = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = Fold(text, i);
            if (c == '\0' || IsGapBetweenLetters(text, i))
                continue;
            output.Append(c);
            indices.Add(i);
        }

        folded = new FoldedText(output.ToString(), [.. indices]);
        return true;
    }

    private static bool LooksDisguised(ReadOnlySpan<char> text)
    {
        if (text.ContainsAny(s_invisible) || text.ContainsAnyInRange('\uFF01', '\uFF5E'))
            return true;
        for (var i = 1; i + 1 < text.Length; i++)
        {
            if (s_latin.Contains(text[i - 1]) && (IsDisguisedLetter(text[i]) && s_latin.Contains(text[i + 1])))
                return true;
            if (IsGapBetweenLetters(text, i))
                return true;
        }

        return false;
    }

    private static bool IsDisguisedLetter(char c) => c is >= '0' and <= '9' or '@' or '$' || (c >= 0x370 && LookAlike(c) != c);

    private static char Fold(ReadOnlySpan<char> text, int i)
    {
        var c = text[i];
        if (s_invisible.Contains(c))
            return '\0';
        if (c is >= '\uFF01' and <= '\uFF5E')
            return (char)(c - 0xFEE0);
        if (c >= 0x370)
            return LookAlike(c);
        var inWord = (i > 0 && char.IsAsciiLetter(text[i - 1])) || (i + 1 < text.Length && char.IsAsciiLetter(text[i + 1]));
        return inWord ? LetterOf(c) : c;
    }

    private static char LookAlike(char c)
    {
        for (var i = 0; i < LookAlikes.Length; i += 2)
        {
            if (LookAlikes[i] == c)
                return LookAlikes[i + 1];
        }

        return c;
    }

    private static char LetterOf(char c) => c switch
    {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    };

    // "i g n o r e": one of at least four letters that stand alone, each behind the same single separator.
    private static bool IsGapBetweenLetters(ReadOnlySpan<char> text, int i)
    {
        var gap = text[i];
        if (gap is not (' ' or '.' or '-' or '_' or '*') || i == 0 || i + 1 >= text.Length)
            return false;
        var letters = 0;
        for (var left = i - 1; letters < LeastSpaced && IsLoneLetter(text, left); left -= 2)
            letters++;
        for (var right = i + 1; letters < LeastSpaced && IsLoneLetter(text, right); right += 2)
            letters++;
        return letters >= LeastSpaced && IsLoneLetter(text, i - 1) && IsLoneLetter(text, i + 1);
    }

    private static bool IsLoneLetter(ReadOnlySpan<char> text, int i) =>
        i >= 0 && i < text.Length && char.IsAsciiLetter(text[i])
        && (i == 0 || !char.IsLetterOrDigit(text[i - 1]))
        && (i + 1 == text.Length || !char.IsLetterOrDigit(text[i + 1]));
}
