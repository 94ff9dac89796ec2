namespace LlmKit.Models;

/// <summary>The sampling parameters of known models, by how their ids begin; as of November 2026.</summary>
internal static class SamplingRules
{
    // The first that fits decides. A Claude that is not listed came later and is taken to be like the newest: what is not sent is not refused.
    private static readonly (string Beginning, SamplingParameters Taken)[] ByBeginning =
    [
        ("claude-2", SamplingParameters.Temperature),
        ("claude-3", SamplingParameters.Temperature),
        ("claude-haiku-4-7", SamplingParameters.None),
        ("claude-haiku-4-8", SamplingParameters.None),
        ("claude-haiku-4-9", SamplingParameters.None),
        ("claude-haiku-4", SamplingParameters.Temperature),
        ("claude-sonnet-4-7", SamplingParameters.None),
        ("claude-sonnet-4-8", SamplingParameters.None),
        ("claude-sonnet-4-9", SamplingParameters.None),
        ("claude-sonnet-4", SamplingParameters.Temperature),
        ("claude-opus-4-7", SamplingParameters.None),
        ("claude-opus-4-8", SamplingParameters.None),
        ("claude-opus-4-9", SamplingParameters.None),
        ("claude-opus-4", SamplingParameters.Temperature),
        ("claude-", SamplingParameters.None),
        ("gpt-5-chat", SamplingParameters.All),
        ("gpt-5", SamplingParameters.None),
        ("gpt-6", SamplingParameters.None),
        ("codex-", SamplingParameters.None),
        ("o1", SamplingParameters.None),
        ("o3", SamplingParameters.None),
        ("o4", SamplingParameters.None),
    ];

    /// <summary>Finds what a model takes by its id, which may stand behind its maker's name, with a slash (<c>maker/id</c>) or dots (<c>region.maker.id</c>); <see langword="null"/> when it is not known.</summary>
    public static SamplingParameters? Find(string? modelId)
    {
        if (modelId is null)
            return null;
        var id = modelId[(modelId.LastIndexOf('/') + 1)..];
        if (id.IndexOf(".claude-", StringComparison.OrdinalIgnoreCase) is >= 0 and var dot)
            id = id[(dot + 1)..];
        // Some write 4.7 for 4-7.
        id = id.Replace('.', '-');
        foreach (var (beginning, taken) in ByBeginning)
        {
            if (id.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
                return taken;
        }

        return null;
    }
}
