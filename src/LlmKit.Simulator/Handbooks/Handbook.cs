using System.Text.Json;
using LlmKit.Simulator.Answers;

namespace LlmKit.Simulator.Handbooks;

/// <summary>What the simulated models know: answers by the words of the question.</summary>
/// <remarks>
/// Immutable once built, so thread-safe. Matching looks at the last user message only: lower-cased, whole words and phrases, every
/// term of <see cref="HandbookEntry.When"/> present (alternatives divided by <c>|</c>), none of <see cref="HandbookEntry.Unless"/>;
/// the entry with the most terms wins, ties go to the first in the file. JSON property names are camel case; an unknown property is
/// an error, so that a misspelt one is not silently ignored.
/// </remarks>
public sealed record Handbook
{
    // Generated deserialisation passes null for an init-only property that the JSON leaves out, here and in the types below.
    private const string DefaultFallback = "I am sorry, I do not know the answer to that question.";

    /// <summary>A handbook without entries: every question gets the default fallback.</summary>
    public static Handbook Empty { get; } = new();

    /// <summary>The answer when no entry matches.</summary>
    /// <value>Default: a sentence that says that the model does not know.</value>
    public string Fallback { get; init => field = value ?? DefaultFallback; } = DefaultFallback;

    /// <summary>Groups of words or phrases that mean the same; embeddings map each group to one concept. Matching does not use them.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<IReadOnlyList<string>> Synonyms { get; init => field = value ?? []; } = [];

    /// <summary>What the models know.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyList<HandbookEntry> Entries { get; init => field = value ?? []; } = [];

    /// <summary>Reads a handbook from JSON text.</summary>
    /// <param name="json">The text; comments and trailing commas are allowed.</param>
    /// <returns>The handbook, checked.</returns>
    /// <exception cref="LlmException">The text is not a handbook, or an entry is incomplete or has a wrong pattern.</exception>
    public static Handbook Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return Checked(JsonSerializer.Deserialize(json, HandbookJson.Default.Handbook));
        }
        catch (JsonException exception)
        {
            throw new LlmException("The handbook is not valid JSON of the expected shape. Correct it at the place that the inner exception names.", exception);
        }
    }

    /// <summary>Reads a handbook from a JSON file.</summary>
    /// <param name="path">The file, UTF-8.</param>
    /// <returns>The handbook, checked.</returns>
    /// <exception cref="LlmException">The text is not a handbook, or an entry is incomplete or has a wrong pattern.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Handbook Load(string path) => Parse(File.ReadAllText(path));

    private static Handbook Checked(Handbook? handbook)
    {
        if (handbook is null)
            throw new LlmException("The handbook is 'null'. Give an object with 'entries'.");

        foreach (var entry in handbook.Entries)
            _ = CompiledEntry.From(entry);
        return handbook;
    }
}
