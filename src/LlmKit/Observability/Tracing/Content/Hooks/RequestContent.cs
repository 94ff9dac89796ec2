using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>What a call asks, as it is to be recorded: redacted copies.</summary>
/// <remarks>Not thread-safe. Sensitive.</remarks>
public sealed class RequestContent
{
    /// <summary>Creates the content of a request, for tests of hooks.</summary>
    /// <param name="callId">The id of the call.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="messages">What is asked.</param>
    public RequestContent(string callId, string pipeline, IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(callId);
        ArgumentNullException.ThrowIfNull(pipeline);
        CallId = callId;
        Pipeline = pipeline;
        Messages = messages;
    }

    /// <summary>Gets the id of the call, as in <see cref="Calls.LlmCall.Id"/> and on its span as <c>llmkit.call.id</c>.</summary>
    public string CallId { get; }

    /// <summary>Gets the pipeline's name.</summary>
    public string Pipeline { get; }

    /// <summary>Gets or sets the messages. They may be changed as well as replaced; an empty list records none.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public IReadOnlyList<ChatMessage> Messages
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>Gets or sets the instructions beside the messages.</summary>
    /// <value><see langword="null"/> for none: none are recorded.</value>
    public string? Instructions { get; set; }

    /// <summary>Gets or sets where the messages are stored: spans and events tell it as <c>gen_ai.input.messages.ref</c>.</summary>
    /// <value><see langword="null"/> by default: nowhere. Such as the URI of a file. It is not redacted and not cut.</value>
    public string? MessagesReference { get; set; }

    /// <summary>Gets or sets where the instructions are stored: spans and events tell it as <c>gen_ai.system_instructions.ref</c>.</summary>
    /// <value><see langword="null"/> by default: nowhere. Such as the URI of a file. It is not redacted and not cut.</value>
    public string? InstructionsReference { get; set; }
}
