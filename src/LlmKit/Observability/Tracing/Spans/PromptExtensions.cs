using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Says which prompt a request was made from, so that traces can be compared by it.</summary>
public static class PromptExtensions
{
    internal const string NameKey = "llmkit.prompt.name";
    internal const string VersionKey = "llmkit.prompt.version";

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
        properties[NameKey] = name;
        if (version is null)
            properties.Remove(VersionKey);
        else
            properties[VersionKey] = version;
        return options;
    }
}
