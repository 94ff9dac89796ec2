using LlmKit.Calls;

namespace LlmKit.Orchestration.Routing.Traffic;

/// <summary>One request to a model, from its start until its answer, or the stream of it, has ended.</summary>
internal sealed class TrafficTicket(ModelTraffic traffic) : IDisposable
{
    private readonly long _begun = traffic.Begin();
    private int _ended;

    /// <summary>Notes that the first content, or the whole answer, is there.</summary>
    public void Answered() => traffic.Answered(_begun);

    /// <summary>Notes a failure. LlmKit's own refusals say nothing about the model.</summary>
    public void Failed(Exception exception)
    {
        if (exception is not AttemptRefusedException)
            traffic.Failed(_begun);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            traffic.End();
    }
}
