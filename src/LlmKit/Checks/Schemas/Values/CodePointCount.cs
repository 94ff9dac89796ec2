namespace LlmKit.Checks.Schemas.Values;

/// <summary>The length of a string as JSON Schema counts it: in code points.</summary>
internal static class CodePointCount
{
    public static int Of(string text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
            count -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        return count;
    }
}
