namespace LlmKit.Observability.Traces;

/// <summary>The records of one trace, the earliest first, threaded through the records themselves.</summary>
internal sealed class KeptTrace
{
    private KeptRecord? _last;

    public KeptRecord? First { get; private set; }

    public void Append(KeptRecord kept)
    {
        kept.BeforeInTrace = _last;
        if (_last is null)
            First = kept;
        else
            _last.AfterInTrace = kept;
        _last = kept;
    }

    public void Remove(KeptRecord kept)
    {
        if (kept.BeforeInTrace is null)
            First = kept.AfterInTrace;
        else
            kept.BeforeInTrace.AfterInTrace = kept.AfterInTrace;
        if (kept.AfterInTrace is null)
            _last = kept.BeforeInTrace;
        else
            kept.AfterInTrace.BeforeInTrace = kept.BeforeInTrace;
    }

    /// <summary>Gives its records as they are now, so that they can be taken out while they are gone through.</summary>
    public List<KeptRecord> ToList()
    {
        var all = new List<KeptRecord>();
        for (var kept = First; kept is not null; kept = kept.AfterInTrace)
            all.Add(kept);
        return all;
    }
}
