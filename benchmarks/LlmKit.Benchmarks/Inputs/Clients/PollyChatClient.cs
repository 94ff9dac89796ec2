using Microsoft.Extensions.AI;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace LlmKit.Benchmarks.Inputs;

/// <summary>What a team writes by hand: a decorator around Polly.</summary>
internal sealed class PollyChatClient(IChatClient inner, ResiliencePipeline pipeline) : DelegatingChatClient(inner)
{
    public static ResiliencePipeline Retry { get; } = new ResiliencePipelineBuilder().AddRetry(Retries()).Build();

    public static ResiliencePipeline RetryBreakerTimeout { get; } = new ResiliencePipelineBuilder()
        .AddRetry(Retries())
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions())
        .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(30) })
        .Build();

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await pipeline.ExecuteAsync(
            static async (request, token) => await request.Inner.GetResponseAsync(request.Messages, request.Options, token).ConfigureAwait(false),
            (Inner: InnerClient, Messages: messages, Options: options),
            cancellationToken).ConfigureAwait(false);

    private static RetryStrategyOptions Retries() => new() { MaxRetryAttempts = 3, BackoffType = DelayBackoffType.Exponential, UseJitter = true };
}
