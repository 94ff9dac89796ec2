using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says which prompt a request was made from, so that traces can be compared by it.</summary>
public static class PromptExtensions
{
    internal const string NameKey = "llmkit.prompt.name";
    internal const string VersionKey = "llmkit.prompt.version";
    internal const string PromptKey = "llmkit.prompt";

    /// <summary>Notes the prompt that a request was made from. Names only: no provider sees them.</summary>
    /// <remarks>They lie in <see cref="ChatOptions.AdditionalProperties"/> as <c>llmkit.prompt.name</c> and <c>llmkit.prompt.version</c>, which may be set by hand as well.</remarks>
    /// <typeparam name="TOptions">The class of the options.</typeparam>
    /// <param name="options">The options of the request; they are changed.</param>
    /// <param name="name">The prompt's name, such as <c>summarise-ticket</c>; at most 128 characters are reported.</param>
    /// <param name="version">Its version; <see langword="null"/> when it has none.</param>
    /// <returns>The same options.</returns>
    public static TOptions WithPrompt<TOptions>(this TOptions options, string name, string? version = null)
        where TOptions : ChatOptions
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var properties = options.AdditionalProperties ??= [];
        properties.Remove(PromptKey);
        properties[NameKey] = name;
        if (version is null)
            properties.Remove(VersionKey);
        else
            properties[VersionKey] = version;
        return options;
    }

    /// <summary>Notes the prompt that a request was made from, with its template and variables. No provider sees them, and no log or metric more than name and version.</summary>
    /// <remarks>
    /// Template and variables go to trace records that hold texts (<see cref="TraceStoreOptions.Content"/>), through <see cref="TracingOptions.Redact"/> first:
    /// the template, and each value by itself. Where what they make together would be redacted further, as in <c>Password: {{password}}</c>, no value is kept.
    /// Spans of the next conventions hold the variables where <see cref="TracingOptions.CaptureContent"/> is on, in the same way: the first 32, each up to 256 characters.
    /// Beside the keys of <see cref="WithPrompt{TOptions}(TOptions, string, string?)"/> it lies in <see cref="ChatOptions.AdditionalProperties"/> as <c>llmkit.prompt</c>.
    /// What is sent is the caller's to make, for instance by <see cref="LlmPrompt.Render"/>.
    /// </remarks>
    /// <typeparam name="TOptions">The class of the options.</typeparam>
    /// <param name="options">The options of the request; they are changed.</param>
    /// <param name="prompt">The prompt.</param>
    /// <returns>The same options.</returns>
    public static TOptions WithPrompt<TOptions>(this TOptions options, LlmPrompt prompt)
        where TOptions : ChatOptions
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options.WithPrompt(prompt.Name, prompt.Version).AdditionalProperties![PromptKey] = prompt;
        return options;
    }
}
