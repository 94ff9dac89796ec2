namespace LlmKit.Models;

/// <summary>What a part of a request is, as far as tokenizers treat it alike: an estimate is corrected for each by itself.</summary>
internal enum TokenKind
{
    /// <summary>Words in Latin letters that look English, capitals included.</summary>
    Words,

    /// <summary>Words in Latin letters that look like another language.</summary>
    ForeignWords,

    /// <summary>Words with the doubled marks of Vietnamese.</summary>
    Vietnamese,

    /// <summary>Punctuation, digits, white space, emoji.</summary>
    Marks,

    /// <summary>Chinese and Japanese.</summary>
    Ideographs,
    Hangul,
    Cyrillic,
    Greek,

    /// <summary>Arabic and Hebrew.</summary>
    Semitic,
    Devanagari,

    /// <summary>The other scripts of India and its neighbours, and rare ones.</summary>
    Indic,
    Thai,

    /// <summary>What stands around the texts: roles and separators.</summary>
    Frame,

    /// <summary>Tools and schemas, which providers rewrite.</summary>
    Tools,
}
