using System.Runtime.CompilerServices;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>One call that waits for a flight: the one that began it, or one that has joined.</summary>
/// <param name="flight">The flight.</param>
/// <param name="call">The call.</param>
/// <param name="began">Whether the flight runs under this call.</param>
/// <param name="reader">Its place in what comes; <see langword="null"/> where the answer comes whole.</param>
internal sealed class Passenger(Flight flight, LlmCall call, bool began, AnswerReader? reader)
{
    /// <summary>Gets the call whose request this one waits for; <see langword="null"/> when it is its own.</summary>
    public LlmCall? Asker => began ? null : flight.Request.Call;

    /// <summary>Gets whether the flight ended with a refusal that concerns only the call which began it, whose limits are not another call's. Who has shown something must not begin anew.</summary>
    public bool MustAskItself => !began && reader is not { Read: > 0 } && flight.End is { IsCompletedSuccessfully: true, Result.IsRefusal: true };

    /// <summary>Waits for the answer.</summary>
    /// <returns><see langword="null"/> for a call that must ask itself.</returns>
    public async ValueTask<ChatResponse?> AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            NoteJoined();
            var end = await flight.End.WaitAsync(cancellationToken).ConfigureAwait(false);
            return MustAskItself ? null : end.ToResponse(call, began, reader, flight.Request.Updates);
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads the answer from its beginning. Nothing at all comes for a call that must ask itself.</summary>
    public async IAsyncEnumerable<ChatResponseUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            NoteJoined();
            while (reader is not null && await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { } update)
                yield return began ? update.Original : update.Copy(flight.Request.Updates);
            var end = await flight.End.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (MustAskItself)
                yield break;
            foreach (var update in end.ToUpdates(call, began, reader))
                yield return update;
        }
        finally
        {
            await LeaveAsync().ConfigureAwait(false);
        }
    }

    private void NoteJoined()
    {
        if (!began)
            flight.Request.NoteJoined(call);
    }

    private ValueTask LeaveAsync()
    {
        reader?.Leave();
        return flight.LeaveAsync(call);
    }
}
