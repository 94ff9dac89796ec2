namespace LlmKit.Observability.Traces;

/// <summary>A record's place in memory: in the order of all, and among those of its trace.</summary>
internal sealed class KeptRecord(TraceRecord record, KeptTrace trace)
{
    public TraceRecord Record { get; set; } = record;

    public KeptTrace Trace { get; } = trace;

    /// <summary>Gets or sets the order that it stands in.</summary>
    public KeptOrder? Order { get; set; }

    public KeptRecord? Before { get; set; }

    public KeptRecord? After { get; set; }

    public KeptRecord? BeforeInTrace { get; set; }

    public KeptRecord? AfterInTrace { get; set; }
}
