using Microsoft.Extensions.AI;
using static LlmKit.Testing.Contracts.ContractBrokenException;

namespace LlmKit.Testing.Contracts;

/// <summary>How a stage ends: by exceptions, cancellation, early leaving and disposal.</summary>
internal static class EndingChecks
{
    public static async Task PassesExceptionsAsync(Func<IChatClient, IChatClient> stage)
    {
        foreach (var streamed in new[] { false, true })
        {
            var failure = new NotSupportedException("The model cannot do this.");
            using var client = stage(new ScriptedChatClient(ScriptedAnswer.Throws(failure)));
            var thrown = await ContractRequests.FailureAsync(client, streamed).ConfigureAwait(false);
            Unless(ReferenceEquals(thrown, failure), $"{(streamed ? "streamed" : "plain")}, the model's exception became {Name(thrown)}.");
        }
    }

    public static async Task PassesExceptionsInMidStreamAsync(Func<IChatClient, IChatClient> stage)
    {
        var failure = new NotSupportedException("The model cannot go on.");
        using var client = stage(new ScriptedChatClient(ContractRequests.Answer with { Failure = failure, FailAfterChunks = 2 }));
        var thrown = await ContractRequests.FailureAsync(client, streamed: true).ConfigureAwait(false);
        Unless(ReferenceEquals(thrown, failure), $"the model's exception became {Name(thrown)}.");
    }

    public static async Task HearsCancellationAsync(Func<IChatClient, IChatClient> stage)
    {
        foreach (var streamed in new[] { false, true })
        {
            using var cancel = new CancellationTokenSource();
            using var client = stage(new ScriptedChatClient(ScriptedAnswer.Hangs()));
            var asking = ContractRequests.FailureAsync(client, streamed, cancel.Token);
            await cancel.CancelAsync().ConfigureAwait(false);
            var thrown = await asking.ConfigureAwait(false);
            Unless(thrown is OperationCanceledException, $"{(streamed ? "streamed" : "plain")}, a cancelled request ended with {Name(thrown)}.");
        }
    }

    public static async Task ClosesStreamsAsync(Func<IChatClient, IChatClient> stage)
    {
        var inner = new ScriptedChatClient(ContractRequests.Answer);
        using var client = stage(inner);
        await ContractRequests.InTimeAsync(LeaveEarlyAsync(client)).ConfigureAwait(false);
        Unless(inner.OpenStreams == 0, "the inner stream stayed open.");
    }

    public static Task DisposesOnceAsync(Func<IChatClient, IChatClient> stage)
    {
        var inner = new ScriptedChatClient(ContractRequests.Answer);
        stage(inner).Dispose();
        Unless(inner.Disposals == 1, $"it was disposed of {inner.Disposals} times.");
        return Task.CompletedTask;
    }

    private static async Task<bool> LeaveEarlyAsync(IChatClient client)
    {
        var stream = client.GetStreamingResponseAsync(ContractRequests.Messages).GetAsyncEnumerator(CancellationToken.None);
        await using (stream.ConfigureAwait(false))
            return await stream.MoveNextAsync().ConfigureAwait(false);
    }

    private static string Name(Exception? exception) => exception?.GetType().Name ?? "an answer";
}
