using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Gets the call behind a response, a stream's update or an exception.</summary>
public static class CallExtensions
{
    /// <summary>Gets the closed call that gave a response.</summary>
    /// <param name="response">A response that came from a pipeline, not a copy of one.</param>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The response did not come from an LlmKit pipeline.</exception>
    public static LlmCall GetCall(this ChatResponse response) => response.FindCall()
        ?? throw new InvalidOperationException("This response carries no call. Take it from an LlmKit pipeline, outside of decorators that build responses of their own.");

    /// <summary>Gets the closed call that gave a response, or <see langword="null"/>.</summary>
    /// <param name="response">A response.</param>
    /// <returns>The call, or <see langword="null"/> when the response did not come from a pipeline.</returns>
    public static LlmCall? FindCall(this ChatResponse response) => (response as CallResponse)?.Call;

    /// <summary>Gets the call from a stream's update. Only the last, empty update carries it.</summary>
    /// <param name="update">An update.</param>
    /// <returns>The closed call, or <see langword="null"/> for any other update.</returns>
    public static LlmCall? GetCall(this ChatResponseUpdate update) => (update as CallUpdate)?.Call;

    /// <summary>Gets the call that an exception ended, also when it was wrapped since.</summary>
    /// <param name="exception">An exception.</param>
    /// <returns>The closed call, or <see langword="null"/> when the exception did not come from a pipeline.</returns>
    public static LlmCall? GetCall(this Exception exception) => CallErrors.Find(exception);
}
