using System.Runtime.CompilerServices;
using Anthropic.Models.Messages;
using LlmKit.Anthropic.Failures;
using Microsoft.Extensions.AI;

namespace LlmKit.Anthropic;

/// <summary>The SDK's own <see cref="IChatClient"/>, whose failures keep what they were told about coming back and lose any key.</summary>
/// <remarks>Safe to use from any thread; holds no state of a call.</remarks>
internal sealed class AnthropicChatClient(IChatClient innerClient, FailureNotes failures, bool ownsClient) : DelegatingChatClient(innerClient)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var box = new AnswerBox();
        AnswerTap.Into(box);
        try
        {
            var response = await base.GetResponseAsync(messages, WithHeldLimit(options), cancellationToken).ConfigureAwait(false);
            box.Left?.LeaveOn(response);
            return response;
        }
        catch (Exception e) when (failures.Note(e, box) is { } better)
        {
            throw better;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = base.GetStreamingResponseAsync(messages, WithHeldLimit(options), cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var _ = updates.ConfigureAwait(false);
        while (await MoveNextAsync(updates).ConfigureAwait(false))
            yield return updates.Current;
    }

    protected override void Dispose(bool disposing)
    {
        // The SDK's client disposes of its HTTP client, which may be the caller's.
        if (ownsClient) base.Dispose(disposing);
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        var box = new AnswerBox();
        AnswerTap.Into(box);
        try
        {
            if (!await updates.MoveNextAsync().ConfigureAwait(false))
                return false;
            // The headers come once, with the first update.
            box.Left?.LeaveOn(updates.Current);
            ToolCallPieces.Find(updates.Current);
            return true;
        }
        catch (Exception e) when (failures.Note(e, box) is { } better)
        {
            throw better;
        }
    }

    // The caller's own request object always carries a limit, and the SDK prefers it. What was reserved for may not be exceeded.
    private static ChatOptions? WithHeldLimit(ChatOptions? options)
    {
        if (options is not { RawRepresentationFactory: { } factory, MaxOutputTokens: { } limit }) return options;

        var held = options.Clone();
        held.RawRepresentationFactory = client => factory(client) is MessageCreateParams request
            ? request with { MaxTokens = Math.Min(request.MaxTokens, limit) }
            : null;
        return held;
    }
}
