using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public class AttemptEndTests
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public async Task Attempt_EndedByTheDeadline_IsATimeout([Values] bool streamed)
    {
        var call = await AskAsync(streamed, CancellationToken.None);

        Assert.That(call.Attempts.Single().Failure!.Kind, Is.EqualTo(ModelFailureKind.Timeout));
    }

    [Test]
    public async Task Attempt_EndedByTheCaller_IsCancelled([Values] bool streamed)
    {
        using var caller = new CancellationTokenSource();

        var call = await AskAsync(streamed, caller.Token, caller.Cancel);

        Assert.That(call.Attempts.Single().Failure!.Kind, Is.EqualTo(ModelFailureKind.Cancelled));
    }

    private async Task<LlmCall> AskAsync(bool streamed, CancellationToken token, Action? meanwhile = null)
    {
        using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(_clock)
            .AddLlmPipeline().AddModel("m", new ScriptedChatClient((_, _) => ScriptedAnswer.Hangs(), _clock))
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(5))
            .Services.BuildServiceProvider();
        var client = services.GetRequiredService<IChatClient>();
        var answer = streamed ? client.GetStreamingResponseAsync("q", cancellationToken: token).ToChatResponseAsync(token) : client.GetResponseAsync("q", cancellationToken: token);
        meanwhile?.Invoke();
        await _clock.EndAsync(answer);
        var call = Assert.CatchAsync(() => answer)!.GetCall()!;
        // Leaving waits for the attempt a bounded time of this clock, which does not wait for slow threads.
        await call.WhenSettled;
        return call;
    }
}
