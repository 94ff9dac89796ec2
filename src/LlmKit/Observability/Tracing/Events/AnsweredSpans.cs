using System.Diagnostics;
using LlmKit.Calls;

namespace LlmKit.Observability.Tracing;

/// <summary>Remembers which span a call's answer was, for what is said about it later. Thread-safe; the oldest are forgotten.</summary>
internal sealed class AnsweredSpans
{
    public const int Remembered = 10_000;

    private const int Least = 64;

    private readonly Lock _lock = new();
    private AnsweredSpan[] _spans = new AnsweredSpan[Least];
    private int _count;

    public void Add(in AnsweredSpan span)
    {
        lock (_lock)
        {
            if (_count == _spans.Length && _count < Remembered)
                Array.Resize(ref _spans, Math.Min(_count * 2, Remembered));
            _spans[_count++ % _spans.Length] = span;
            // Once around: all places are taken, and the next one is the oldest.
            if (_count == Remembered * 2)
                _count = Remembered;
        }
    }

    /// <summary>Finds the span of a call, by looking at all: it is asked for once in a long while, and remembered with every call.</summary>
    public AnsweredSpan? Find(string callId)
    {
        lock (_lock)
        {
            foreach (ref readonly var span in _spans.AsSpan(0, Math.Min(_count, _spans.Length)))
            {
                if (span.Call == callId)
                    return span;
            }
        }

        return null;
    }
}

/// <summary>The span of a call's answer.</summary>
/// <param name="Call">The call's id.</param>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span.</param>
/// <param name="Flags">Whether the trace is recorded.</param>
/// <param name="ResponseId">The id that the provider gave the answer; <see langword="null"/> for none.</param>
/// <param name="Policy">What may be told of it.</param>
internal readonly record struct AnsweredSpan(
    string Call, ActivityTraceId TraceId, ActivitySpanId SpanId, ActivityTraceFlags Flags, string? ResponseId, TracingPolicy Policy)
{
    public ActivityContext Context => new(TraceId, SpanId, Flags);
}
