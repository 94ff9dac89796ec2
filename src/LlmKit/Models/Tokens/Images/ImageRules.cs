namespace LlmKit.Models;

/// <summary>The image rules of known models, by how their ids begin; as of November 2026.</summary>
internal static class ImageRules
{
    private static readonly ImageTokenRule ClaudeStandard = ImageTokenRule.Patches(28, 1_568, 1_568);
    private static readonly ImageTokenRule ClaudeHighResolution = ImageTokenRule.Patches(28, 4_784, 2_576);
    private static readonly ImageTokenRule Mini = ImageTokenRule.Patches(32, 1_536, tokensPerPatch: 1.62);
    private static readonly ImageTokenRule Nano = ImageTokenRule.Patches(32, 1_536, tokensPerPatch: 2.46);
    private static readonly ImageTokenRule Gpt4 = ImageTokenRule.Tiles(85, 170);
    private static readonly ImageTokenRule Gpt5 = ImageTokenRule.Tiles(70, 140);
    private static readonly ImageTokenRule Reasoning = ImageTokenRule.Tiles(75, 150);

    // The longest beginning decides. Models that came after GPT-5.1 have rules of their own that are not listed for each, so they stay unknown.
    private static readonly (string Beginning, ImageTokenRule? Rule)[] ByBeginning =
    [
        ("claude-", ClaudeHighResolution),
        ("claude-3", ClaudeStandard),
        ("claude-haiku-4", ClaudeStandard),
        ("claude-sonnet-4", ClaudeStandard),
        ("claude-opus-4", ClaudeStandard),
        ("claude-opus-4-7", ClaudeHighResolution),
        ("claude-opus-4-8", ClaudeHighResolution),
        ("gpt-4o", Gpt4),
        ("gpt-4o-mini", ImageTokenRule.Tiles(2_833, 5_667)),
        ("gpt-4.1", Gpt4),
        ("gpt-4.1-mini", Mini),
        ("gpt-4.1-nano", Nano),
        ("gpt-5", Gpt5),
        ("gpt-5-mini", Mini),
        ("gpt-5-nano", Nano),
        ("gpt-5.", null),
        ("gpt-5.1", Gpt5),
        ("gpt-5.1-codex-mini", Mini),
        ("o1", Reasoning),
        ("o3", Reasoning),
        ("o4-mini", ImageTokenRule.Patches(32, 1_536, tokensPerPatch: 1.72)),
    ];

    public static ImageTokenRule? Find(string? modelId)
    {
        if (modelId is null)
            return null;
        var best = ("", Rule: (ImageTokenRule?)null);
        foreach (var known in ByBeginning)
        {
            if (known.Beginning.Length > best.Item1.Length && modelId.StartsWith(known.Beginning, StringComparison.OrdinalIgnoreCase))
                best = known;
        }

        return best.Rule;
    }
}
