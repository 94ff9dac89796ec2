namespace LlmKit.Orchestration.Routing.Learning.Features;

/// <summary>Numbers that tell a prompt's shape: how long, how many numbers, marks, lines and long words.</summary>
internal static class PromptStats
{
    public const int Count = 12;

    private const int LongWord = 8;

    /// <summary>Writes the numbers; counts as logarithms, for twice as much matters as much from 10 as from 1,000.</summary>
    public static void Write(ReadOnlySpan<char> text, Span<double> into)
    {
        int words = 0, longWords = 0, longest = 0, letters = 0, upper = 0, digits = 0, numbers = 0, lines = 0, ends = 0, signs = 0, questions = 0;
        var run = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c))
            {
                EndWord();
                lines += c == '\n' ? 1 : 0;
                continue;
            }

            run++;
            letters += char.IsLetter(c) ? 1 : 0;
            upper += char.IsUpper(c) ? 1 : 0;
            if (char.IsAsciiDigit(c))
            {
                digits++;
                numbers += i == 0 || !char.IsAsciiDigit(text[i - 1]) ? 1 : 0;
            }

            ends += c is '.' or '?' or '!' ? 1 : 0;
            questions += c == '?' ? 1 : 0;
            signs += c is '+' or '-' or '*' or '/' or '=' or '^' or '%' or '$' or '<' or '>' ? 1 : 0;
        }

        EndWord();
        into[0] = Math.Log(1 + text.Length);
        into[1] = Math.Log(1 + words);
        into[2] = Share(letters, words);
        into[3] = Math.Log(1 + digits);
        into[4] = Math.Log(1 + numbers);
        into[5] = Share(upper, letters);
        into[6] = Math.Log(1 + lines);
        into[7] = Math.Log(1 + ends);
        into[8] = Math.Log(1 + signs);
        into[9] = Math.Log(1 + longest);
        into[10] = Share(longWords, words);
        into[11] = Math.Min(questions, 1);

        void EndWord()
        {
            if (run == 0)
                return;
            words++;
            longWords += run >= LongWord ? 1 : 0;
            longest = Math.Max(longest, run);
            run = 0;
        }
    }

    private static double Share(int part, int whole) => (double)part / Math.Max(1, whole);
}
