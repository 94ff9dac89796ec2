namespace LlmKit.Models;

/// <summary>What a UTF-16 character is to a tokenizer. Characters of one class form a run.</summary>
internal enum CharacterClass : byte
{
    /// <summary>No character yet.</summary>
    None,
    Space,
    Newline,
    Digit,
    Symbol,
    Lower,
    Upper,

    /// <summary>A Latin letter outside ASCII, or a combining mark.</summary>
    Accented,

    /// <summary>The second half of a character outside the basic plane: part of the run that the first half is in.</summary>
    Trailing,
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Devanagari,
    Indic,
    Thai,
    Han,
    Hiragana,
    Katakana,
    Hangul,
    WideSymbol,
    Emoji,
    Other,

    /// <summary>Joiners, variation selectors and what else has no width.</summary>
    Invisible,
}
