namespace LlmKit.Checks.Values;

/// <summary>The whole text, but for case, white space and closing punctuation.</summary>
internal sealed class TextValue : IAnswerValue
{
    public string? Read(string answer) => Of(answer.AsSpan().TrimEnd(" \t\r\n.!").ToString());

    /// <summary>Gives a text without the differences that mean nothing; <see langword="null"/> for an empty one.</summary>
    public static string? Of(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant() is { Length: > 0 } value ? value : null;
}
