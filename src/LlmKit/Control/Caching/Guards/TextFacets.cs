namespace LlmKit.Control.Caching;

/// <summary>What the guards compare of a text: read once, when it is asked or stored. Sets are sorted.</summary>
internal sealed record TextFacets
{
    public required string[] Numbers { get; init; }

    public required string[] Codes { get; init; }

    public required string[] Units { get; init; }

    public required string[] Moments { get; init; }

    /// <summary>Gets the words in quotation marks.</summary>
    public required string[] Quotes { get; init; }

    /// <summary>Gets the capitalised words in lower case.</summary>
    public required string[] Names { get; init; }

    /// <summary>Gets all words in lower case.</summary>
    public required HashSet<string> Words { get; init; }

    /// <summary>Gets the words that carry meaning, without their endings, in order.</summary>
    public required string[] Content { get; init; }

    /// <summary>Gets names and numbers in order.</summary>
    public required string[] Sequence { get; init; }

    public required (int Group, int Side)[] Sides { get; init; }

    public required bool IsNegated { get; init; }

    /// <summary>Gets whether the text compares its parts, so that their order means nothing.</summary>
    public required bool IsSymmetric { get; init; }

    public required QuestionKind Kind { get; init; }

    public required TextScript Script { get; init; }

    public long Size => 600 + (60L * (Words.Count + Content.Length + Numbers.Length + Names.Length));

    public static TextFacets Of(string text) => new FacetReader(text).Read();
}
