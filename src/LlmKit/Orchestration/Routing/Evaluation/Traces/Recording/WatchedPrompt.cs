using LlmKit.Internal.Keys;

namespace LlmKit.Orchestration.Routing.Evaluation.Traces;

/// <summary>What a log keeps of a prompt: so little that long ones do not fill it while their call runs.</summary>
/// <param name="Hash">Of the whole.</param>
/// <param name="Length">Of the whole, in UTF-16 code units.</param>
/// <param name="Kept">Its beginning; <see langword="null"/> where prompts are not recorded.</param>
internal sealed record WatchedPrompt(Hash256 Hash, int Length, string? Kept)
{
    public static WatchedPrompt Of(string prompt, RoutingTraceLogOptions options) =>
        new(KeyWriter.KeyOf([prompt]), prompt.Length, options.RecordPrompts ? Beginning(prompt, options.MaxPromptLength) : null);

    /// <summary>So much of a text, or one code unit less where a pair would be torn.</summary>
    private static string Beginning(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
