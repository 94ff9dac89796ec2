using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Takes down what calls are, cost and come to, for a report. Child calls are not told of: what they cost is their parent's.</summary>
/// <remarks>Implementations are thread-safe and fast, and throw nothing: they are told while a caller waits.</remarks>
internal interface ICallBook
{
    /// <summary>A call has reached its pipeline. One that is refused before is closed without this.</summary>
    /// <param name="call">The call.</param>
    /// <param name="messages">Its messages; <see langword="null"/> when a call that serves it came here and not itself.</param>
    /// <param name="options">Its options.</param>
    void Open(LlmCall call, IReadOnlyList<ChatMessage>? messages, ChatOptions options);

    /// <summary>An attempt of a call has ended, maybe after the call has closed.</summary>
    void AddAttempt(LlmCall call, CallAttempt attempt, Money cost);

    /// <summary>A call has closed, which each does once.</summary>
    void Close(LlmCall call);
}
