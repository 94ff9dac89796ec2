namespace LlmKit.Calls;

/// <summary>What only some calls have: made with the first of it, so that the others do not carry it. Not thread-safe: its call locks it.</summary>
internal sealed class CallNotes
{
    /// <summary>Gets or sets the keyed hash of what rails removed.</summary>
    public byte[]? Salt { get; set; }

    /// <summary>Gets or sets the pipelines that have joined the call; the array is replaced and never changed, so that it is read without the lock.</summary>
    public object[] JoinedBy { get; set; } = [];

    /// <summary>Gets what rails found.</summary>
    public Dictionary<string, object> Facts => field ??= [];

    /// <summary>Gets what the answer was found to depend on.</summary>
    public HashSet<string> CacheTags => field ??= new(StringComparer.Ordinal);

    /// <summary>Gets the tokens of attempts that the clock cancelled, and not the caller.</summary>
    public List<CancellationToken> Expired => field ??= [];

    /// <summary>Gets or sets the work that other calls wait for too.</summary>
    public SharedWork? Shared { get; set; }

    /// <summary>Gets or sets what the call has taken of limits on its callers; the array is replaced and never changed.</summary>
    public CallPass[] Passes { get; set; } = [];

    /// <summary>Gets or sets the book of a pipeline that has joined the call, where its own has none.</summary>
    public ICallBook? Book { get; set; }

    /// <summary>Gets or sets what the book wants to know again when the call closes.</summary>
    public object? Booked { get; set; }

    /// <summary>Gets or sets how long a stream took to its first content.</summary>
    public TimeSpan? FirstContent { get; set; }

    /// <summary>Gets or sets how the call stood to what is declared for it, once it has closed.</summary>
    public IReadOnlyList<ConstraintOutcome> Constraints { get; set; } = [];

    /// <summary>Gets or sets who is told when the call has closed; the array is replaced and never changed.</summary>
    public Action<LlmCall>[] Told { get; set; } = [];

    /// <summary>Gets or sets the answers to be kept if the call ends well.</summary>
    public List<IStagedAnswer>? Staged { get; set; }
}
