using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens;

[TestFixture(false)]
[TestFixture(true)]
public sealed class TokenCounterTests(bool streamed)
{
    [Test]
    public async Task Ask_ModelWithACounter_IsCountedByIt()
    {
        var ledger = new RecordingLedger();
        using var host = Host(new CountingCounter(_ => 40), ledger);

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Usage.Input, Is.EqualTo(44));
        Assert.That(call.Attempts.Single().Estimated, Is.True);
        Assert.That(ledger.Holds.Single().Reserved, Is.EqualTo(49));
    }

    [Test]
    public async Task Ask_ModelWithACounter_AsksItOnceForARequest()
    {
        var counter = new CountingCounter(_ => 40);
        using var host = Host(counter, new());

        await host.Chat.AskAsync(streamed);

        Assert.That(counter.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task Ask_CounterThatThrowsOrGivesNonsense_IsLoggedByTypeAndTheEstimateIsUsed(
        [Values("throws", "negative", "absurd")] string how)
    {
        var counter = new CountingCounter(_ => how switch { "negative" => -1, "absurd" => int.MaxValue, _ => throw new FormatException("secret") });
        using var host = Host(counter, new());

        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Usage.Input, Is.EqualTo(TokenEstimator.Estimate(Asking.Question[0].Text) + TokenEstimator.TokensPerMessage));
        Assert.That(counter.Asked, Is.EqualTo(1));
        Assert.That(host.Logs.Messages.Single(message => message.Contains("TokenCounter")), Does.Contain(how == "throws" ? "FormatException" : "InvalidDataException").And.Not.Contain("secret"));
    }

    [Test]
    public async Task Ask_RequestTooLongToCountBefore_ReservesTheWorstCaseWithoutTheCounter()
    {
        var counter = new CountingCounter(text => text.Length);
        using var host = PipelineHost.For(Reporting(), builder => builder.UseLedger(new RecordingLedger()), options => options.TokenCounter = counter);

        await host.Chat.GetResponseAsync(new string('x', 100_000));

        Assert.That(counter.Asked, Is.Zero);
    }

    [Test]
    public async Task Ask_RequestThatOnlyTheCounterFindsTooLong_IsRefused()
    {
        using var host = PipelineHost.For(Reporting(), facts: options => (options.TokenCounter, options.ContextWindow) = (new CountingCounter(_ => 90), 80));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("94 tokens"));
    }

    private static PipelineHost Host(ITokenCounter counter, RecordingLedger ledger) =>
        PipelineHost.For(new ScriptedAnswer { Chunks = ["Paris"] }, builder => builder.UseLedger(ledger), options =>
        {
            options.TokenCounter = counter;
            options.MaxOutputTokens = 1;
            options.Price = new(1_000_000, 0);
        });

    private static ScriptedChatClient Reporting() => new(ScriptedAnswer.Text("Paris"));

    /// <summary>Counts by a rule, and how often it is asked.</summary>
    private sealed class CountingCounter(Func<string, int> count) : ITokenCounter
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public int CountTokens(ReadOnlySpan<char> text)
        {
            Interlocked.Increment(ref _asked);
            return count(text.ToString());
        }
    }
}
