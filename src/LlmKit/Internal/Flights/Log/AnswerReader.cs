using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>One reader of a log, who lets go of what it has read. One thread at a time.</summary>
/// <param name="log">The log.</param>
/// <param name="next">The place of the first update.</param>
/// <param name="readsWhole">Whether it waits for the end and then reads all at once.</param>
internal sealed class AnswerReader(AnswerLog log, LoggedUpdate next, bool readsWhole)
{
    private LoggedUpdate _next = next;

    public bool ReadsWhole => readsWhole;

    /// <summary>Gets how many updates it has read.</summary>
    public int Read { get; private set; }

    /// <summary>Reads the next update when it has come; <see langword="null"/> when no more come.</summary>
    public async ValueTask<LoggedUpdate?> ReadAsync(CancellationToken cancellationToken)
    {
        var update = _next;
        if (!await log.HasAsync(update, cancellationToken).ConfigureAwait(false))
            return null;
        _next = update.Next!;
        log.Passed(++Read);
        return update;
    }

    /// <summary>Gives the answer, put together of copies of what has come.</summary>
    public ChatResponse ToResponse(IUpdateKeeper keeper) => _next.AndFollowing().Select(update => update.Copy(keeper)).ToChatResponse();

    public void Leave() => log.Leave(this);
}
