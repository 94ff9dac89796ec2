namespace LlmKit.Models;

/// <summary>What runs of characters cost, in units of 1/64 token. Fitted to counts of o200k_base over 3,000 texts of 40 kinds and languages.</summary>
internal static class RunCosts
{
    public const int PerThreeDigits = 69;
    public const int SpaceBeforeDigits = 61;
    public const int Spaces = 67;
    public const int Newlines = 82;

    private const int Repetition = 82;
    private const int PerLetterMore = 21;
    private const int PerCapitalMore = 26;
    private const int PerSymbolMore = 29;
    private const int PerBracketMore = 19;

    // A mark that stands before a word is often part of the word's first token.
    private const int WordAfterSymbol = -35;
    private const int WordInsideWord = -10;
    private const int CapitalsAfterSymbol = -9;
    private const int CapitalsInsideWord = 64;
    private const int CapitalsAfterDigits = 33;

    private const int LongestWord = 16;

    // By how much a word's pairs of letters speak for another language: below 0, up to 2.5, up to 6.5, above; then Vietnamese.
    private const int SomewhatForeign = 40;
    private const int VeryForeign = 104;
    private const int Vietnamese = 4;

    private static ReadOnlySpan<short> Words =>
    [
        64, 64, 64, 64, 64, 64, 64, 64, 67, 67, 67, 67, 100, 103, 106, 111,
        64, 64, 64, 64, 95, 95, 95, 100, 131, 131, 131, 144, 144, 150, 157, 167,
        90, 90, 90, 90, 142, 142, 176, 179, 179, 200, 205, 205, 205, 209, 221, 238,
        90, 90, 90, 90, 150, 150, 234, 237, 237, 237, 237, 237, 237, 257, 275, 294,
        70, 70, 70, 70, 98, 104, 104, 104, 122, 122, 122, 122, 122, 122, 122, 122,
    ];

    private static ReadOnlySpan<short> Capitals => [61, 61, 61, 61, 61, 90, 131, 159];
    private static ReadOnlySpan<short> Symbols => [44, 118, 120, 180, 180, 191];
    private static ReadOnlySpan<short> Brackets => [73, 73, 113, 113, 113, 126];

    /// <summary>Gives which row of costs a word has, by what its letters say of its language.</summary>
    public static int LanguageOf(int score, bool isVietnamese) =>
        isVietnamese ? Vietnamese : score < 0 ? 0 : score < SomewhatForeign ? 1 : score < VeryForeign ? 2 : 3;

    public static TokenKind KindOf(int language) =>
        language == 0 ? TokenKind.Words : language == Vietnamese ? TokenKind.Vietnamese : TokenKind.ForeignWords;

    /// <summary>A word of lower-case letters, its first one of any case.</summary>
    public static long Word(int length, int language, CharacterClass before)
    {
        var units = (long)Words[language * LongestWord + Math.Min(length, LongestWord) - 1];
        if (length > LongestWord)
            units += (long)(length - LongestWord) * PerLetterMore;
        return before == CharacterClass.Symbol ? units + WordAfterSymbol
            : before is CharacterClass.Lower or CharacterClass.Upper ? units + WordInsideWord
            : units;
    }

    public static int CapitalRun(int length, CharacterClass before) => Of(Capitals, length, PerCapitalMore) + before switch
    {
        CharacterClass.Symbol => CapitalsAfterSymbol,
        CharacterClass.Lower or CharacterClass.Upper => CapitalsInsideWord,
        CharacterClass.Digit => CapitalsAfterDigits,
        _ => 0,
    };

    public static int SymbolRun(int length, bool isOneSymbol, bool areBrackets)
    {
        var units = areBrackets ? Of(Brackets, length, PerBracketMore) : Of(Symbols, length, PerSymbolMore);
        // Lines of dashes and the like are one token, however long.
        return isOneSymbol ? Math.Min(units, Repetition) : units;
    }

    /// <summary>A run of letters of another script: so much for the run and so much for each letter.</summary>
    public static (TokenKind Kind, int Run, int Letter) Script(CharacterClass script) => script switch
    {
        CharacterClass.Cyrillic => (TokenKind.Cyrillic, 35, 16),
        CharacterClass.Greek => (TokenKind.Greek, 23, 26),
        CharacterClass.Arabic => (TokenKind.Semitic, 20, 21),
        CharacterClass.Hebrew => (TokenKind.Semitic, 19, 25),
        CharacterClass.Devanagari => (TokenKind.Devanagari, 20, 20),
        CharacterClass.Indic => (TokenKind.Indic, 26, 19),
        CharacterClass.Thai => (TokenKind.Thai, 1, 25),
        CharacterClass.Han => (TokenKind.Ideographs, 6, 50),
        CharacterClass.Hiragana => (TokenKind.Ideographs, 3, 42),
        CharacterClass.Katakana => (TokenKind.Ideographs, 0, 42),
        CharacterClass.Hangul => (TokenKind.Hangul, 8, 45),
        CharacterClass.WideSymbol => (TokenKind.Ideographs, 3, 58),
        CharacterClass.Emoji => (TokenKind.Marks, 26, 92),
        CharacterClass.Invisible => (TokenKind.Marks, 0, 58),
        _ => (TokenKind.Marks, 0, 77),
    };

    private static int Of(ReadOnlySpan<short> table, int length, int perMore) => length <= table.Length
        ? table[length - 1]
        : (int)Math.Min(int.MaxValue / 2, table[^1] + (long)(length - table.Length) * perMore);
}
