namespace LlmKit.Control.Caching;

/// <summary>The language that the small words of a text belong to. Unknown agrees with every one.</summary>
internal enum TextLanguage : byte
{
    Unknown = 0,
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
    Swedish,
    Polish,
}
