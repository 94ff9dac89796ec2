using LlmKit.AspNetCore;
using LlmKit.AspNetCore.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Makes HTTP results from answers.</summary>
public static class LlmResults
{
    /// <summary>Sends a streamed answer as server-sent events, each as it comes.</summary>
    /// <remarks>
    /// <para>The events, each with a JSON object as its data: <c>delta</c> (<c>text</c>), <c>tool</c> (<c>name</c> and <c>id</c> of a tool call,
    /// never its arguments), and as the last one <c>done</c> (<c>finishReason</c>, <c>model</c>, <c>cached</c>, <c>cost</c> in USD, <c>usage</c> in
    /// tokens, <c>callId</c>) or <c>error</c> (problem details). A stream that ends without either was cut on the way.</para>
    /// <para>Nothing is sent before the first content: a stream that fails until then is answered with a problem and its status. An exception
    /// that is not LlmKit's then goes to the application's handlers; later it is logged and told as <c>internal-error</c>. When the client
    /// leaves, the stream is cancelled and disposed of. Use a result once.</para>
    /// </remarks>
    /// <param name="updates">The updates, such as <c>chat.GetStreamingResponseAsync(…)</c> gives.</param>
    /// <param name="configure">Changes the settings; defaults when <see langword="null"/>.</param>
    /// <returns>The result.</returns>
    public static IResult ServerSentEvents(IAsyncEnumerable<ChatResponseUpdate> updates, Action<LlmEventOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var options = new LlmEventOptions();
        configure?.Invoke(options);
        return new EventStreamResult(updates, options);
    }
}
