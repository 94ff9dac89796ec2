using Microsoft.Extensions.AI;

namespace LlmKit.Testing;

/// <summary>One answer of a <see cref="ScriptedChatClient"/>: what it says, in which pieces, and how it goes wrong.</summary>
/// <remarks>Immutable; make variants with <c>with</c>. An asynchronous wait uses the client's clock.</remarks>
public sealed record ScriptedAnswer
{
    /// <summary>Gets the pieces of the text; a plain answer joins them.</summary>
    public IReadOnlyList<string> Chunks { get; init; } = [];

    /// <summary>Gets contents that follow the text, such as tool calls.</summary>
    public IReadOnlyList<AIContent> Contents { get; init; } = [];

    /// <summary>Gets the finish reason; <see langword="null"/> makes a truncated stream.</summary>
    public ChatFinishReason? FinishReason { get; init; } = ChatFinishReason.Stop;

    /// <summary>Gets the reported usage; <see langword="null"/> reports none.</summary>
    public UsageDetails? Usage { get; init; }

    /// <summary>Gets the conversation id that the provider gives.</summary>
    public string? ConversationId { get; init; }

    /// <summary>Gets what is thrown in place of the rest.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Gets how many chunks a stream gives before the failure; a plain answer fails at once.</summary>
    public int FailAfterChunks { get; init; }

    /// <summary>Gets the wait before anything is answered.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Gets the wait before each chunk after the first.</summary>
    public TimeSpan DelayBetween { get; init; }

    /// <summary>Gets the number of chunks after which the answer stops for ever; <see langword="null"/> for never.</summary>
    public int? HangAfterChunks { get; init; }

    /// <summary>Gets whether waits and hangs ignore their cancellation token.</summary>
    public bool IsDeaf { get; init; }

    /// <summary>Gives an answer of some text in pieces, with a usage of 10 input tokens and one output token a piece.</summary>
    /// <param name="chunks">The pieces.</param>
    /// <returns>The answer.</returns>
    public static ScriptedAnswer Text(params string[] chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        return new()
        {
            Chunks = chunks,
            Usage = new() { InputTokenCount = 10, OutputTokenCount = chunks.Length, TotalTokenCount = 10 + chunks.Length },
        };
    }

    /// <summary>Gives a failure before anything is answered.</summary>
    /// <param name="failure">What to throw.</param>
    /// <returns>The answer.</returns>
    public static ScriptedAnswer Throws(Exception failure) => new() { Failure = failure };

    /// <summary>Gives an answer that never comes, until its token is cancelled.</summary>
    /// <returns>The answer.</returns>
    public static ScriptedAnswer Hangs() => new() { HangAfterChunks = 0 };
}
