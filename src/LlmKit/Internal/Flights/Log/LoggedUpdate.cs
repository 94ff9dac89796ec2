using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>The place of one update in a log, empty until it has come. Whoever holds a place holds all that follow it, and none before.</summary>
/// <remarks>Filled once, under the log's lock; not changed any more after that.</remarks>
internal sealed class LoggedUpdate
{
    private ChatResponseUpdate? _update;

    public bool HasCome => Next is not null;

    /// <summary>Gets the place after this one; <see langword="null"/> as long as this one is empty.</summary>
    public LoggedUpdate? Next { get; private set; }

    /// <summary>Gets the update taken down; <see langword="null"/> when it was not, or cannot be.</summary>
    public object? Kept { get; private set; }

    /// <summary>Gets the update itself, for the call that asked.</summary>
    public ChatResponseUpdate Original => _update!;

    /// <summary>Fills the place.</summary>
    /// <returns>The place of the next update.</returns>
    public LoggedUpdate Fill(ChatResponseUpdate update, object? kept)
    {
        _update = update;
        Kept = kept;
        return Next = new();
    }

    /// <summary>Gives the update for another call. What cannot be taken down is shared as it is.</summary>
    public ChatResponseUpdate Copy(IUpdateKeeper keeper) => Kept is null ? KeptAnswer.WithoutUsage(Original) : keeper.Copy(Kept);

    /// <summary>Gives this place and those that follow it, as far as they are filled.</summary>
    public IEnumerable<LoggedUpdate> AndFollowing()
    {
        for (var place = this; place.HasCome; place = place.Next!)
            yield return place;
    }
}
