using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>Reports calls, and takes down what those ask and hear that serve them: judges, repairs, samples.</summary>
/// <remarks>Implementations are thread-safe and never throw.</remarks>
internal interface ICallReporter
{
    /// <summary>Begins to take down one request to a model.</summary>
    /// <param name="child">The call that makes it, which serves another.</param>
    /// <param name="messages">What is asked.</param>
    /// <param name="options">With what.</param>
    /// <param name="model">Of which model.</param>
    /// <param name="isStreaming">Whether the answer is to come as a stream.</param>
    /// <param name="clock">The clock of the attempt, which is told through the report.</param>
    /// <returns>What to tell how it goes on, once to its end; <see langword="null"/> when nobody keeps it.</returns>
    IRequestReport? Begin(LlmCall child, IReadOnlyList<ChatMessage> messages, ChatOptions options, Model model, bool isStreaming, IAttemptClock? clock);
}

/// <summary>Is told how one request goes on. It is the clock of the attempt, by whose start it is known among those of its call.</summary>
/// <remarks>Used by one at a time, and never throws. Only the first end counts; it is told when the attempt is settled.</remarks>
internal interface IRequestReport : IAttemptClock
{
    /// <summary>An update of a stream has come.</summary>
    void Observe(ChatResponseUpdate update);

    /// <summary>The stream has ended well.</summary>
    void Complete();

    /// <summary>The answer has come.</summary>
    void Complete(ChatResponse response);

    /// <summary>There is no answer, or no whole one.</summary>
    void Fail(Exception exception, CancellationToken cancellationToken);

    /// <summary>The reader has left the stream.</summary>
    void Leave();
}
