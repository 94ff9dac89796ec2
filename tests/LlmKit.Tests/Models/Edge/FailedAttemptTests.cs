using System.Net;
using System.Net.Sockets;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

[TestFixture(false)]
[TestFixture(true)]
public sealed class FailedAttemptTests(bool streamed)
{
    private readonly RecordingLedger _ledger = new();

    private static IEnumerable<Exception> Free()
    {
        yield return new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests);
        yield return new HttpRequestException("broken", null, HttpStatusCode.InternalServerError);
        yield return new HttpRequestException("overloaded", null, HttpStatusCode.ServiceUnavailable);
        yield return new HttpRequestException("no", null, HttpStatusCode.BadRequest);
        yield return new HttpRequestException("no key", null, HttpStatusCode.Unauthorized);
        yield return new HttpRequestException(HttpRequestError.ConnectionError, "refused");
        yield return new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused));
        yield return new HttpRequestException(HttpRequestError.NameResolutionError, "no such host");
    }

    private static IEnumerable<Exception> Charged()
    {
        yield return new TimeoutException();
        yield return new TaskCanceledException();
        yield return new IOException("cut");
        yield return new HttpRequestException(HttpRequestError.ResponseEnded, "cut");
        yield return new System.Text.Json.JsonException("half an answer");
    }

    [TestCaseSource(nameof(Free))]
    public async Task Ask_FailureThatSpentNothing_GivesTheMoneyBack(Exception failure)
    {
        using var host = Host(ScriptedAnswer.Throws(failure));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.SameAs(failure));
        Assert.That(_ledger.Holds.Single().IsReleased, Is.True);
        Assert.That(exception.GetCall()!.Attempts.Single().Cost, Is.Zero);
        Assert.That(exception.GetCall()!.Attempts.Single().Estimated, Is.False);
    }

    [TestCaseSource(nameof(Charged))]
    public async Task Ask_FailureThatMayHaveSpent_IsChargedAsEstimated(Exception failure)
    {
        using var host = Host(ScriptedAnswer.Throws(failure));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0).And.EqualTo(exception.GetCall()!.Cost));
        Assert.That(exception.GetCall()!.Attempts.Single().Estimated, Is.True);
    }

    [Test]
    public async Task Ask_AnswerThatIsNull_IsChargedAndTheModelsFailure()
    {
        using var host = PipelineHost.For(new NullAnswerChatClient(), builder => builder.UseLedger(_ledger));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<LlmException>());
        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.Transient, Model = "model" }));
        Assert.That(_ledger.Holds.Single().Settled, Is.GreaterThan(0));
    }

    [Test]
    public async Task Ask_FailureWrappedByADecorator_IsStillClassified()
    {
        using var host = Host(ScriptedAnswer.Throws(new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests)));

        var exception = await host.Chat.FailAsync(streamed);

        var failure = new InvalidOperationException("outer", exception).GetModelFailure();
        Assert.That((failure!.Kind, failure.Model, failure.Status), Is.EqualTo((ModelFailureKind.RateLimited, "model", (int?)429)));
    }

    [Test]
    public async Task Ask_ProvidersOwnClassification_GoesFirst()
    {
        using var host = PipelineHost.For(
            ScriptedAnswer.Throws(new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests)),
            facts: options => options.ClassifyFailure = _ => new() { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "insufficient_quota" });

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "insufficient_quota", Model = "model" }));
    }

    [Test]
    public async Task Ask_ModelFailsAndAnotherAnswers_CountsBothAttempts()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(new TimeoutException())), options => options.Price = new(1_000_000, 1_000_000))
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("Paris")), options => options.Price = new(1_000_000, 1_000_000))
            .UseLedger(_ledger).UseOrder());

        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["first", "second"]));
        Assert.That(call.Model, Is.EqualTo("second"));
        Assert.That(_ledger.Spent, Is.EqualTo(call.Cost));
    }

    [Test]
    public async Task Ask_HooksThatThrowWhenTheyEnd_DoNotHarmTheAnswerOrTheOthers()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseLedger(new BrokenLedger()).UseAtOpening(call => call.AddSpendingHook(_ledger)));

        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(_ledger.Holds.Single().Settled, Is.EqualTo(12m));
        Assert.That(call.PendingAttempts, Is.Zero);
        Assert.That(host.Logs.Messages, Has.Some.Contains("could not settle").And.None.Contains("secret"));
    }

    [Test]
    public async Task Ask_SecondHookRefuses_ReleasesTheFirst()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder.UseLedger(_ledger).UseAtOpening(call => call.AddSpendingHook(new RecordingLedger(limit: 1))));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>());
        Assert.That(_ledger.Holds.Single().IsReleased, Is.True);
        Assert.That(exception.GetCall()!.PendingAttempts, Is.Zero);
        Assert.That(exception.GetCall()!.Attempts, Is.Empty);
    }

    private PipelineHost Host(ScriptedAnswer answer) => PipelineHost.For(answer, builder => builder.UseLedger(_ledger));

    /// <summary>Answers with nothing at all.</summary>
    private sealed class NullAnswerChatClient() : DelegatingChatClient(new ScriptedChatClient(new ScriptedAnswer()))
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult<ChatResponse>(null!);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => null!;
    }

    /// <summary>Reserves well and fails at everything else.</summary>
    private sealed class BrokenLedger : ISpendingHook, ISpendingHold
    {
        public object Key => this;

        public bool NeedsPrice => true;

        public ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken) => new((Expense?)null);

        public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken) => new(this);

        public void Renew(Expense atLeast) => throw new InvalidOperationException("secret");

        public void Settle(Expense actual) => throw new InvalidOperationException("secret");

        public void Release() => throw new InvalidOperationException("secret");
    }
}
