using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.AspNetCore.Traces;

/// <summary>Reads for one request of the page: where calls are recorded in this process, those that have just ended are waited for.</summary>
internal readonly struct TraceReading
{
    private readonly LlmTraces? _traces;
    private readonly ITraceStore _store;
    private readonly CancellationToken _aborted;

    private TraceReading(HttpContext context)
    {
        _traces = context.RequestServices.GetService<LlmTraces>();
        _store = context.RequestServices.GetRequiredService<ITraceStore>();
        _aborted = context.RequestAborted;
    }

    public static TraceReading Of(HttpContext context) => new(context);

    public ValueTask<TraceRecord?> GetAsync(string id) => _traces is null ? _store.GetAsync(id, _aborted) : _traces.GetAsync(id, _aborted);

    public ValueTask<TracePage> ListAsync(TraceQuery query) => _traces is null ? _store.ListAsync(query, _aborted) : _traces.ListAsync(query, _aborted);

    public ValueTask<IReadOnlyList<TraceGroup>> AggregateAsync(TraceQuery query, TraceGrouping grouping) =>
        _traces is null ? _store.AggregateAsync(query, grouping, _aborted) : _traces.AggregateAsync(query, grouping, _aborted);

    /// <summary>Adds a score, to the record of a call that has just ended too.</summary>
    public async ValueTask<bool> ScoreAsync(string id, TraceScore score) =>
        await GetAsync(id).ConfigureAwait(false) is not null && await _store.ScoreAsync(id, score, _aborted).ConfigureAwait(false);
}
