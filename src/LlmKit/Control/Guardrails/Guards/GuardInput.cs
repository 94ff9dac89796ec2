using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>A text that a guard is to look at.</summary>
/// <remarks>Immutable. It holds texts of the conversation: they belong in no log, exception or metric.</remarks>
/// <param name="Rail">Where it stands: one rail.</param>
/// <param name="Text">The text, redacted.</param>
/// <param name="Call">The call that it belongs to; a judge makes its own calls with <see cref="LlmCall.Child"/>, so that they are paid and shown.</param>
public sealed record GuardInput(Rail Rail, string Text, LlmCall Call)
{
    /// <summary>Gets the request as it goes to the model, redacted.</summary>
    public IReadOnlyList<ChatMessage> Conversation { get; init; } = [];

    /// <summary>Gets a door to the pipeline's models by name, for judges; <see langword="null"/> where the guardrail stands alone.</summary>
    public Func<string, IChatClient>? GetModel { get; init; }

    /// <summary>Gets whether this is a part of an answer that still streams, see <see cref="GuardStreaming.Window"/>.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Says what is looked at, without its text.</summary>
    /// <returns>The rail and the length.</returns>
    public override string ToString() => $"{Rail}, {Text.Length} characters";
}
