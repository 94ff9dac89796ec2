using System.Collections.Frozen;

namespace LlmKit.Simulator.Embeddings;

/// <summary>Words that carry no meaning of their own. Negations are not among them.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> All = (
        "a an the this that these those i you he she it we they me my your his her its our their mine yours us them " +
        "is are was were be been being am do does did have has had having will would can could shall should may might must " +
        "of in on at to for from by with about into over under and or but if so as than then there here " +
        "what which who whom whose when where why how please tell know want need like just also very some any " +
        "hi hello hey thanks thank")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static bool Contains(string word) => All.Contains(word);
}
