using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>The variables of a prompt on its span, where content is on and the profile has a name for them: each redacted and cut, and no more than a few.</summary>
internal static class PromptTags
{
    private const int MostVariables = 32;
    private const int MostName = 128;

    public static void Set(Activity? span, TracingPolicy policy, ChatOptions options)
    {
        if (policy.Names.PromptVariablePrefix is not { } prefix || policy.Content is not { } content || span is not { IsAllDataRequested: true }
            || options.AdditionalProperties is not { Count: > 0 } properties
            || !properties.TryGetValue(PromptExtensions.PromptKey, out var value) || value is not LlmPrompt { Variables.Count: > 0 } prompt)
            return;
        try
        {
            var scope = content.NewScope();
            var isClean = PromptWriter.IsClean(scope, prompt);
            foreach (var (name, variable) in prompt.Variables.Take(MostVariables))
            {
                if (name.Length <= MostName && (isClean && !scope.Withholds(name, variable) ? policy.Reasons.Text(LlmPrompt.WordOf(variable)) : PromptWriter.Withheld) is { } text)
                    span.SetTag(prefix + name, text);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A value is anybody's object; it is not told, the call goes on.
        }
    }

    /// <summary>Takes them back.</summary>
    public static void Remove(Activity? span, TracingPolicy policy)
    {
        if (span is null || policy.Names.PromptVariablePrefix is not { } prefix)
            return;
        foreach (var (name, _) in span.TagObjects.ToList())
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                span.SetTag(name, null);
        }
    }
}
