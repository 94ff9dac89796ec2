using System.Globalization;

namespace LlmKit.Models;

/// <summary>Counts the likely tokens of a text that comes in pieces: however it is cut, the total is that of the whole.</summary>
internal struct TokenCounter
{
    private const int LettersPerToken = 4;
    private const int DigitsPerToken = 3;

    private long _halves;
    private int _letters;
    private int _digits;

    /// <summary>Gets the likely tokens so far.</summary>
    public readonly long Total => (_halves + 1 + 2 * Tokens(_letters, LettersPerToken) + 2 * Tokens(_digits, DigitsPerToken)) / 2;

    public void Add(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsAsciiLetter(c))
            {
                EndDigits();
                _letters++;
            }
            else if (char.IsAsciiDigit(c))
            {
                EndLetters();
                _digits++;
            }
            else
            {
                EndRun();
                _halves += char.IsWhiteSpace(c) ? 0 : c < 0x80 ? 2 : HalvesOf(c);
            }
        }
    }

    /// <summary>Ends a run of letters or digits, between texts that do not belong together.</summary>
    public void EndRun()
    {
        EndLetters();
        EndDigits();
    }

    private static int Tokens(int length, int perToken) => (length + perToken - 1) / perToken;

    private void EndLetters()
    {
        _halves += 2 * Tokens(_letters, LettersPerToken);
        _letters = 0;
    }

    private void EndDigits()
    {
        _halves += 2 * Tokens(_digits, DigitsPerToken);
        _digits = 0;
    }

    private static int HalvesOf(char c) => char.GetUnicodeCategory(c) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter => 1,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => 1,
        _ => 2,
    };
}
