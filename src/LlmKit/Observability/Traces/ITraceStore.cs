namespace LlmKit.Observability.Traces;

/// <summary>Keeps records of operations, finds them again, and forgets them.</summary>
/// <remarks>
/// Implementations are thread-safe. They are written to by one background writer, never on a call's own way: what they throw is counted and logged
/// by type, and no call fails by it. They keep each text once however many records refer to it. Replace the embedded ones by registering your own in the services.
/// </remarks>
public interface ITraceStore
{
    /// <summary>Adds records. One with an id that is known already takes the place of the earlier one, and keeps its scores.</summary>
    /// <param name="records">The records.</param>
    /// <param name="cancellationToken">Ends the wait; what was not added is lost.</param>
    /// <returns>A task that ends when they can be found; on a disk they are only after <see cref="FlushAsync"/>.</returns>
    ValueTask AddAsync(IReadOnlyList<TraceRecord> records, CancellationToken cancellationToken = default);

    /// <summary>Gives a record with its texts.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The record; <see langword="null"/> when it is not here, or not any more.</returns>
    ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Finds records, the latest first.</summary>
    /// <remarks>Records with a <see cref="TraceSummary.Purpose"/> are found only where the query asks for them, by <see cref="TraceQuery.Purpose"/> or <see cref="TraceQuery.WithChildren"/>.</remarks>
    /// <param name="query">What to find.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>A page of them.</returns>
    ValueTask<TracePage> ListAsync(TraceQuery query, CancellationToken cancellationToken = default);

    /// <summary>Sums up records over time, the same ones that <see cref="ListAsync"/> finds.</summary>
    /// <param name="query">Which; its paging is not used.</param>
    /// <param name="grouping">By what.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>A group for each value and stretch of time that has a record, the earliest first.</returns>
    ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default);

    /// <summary>Adds what somebody said about an answer.</summary>
    /// <param name="id">The record's id.</param>
    /// <param name="score">What was said. A later one of the same name and source takes the place of the earlier.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether the record is here.</returns>
    ValueTask<bool> ScoreAsync(string id, TraceScore score, CancellationToken cancellationToken = default);

    /// <summary>Forgets every record of a user, with all texts that no other record refers to.</summary>
    /// <remarks>Records that name nobody, such as a tool's, go too where no other user has a record in their trace.</remarks>
    /// <param name="tenant">The user's tenant; <see langword="null"/> for users without one.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait; records may then be left.</param>
    /// <returns>How many records were deleted.</returns>
    ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default);

    /// <summary>Waits until everything that was added outlives the process, as far as the store can make it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken = default);
}
