using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>How a request ended: the text that reached the caller, the call, and the exception if there was one.</summary>
internal sealed record Outcome(string Text, LlmCall? Call, Exception? Error)
{
    public IReadOnlyList<string> Decisions => [.. Call!.Steps.Select(step => (step.Observed ? "would be " : "") + step.Decision)];

    /// <summary>Asks one question, plain or streamed, and gives the outcome whatever it is.</summary>
    public static async Task<Outcome> OfAsync(IChatClient client, bool streamed, ChatOptions? options = null, string prompt = "hi", CancellationToken cancellationToken = default)
    {
        var text = "";
        LlmCall? call = null;
        try
        {
            if (streamed)
            {
                await foreach (var update in client.GetStreamingResponseAsync(prompt, options, cancellationToken))
                {
                    text += update.Text;
                    call = update.GetCall();
                }
            }
            else
            {
                var response = await client.GetResponseAsync(prompt, options, cancellationToken);
                (text, call) = (response.Text, response.FindCall());
            }

            return new(text, call, Error: null);
        }
        catch (Exception exception)
        {
            return new(text, exception.GetCall(), exception);
        }
    }
}
