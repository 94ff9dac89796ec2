namespace LlmKit.Text;

/// <summary>What overlapping matches cover together. It is replaced as one, in the name of the strongest of them.</summary>
/// <remarks>
/// The strongest has the highest score; of several the longest, then the earliest. One that yields is weaker than all that do not. This
/// does not depend on the order in which they join, so that a stream, which learns of them one after another, comes to the same.
/// </remarks>
internal struct Stretch(TextHit first)
{
    private TextHit _strongest = first;

    public int Start { get; } = first.Start;

    public int End { get; private set; } = first.End;

    public void Join(in TextHit hit)
    {
        End = Math.Max(End, hit.End);
        if (IsStronger(hit, _strongest))
            _strongest = hit;
    }

    public readonly TextHit ToHit() => _strongest with { Start = Start, Length = End - Start, Tail = null, Lead = 0 };

    private static bool IsStronger(in TextHit a, in TextHit b)
    {
        if (a.Yields != b.Yields)
            return b.Yields;
        if (a.Score != b.Score)
            return a.Score > b.Score;
        return a.Length == b.Length ? HitMerger.ByPlace(a, b) < 0 : a.Length > b.Length;
    }
}
