using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;

namespace LlmKit.Observability.Traces;

/// <summary>Tells which spans belong to a container where several record in one process, for all of them hear every span.</summary>
/// <remarks>
/// Thread-safe. A span belongs where a call of its trace was recorded; where none was, anywhere: it has nothing to go by. It is known when the request
/// around it has ended. A container that is the only one owns all, and remembers nothing.
/// </remarks>
internal sealed class TraceClaims : IDisposable
{
    private const int MostRemembered = 10_000;

    private static ImmutableArray<TraceClaims> all = [];

    private readonly ConcurrentDictionary<ActivityTraceId, bool> _claimed = new();
    private readonly ConcurrentQueue<ActivityTraceId> _order = new();

    public TraceClaims() => ImmutableInterlocked.Update(ref all, static (known, claims) => known.Add(claims), this);

    private static bool AreSeveral => all.Length > 1;

    /// <summary>Notes that a call of a trace is recorded here.</summary>
    public void Claim(Activity? span)
    {
        if (!AreSeveral || span is null || !_claimed.TryAdd(span.TraceId, true))
            return;
        _order.Enqueue(span.TraceId);
        if (_order.Count > MostRemembered && _order.TryDequeue(out var oldest))
            _claimed.TryRemove(oldest, out _);
    }

    /// <summary>Whether a span belongs here; <see langword="null"/> while a call may still come that says so.</summary>
    public bool? Owns(Activity span)
    {
        if (!AreSeveral || Has(span))
            return true;
        return TraceSampling.RootOf(span)!.IsStopped ? IsNobodys(span) : null;
    }

    /// <summary>Whether no container has recorded a call of a span's trace.</summary>
    public static bool IsNobodys(Activity span) => !all.Any(claims => claims.Has(span));

    public void Dispose() => ImmutableInterlocked.Update(ref all, static (known, claims) => known.Remove(claims), this);

    private bool Has(Activity span) => _claimed.ContainsKey(span.TraceId);
}
