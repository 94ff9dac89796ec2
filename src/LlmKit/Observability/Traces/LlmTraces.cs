using LlmKit.Observability.Traces;

namespace LlmKit;

/// <summary>The records of a container's calls: resolve it from the services.</summary>
/// <remarks>Thread-safe. What is read here is as new as the calls that have ended: it waits for the writer first.</remarks>
public sealed class LlmTraces
{
    private readonly CallRecorder _recorder;

    internal LlmTraces(ITraceStore store, CallRecorder recorder)
    {
        Store = store;
        _recorder = recorder;
    }

    /// <summary>Gets the store, as it stands: calls that have just ended may still be on their way to it.</summary>
    public ITraceStore Store { get; }

    /// <summary>Gives a record with its texts.</summary>
    /// <param name="id">The id of the call, see <see cref="LlmKit.Calls.LlmCall.Id"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The record; <see langword="null"/> when it is not here, or not any more.</returns>
    public async ValueTask<TraceRecord?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        await _recorder.DrainAsync(cancellationToken).ConfigureAwait(false);
        return await Store.GetAsync(id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds records, the latest first.</summary>
    /// <param name="query">What to find; the latest 100 by default.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>A page of them.</returns>
    public async ValueTask<TracePage> ListAsync(TraceQuery? query = null, CancellationToken cancellationToken = default)
    {
        await _recorder.DrainAsync(cancellationToken).ConfigureAwait(false);
        return await Store.ListAsync(query ?? new(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sums up records over time.</summary>
    /// <param name="query">Which.</param>
    /// <param name="grouping">By what.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The groups, the earliest first.</returns>
    public async ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping, CancellationToken cancellationToken = default)
    {
        await _recorder.DrainAsync(cancellationToken).ConfigureAwait(false);
        return await Store.AggregateAsync(query, grouping, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells what two calls have different: first what was asked, then what was answered, then the figures.</summary>
    /// <param name="left">The id of one call.</param>
    /// <param name="right">The id of the other.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The differences; <see langword="null"/> when one of the calls is not here.</returns>
    public async ValueTask<TraceDiff?> DiffAsync(string left, string right, CancellationToken cancellationToken = default)
    {
        var first = await GetAsync(left, cancellationToken).ConfigureAwait(false);
        var second = await GetAsync(right, cancellationToken).ConfigureAwait(false);
        return first is null || second is null ? null : TraceDiff.Of(first, second);
    }

    /// <summary>Writes records as a data set: a line of JSON for each with <c>input</c>, <c>expected</c> and <c>metadata</c>, the latest first.</summary>
    /// <remarks>Sensitive: it holds the texts. <c>input</c> holds messages, <c>expected</c> those of the answer; records without texts are left out, and what calls asked for themselves unless the query asks for it.</remarks>
    /// <param name="query">Which; calls of models where it names no kind. Its paging is not used, all are written.</param>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="cancellationToken">Ends it; what was written stays.</param>
    /// <returns>How many were written.</returns>
    public async Task<int> ExportDatasetAsync(TraceQuery query, Stream output, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(output);
        var written = 0;
        query = query with { Kind = query.Kind ?? TraceKind.Chat, After = null, Limit = TraceQuery.MostPerPage };
        while (true)
        {
            var page = await ListAsync(query, cancellationToken).ConfigureAwait(false);
            foreach (var trace in page.Traces)
            {
                if (await Store.GetAsync(trace.Id, cancellationToken).ConfigureAwait(false) is not { Input.Count: > 0 } record)
                    continue;
                await output.WriteAsync(DatasetLine.Of(record), cancellationToken).ConfigureAwait(false);
                written++;
            }

            if (page.Next is null)
                return written;
            query = query with { After = page.Next };
        }
    }

    /// <summary>Forgets every record of a user, with all texts that no other record refers to, also those that still wait for the end of their request.</summary>
    /// <remarks>Records that name nobody, such as a tool's, go too where no other user has a record in their trace.</remarks>
    /// <param name="tenant">The user's tenant; <see langword="null"/> for users without one.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait; records may then be left.</param>
    /// <returns>How many records were deleted, with those that were on their way to the store.</returns>
    /// <exception cref="ArgumentException">The user is blank.</exception>
    public async ValueTask<int> DeleteByUserAsync(string? tenant, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        var waiting = await _recorder.ForgetAsync(tenant, user, cancellationToken).ConfigureAwait(false);
        return waiting + await Store.DeleteByUserAsync(tenant, user, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until every call that has ended is in the store, and outlives the machine as far as the store can make it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The task.</returns>
    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        await _recorder.DrainAsync(cancellationToken).ConfigureAwait(false);
        await Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
