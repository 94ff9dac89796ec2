using LlmKit.Calls;
using LlmKit.Models;

namespace LlmKit.Orchestration.Routing.Traffic;

/// <summary>One request to a model, from its start until its answer, or the stream of it, has ended.</summary>
internal sealed class TrafficTicket(ModelTraffic traffic) : IDisposable
{
    private readonly long _begun = traffic.Begin();
    private volatile bool _hasOutcome;
    private int _ended;

    /// <summary>Notes that the first content, or the whole answer, is there.</summary>
    public void Answered()
    {
        _hasOutcome = true;
        traffic.Answered(_begun);
    }

    /// <summary>Notes a failure. LlmKit's own refusals say nothing about the model, nor does what was wrong with the request.</summary>
    public void Failed(Exception exception)
    {
        _hasOutcome = true;
        if (exception is not AttemptRefusedException && exception.GetModelFailure()?.Kind is not (ModelFailureKind.InvalidRequest or ModelFailureKind.ContextLengthExceeded or ModelFailureKind.ContentFiltered))
            traffic.Failed();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
            return;
        if (!_hasOutcome)
            traffic.Left(_begun);
        traffic.End();
    }
}
