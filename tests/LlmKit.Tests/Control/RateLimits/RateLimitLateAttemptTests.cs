using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.RateLimits;

/// <summary>Attempts that end after their call has closed, such as losers of a hedge.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RateLimitLateAttemptTests(bool streamed)
{
    [Test]
    public async Task Ask_AnAttemptThatEndsAfterTheCall_CountsAndHoldsNoPlace()
    {
        LlmCall? first = null;
        using var host = PipelineHost.For(
            ScriptedAnswer.Text("ok"),
            builder => builder.UseRateLimits(limits => limits.Global("all", tokens: 100, concurrent: 1)).Use(inner => new InspectingChatClient(inner, options =>
            {
                LlmCall.TryGet(options, out var call);
                if (first is null)
                    (first = call)!.BeginAttempt();
            })));
        var limiter = host.Services.GetRequiredService<RateLimiter>();

        // Of 100 tokens it takes 25 and uses 11, and 64 more that are known late.
        await AskAsync(host);
        Assert.That(limiter.Running, Is.EqualTo(1));
        Assert.That((await AskAsync(host)).Error, Is.Null, "Its place is free once it has closed.");
        first!.EndAttempt(new() { Model = "model", Usage = new() { Input = 64 } }, Money.Zero);
        Assert.That(await Eventually.IsAsync(() => limiter.Running == 0), Is.True);

        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>().With.Property("Kind").EqualTo(RateLimitKind.Tokens));
    }

    private Task<Outcome> AskAsync(PipelineHost host) => Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { MaxOutputTokens = 20 });
}
