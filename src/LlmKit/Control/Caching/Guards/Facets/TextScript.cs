namespace LlmKit.Control.Caching;

/// <summary>The script that most letters of a text are written in.</summary>
internal enum TextScript : byte
{
    None = 0,
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Indic,
    Chinese,
    Kana,
    Hangul,
    Other,
}
