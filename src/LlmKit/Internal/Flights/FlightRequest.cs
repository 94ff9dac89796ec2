using LlmKit.Calls;
using LlmKit.Internal.Keys;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>A request whose answer several calls may wait for: what makes it the same as another, what is needed to carry it out, and who remembers its outcome.</summary>
internal abstract class FlightRequest(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call)
{
    public IReadOnlyList<ChatMessage> Messages { get; } = messages;

    public ChatOptions Options { get; } = options;

    public LlmCall Call { get; } = call;

    /// <summary>Gets what equal requests share.</summary>
    public abstract Hash256 Key { get; }

    /// <summary>Gets how many bytes an answer may have that comes in updates and is kept from its beginning.</summary>
    public abstract long MaxBytes { get; }

    /// <summary>Gets whether the outcome is remembered beyond the flight: then it is taken down as a whole.</summary>
    public virtual bool IsRemembered => false;

    /// <summary>Gets how updates are taken down for the other calls.</summary>
    public abstract IUpdateKeeper Updates { get; }

    /// <summary>Finds how the request ended before; <see langword="null"/> when it must be carried out.</summary>
    public virtual ValueTask<FlightEnd?> FindAsync(CancellationToken cancellationToken) => default;

    /// <summary>Remembers how it ended.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="isLeft">Whether every call had left before.</param>
    public virtual ValueTask RememberAsync(FlightEnd end, bool isLeft) => default;

    /// <summary>Is told that it has ended.</summary>
    public virtual void Ended()
    {
    }

    /// <summary>Notes on a call that it waits for the answer of another.</summary>
    public abstract void NoteJoined(LlmCall joined);
}
