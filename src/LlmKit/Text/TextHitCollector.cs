namespace LlmKit.Text;

/// <summary>Takes the matches of detectors, and takes no memory before the first.</summary>
/// <remarks>Lives on the stack of one scan and is passed by reference. Matches below the least score are ignored.</remarks>
public ref struct TextHitCollector
{
    private readonly DetectionScore _minScore;
    private List<TextHit>? _hits;

    /// <summary>Creates an empty collector.</summary>
    /// <param name="minScore">The least score taken; <see cref="DetectionScore.Low"/> takes everything.</param>
    public TextHitCollector(DetectionScore minScore) => _minScore = minScore;

    internal TextHitCollector(DetectionScore minScore, List<TextHit> hits)
    {
        _minScore = minScore;
        _hits = hits;
    }

    /// <summary>The number of matches taken so far.</summary>
    public readonly int Count => _hits?.Count ?? 0;

    internal readonly List<TextHit>? Hits => _hits;

    /// <summary>The index of the rule that is looking.</summary>
    internal int Owner { get; set; }

    /// <summary>Whether it looks at the text as it stands.</summary>
    internal bool Yields { get; set; }

    /// <summary>Takes a match.</summary>
    /// <param name="hit">The match; ignored if its score is too low or its length is zero.</param>
    public void Add(in TextHit hit)
    {
        if (hit.Score >= _minScore && hit.Length > 0)
            (_hits ??= []).Add(hit with { Owner = Owner, Yields = Yields });
    }

    /// <summary>Copies the matches taken so far, in the order in which they came.</summary>
    /// <returns>The matches; overlaps are not resolved.</returns>
    public readonly IReadOnlyList<TextHit> ToList() => _hits is null ? [] : [.. _hits];
}
