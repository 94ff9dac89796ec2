using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>What a call was answered, as it is to be recorded: redacted copies.</summary>
/// <remarks>Not thread-safe. Sensitive.</remarks>
public sealed class ResponseContent
{
    /// <summary>Creates the content of an answer, for tests of hooks.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="response">The answer.</param>
    /// <param name="isComplete">Whether the answer came to its end.</param>
    public ResponseContent(RequestContent request, ChatResponse response, bool isComplete = true)
    {
        ArgumentNullException.ThrowIfNull(request);
        Request = request;
        Response = response;
        IsComplete = isComplete;
    }

    /// <summary>Gets what was asked, as the hook left it. Its references can still be set; its texts are written already.</summary>
    public RequestContent Request { get; }

    /// <summary>Gets the id of the call, as in <see cref="Calls.LlmCall.Id"/> and on its span as <c>llmkit.call.id</c>.</summary>
    public string CallId => Request.CallId;

    /// <summary>Gets the pipeline's name.</summary>
    public string Pipeline => Request.Pipeline;

    /// <summary>Gets whether the answer came to its end: <see langword="false"/> for a stream that its reader left or cancelled.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets or sets the answer. It may be changed as well as replaced; one without messages records none.</summary>
    /// <exception cref="ArgumentNullException">The value is <see langword="null"/>.</exception>
    public ChatResponse Response
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    }

    /// <summary>Gets or sets where the answer is stored: spans and events tell it as <c>gen_ai.output.messages.ref</c>.</summary>
    /// <value><see langword="null"/> by default: nowhere. Such as the URI of a file. It is not redacted and not cut.</value>
    public string? MessagesReference { get; set; }
}
