using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using LlmKit.Benchmarks.Inputs;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks;

/// <summary>The rows that every stage's table begins with: the bare inner client, plain and streamed.</summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public abstract class StageBenchmark
{
    /// <summary>A call whose answer comes at once.</summary>
    public const string Plain = "Plain";

    /// <summary>A call whose answer comes in updates.</summary>
    public const string Streamed = "Streamed";

    private static readonly CancellationTokenSource Leaving = new();
    private readonly InstantChatClient _bare = new();

    [Benchmark(Baseline = true, Description = "bare inner client"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Bare() => Ask(_bare);

    [Benchmark(Baseline = true, Description = "bare inner client, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> BareStreamed() => ReadAsync(_bare);

    protected static Task<ChatResponse> Ask(IChatClient client, ChatOptions? options = null) =>
        client.GetResponseAsync(Conversation.Messages, options ?? Conversation.Options);

    /// <summary>Asks, as a web request does with a token that may be cancelled, and lets the answer come while everybody waits for it.</summary>
    private protected static Task<ChatResponse> AskLate(IChatClient client, LateChatClient model)
    {
        var answer = client.GetResponseAsync(Conversation.Messages, Conversation.Options, Leaving.Token);
        model.Answer();
        return answer;
    }

    /// <summary>Reads, and lets each update come while everybody waits for it.</summary>
    private protected static async ValueTask<int> ReadLateAsync(IChatClient client, LateChatClient model)
    {
        var count = 0;
        var stream = client.GetStreamingResponseAsync(Conversation.Messages, Conversation.Options, Leaving.Token).GetAsyncEnumerator();
        await using var _ = stream.ConfigureAwait(false);
        while (true)
        {
            var move = stream.MoveNextAsync();
            if (!move.IsCompleted)
                model.Update();
            if (!await move.ConfigureAwait(false))
                return count;
            count++;
        }
    }

    protected static async ValueTask<int> ReadAsync(IChatClient client, ChatOptions? options = null)
    {
        var count = 0;
        await foreach (var _ in client.GetStreamingResponseAsync(Conversation.Messages, options ?? Conversation.Options).ConfigureAwait(false))
            count++;
        return count;
    }
}
