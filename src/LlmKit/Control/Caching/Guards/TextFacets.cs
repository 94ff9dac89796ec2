namespace LlmKit.Control.Caching;

/// <summary>What the guards compare of a text.</summary>
internal sealed record TextFacets(string Text)
{
    public long Size => 2L * Text.Length;

    public static TextFacets Of(string text) => new(text);
}
