namespace LlmKit.Models;

/// <summary>Finds the class of a UTF-16 character by the blocks of Unicode.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(c => OfAscii((char)c))];

    public static CharacterClass Of(char c) => c < 128 ? Ascii[c] : Beyond(c);

    private static CharacterClass OfAscii(char c) =>
        char.IsAsciiLetterLower(c) ? CharacterClass.Lower
        : char.IsAsciiLetterUpper(c) ? CharacterClass.Upper
        : char.IsAsciiDigit(c) ? CharacterClass.Digit
        : c is '\n' or '\r' ? CharacterClass.Newline
        : c <= ' ' ? CharacterClass.Space
        : CharacterClass.Symbol;

    private static CharacterClass Beyond(char c) => c < 0x2000 ? Lettered(c) : c < 0xA000 ? Eastern(c) : High(c);

    private static CharacterClass Lettered(char c) => c switch
    {
        '\u00A0' => CharacterClass.Space,
        < '\u00C0' or '\u00D7' or '\u00F7' => CharacterClass.Other,
        < '\u0370' => CharacterClass.Accented,
        < '\u0400' => CharacterClass.Greek,
        < '\u0530' => CharacterClass.Cyrillic,
        < '\u0590' => CharacterClass.Other,
        < '\u0600' => CharacterClass.Hebrew,
        < '\u0780' => CharacterClass.Arabic,
        < '\u0900' => CharacterClass.Indic,
        < '\u0980' => CharacterClass.Devanagari,
        < '\u0E00' => CharacterClass.Indic,
        < '\u0E80' => CharacterClass.Thai,
        < '\u1100' => CharacterClass.Indic,
        < '\u1200' => CharacterClass.Hangul,
        < '\u1E00' => CharacterClass.Indic,
        < '\u1F00' => CharacterClass.Accented,
        _ => CharacterClass.Greek,
    };

    private static CharacterClass Eastern(char c) => c switch
    {
        < '\u200B' => CharacterClass.Space,
        < '\u2010' => CharacterClass.Invisible,
        < '\u2600' => CharacterClass.Other,
        < '\u27C0' => CharacterClass.Emoji,
        < '\u2B00' => CharacterClass.Other,
        < '\u2E80' => CharacterClass.Emoji,
        < '\u3040' => CharacterClass.WideSymbol,
        < '\u30A0' => CharacterClass.Hiragana,
        < '\u3130' => CharacterClass.Katakana,
        < '\u3190' => CharacterClass.Hangul,
        < '\u3400' => CharacterClass.WideSymbol,
        _ => CharacterClass.Han,
    };

    private static CharacterClass High(char c) => c switch
    {
        < '\uAC00' => CharacterClass.Indic,
        < '\uD7B0' => CharacterClass.Hangul,
        < '\uD800' => CharacterClass.Other,
        >= '\uD83C' and <= '\uD83E' => CharacterClass.Emoji,
        >= '\uD840' and <= '\uD888' => CharacterClass.Han,
        < '\uDC00' => CharacterClass.Other,
        < '\uE000' => CharacterClass.Trailing,
        >= '\uF900' and < '\uFB00' => CharacterClass.Han,
        >= '\uFB1D' and < '\uFB50' => CharacterClass.Hebrew,
        >= '\uFB50' and < '\uFE00' or >= '\uFE70' and < '\uFEFF' => CharacterClass.Arabic,
        >= '\uFE00' and < '\uFE10' or '\uFEFF' => CharacterClass.Invisible,
        >= '\uFF00' and < '\uFFF0' => CharacterClass.WideSymbol,
        _ => CharacterClass.Other,
    };
}
