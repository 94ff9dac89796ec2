namespace LlmKit.OpenAI.Requests;

/// <summary>OpenAI takes names of ASCII letters, digits, '_' and '-' only, at most 64 of them, and refuses the whole request otherwise.</summary>
internal static class Names
{
    private const int MaxLength = 64;

    internal static string? Clean(string? name)
    {
        if (name is null) return null;
        var clean = new string([.. name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-').Take(MaxLength)]);
        return clean.Length > 0 ? clean : null;
    }
}
