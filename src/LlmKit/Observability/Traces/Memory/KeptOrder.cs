namespace LlmKit.Observability.Traces;

/// <summary>Records in the order in which they came, threaded through the records themselves: nothing is allocated for a place in it.</summary>
internal sealed class KeptOrder
{
    public KeptRecord? First { get; private set; }

    public KeptRecord? Last { get; private set; }

    public int Count { get; private set; }

    public void Append(KeptRecord kept)
    {
        kept.Order = this;
        kept.Before = Last;
        if (Last is null)
            First = kept;
        else
            Last.After = kept;
        Last = kept;
        Count++;
    }

    public void Remove(KeptRecord kept)
    {
        if (kept.Before is null)
            First = kept.After;
        else
            kept.Before.After = kept.After;
        if (kept.After is null)
            Last = kept.Before;
        else
            kept.After.Before = kept.Before;
        (kept.Order, kept.Before, kept.After) = (null, null, null);
        Count--;
    }

    public void CopyTo(List<TraceSummary> records)
    {
        for (var kept = First; kept is not null; kept = kept.After)
            records.Add(kept.Record);
    }
}
