using LlmKit.Internal.RateLimiting;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.RateLimits;

/// <summary>What only streams can do to a limit.</summary>
public sealed class RateLimitStreamTests
{
    private readonly PipelineHost _host = new(builder => builder
        .AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("a", "b", "c")), options => options.Limits.Concurrent = 1)
        .UseRateLimits(limits => limits.Global("all", concurrent: 1)));

    [TearDown]
    public void End() => _host.Dispose();

    [Test]
    public async Task Stream_AbandonedAndCollected_GivesItsPlaceBack()
    {
        var limiter = _host.Services.GetRequiredService<RateLimiter>();
        await BeginAndForgetAsync();
        Assert.That(limiter.Running, Is.EqualTo(2));

        Assert.That(await Collecting.UntilAsync(() => limiter.Running == 0), Is.True);
        Assert.That((await Outcome.OfAsync(_host.Chat, streamed: true)).Text, Is.EqualTo("abc"));
    }

    [Test]
    public async Task Stream_NeverEnumerated_TakesNothing()
    {
        _ = _host.Chat.GetStreamingResponseAsync("hi");

        Assert.That((await Outcome.OfAsync(_host.Chat, streamed: true)).Error, Is.Null);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private async Task BeginAndForgetAsync()
    {
        var stream = _host.Chat.GetStreamingResponseAsync("hi").GetAsyncEnumerator();
        await stream.MoveNextAsync();
    }
}
