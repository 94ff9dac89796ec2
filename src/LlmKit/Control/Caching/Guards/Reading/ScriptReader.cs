namespace LlmKit.Control.Caching;

/// <summary>Tells the script that most letters of a text are written in.</summary>
internal static class ScriptReader
{
    private static readonly int Count = Enum.GetValues<TextScript>().Length;

    public static TextScript Of(string text)
    {
        Span<int> counts = stackalloc int[Count];
        counts.Clear();
        foreach (var letter in text)
        {
            if (char.IsLetter(letter))
                counts[(int)Of(letter)]++;
        }

        // Japanese writes most of its words in Chinese characters, and their endings in its own.
        if (counts[(int)TextScript.Kana] > 0)
            counts[(int)TextScript.Kana] += counts[(int)TextScript.Chinese];
        var best = TextScript.None;
        for (var i = 1; i < counts.Length; i++)
        {
            if (counts[i] > counts[(int)best])
                best = (TextScript)i;
        }

        return best;
    }

    private static TextScript Of(char letter) => letter switch
    {
        < '\u0250' or (>= '\u1E00' and < '\u1F00') => TextScript.Latin,
        >= '\u0370' and < '\u0400' => TextScript.Greek,
        >= '\u0400' and < '\u0530' => TextScript.Cyrillic,
        >= '\u0590' and < '\u0600' => TextScript.Hebrew,
        >= '\u0600' and < '\u0780' => TextScript.Arabic,
        >= '\u0900' and < '\u0DFF' => TextScript.Indic,
        >= '\u3040' and < '\u3100' => TextScript.Kana,
        >= '\u3400' and < '\uA000' => TextScript.Chinese,
        >= '\uAC00' and < '\uD7B0' => TextScript.Hangul,
        _ => TextScript.Other,
    };
}
