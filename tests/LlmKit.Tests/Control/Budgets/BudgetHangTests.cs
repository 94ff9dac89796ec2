using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Control.Caching;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Control.Caching;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>Ledgers and embedders that hang or fail, under the recommended stack with a budget and a deadline: every call ends, and fails safe.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetHangTests(bool streamed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("ok"));
    private readonly ManualTimeProvider _clock = new();
    private int _embedded;
    private int _hung;
    private InMemoryBudgetLedger? _ledger;

    private InMemoryBudgetLedger Memory => _ledger ??= new(_clock);

    [Test]
    public async Task Ask_LedgerThatHangs_EndsByTheCallsDeadline([Values] bool asksForALength)
    {
        var ledger = new HangingBudgetLedger(Memory, (_, _) => Hang());
        using var rig = Rig(ledger, deadline: 1);

        var (outcome, took) = await AskAsync(rig, step: TimeSpan.FromSeconds(1), asksForALength);

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>());
        Assert.That(took, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That((_model.Requests.Count, _embedded, outcome.Call!.Status), Is.EqualTo((0, 0, CallStatus.Failed)));
        await NothingStaysAsync(ledger, outcome);
    }

    [Test]
    public async Task Ask_LedgerThatHangs_IsRefusedWithTheRemedyBeforeTheDeadline([Values] bool asksForALength)
    {
        var ledger = new HangingBudgetLedger(Memory, (_, _) => Hang());
        using var rig = Rig(ledger, deadline: 60);

        var (outcome, took) = await AskAsync(rig, Patience, asksForALength);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("WhenLedgerFails").And.Property("Reason").EqualTo(RefusalReason.Budget));
        Assert.That(took, Is.LessThanOrEqualTo(10 * Patience));
        Assert.That((_model.Requests.Count, _embedded), Is.EqualTo((0, 0)));
        await NothingStaysAsync(ledger, outcome);
    }

    [Test]
    public async Task Ask_LedgerThatHangsWhereThatIsAllowed_IsAnsweredAndRecorded()
    {
        var ledger = new HangingBudgetLedger(Memory, (_, _) => Hang());
        using var rig = Rig(ledger, deadline: 60, budget => budget.WhenLedgerFails = WhenLedgerFails.Allow);

        var (outcome, _) = await AskAsync(rig, Patience);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(outcome.Decisions, Has.Some.EqualTo("not-evaluated"));
        await NothingStaysAsync(ledger, outcome);
    }

    [Test]
    public async Task Ask_LedgerThatHangsForTheEmbeddingOnly_MissesAndIsAnswered()
    {
        var ledger = new HangingBudgetLedger(Memory, (operation, number) => operation == "reserve" && number == 1 && Hang());
        using var rig = Rig(ledger, deadline: 60);

        var (outcome, _) = await AskAsync(rig, Patience);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(_embedded, Is.Zero);
        Assert.That(outcome.Call!.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["model"]));
        await NothingStaysAsync(ledger, outcome);
        Assert.That(Balance().Spent.Money.ToUsd(), Is.EqualTo(outcome.Call.Cost));
    }

    [Test]
    public async Task Ask_EmbedderThatHangs_MissesAndPaysForBoth([Values] bool deaf)
    {
        using var rig = Rig(Memory, deadline: 60, embedder: new((_, token) => HangAsync(deaf ? CancellationToken.None : token)));

        var (outcome, took) = await AskAsync(rig, Patience);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(took, Is.EqualTo(Patience));
        Assert.That(CacheBench.Step(outcome.Call!).Reason, Is.EqualTo("the embedding took too long"));
        Assert.That(await Eventually.IsAsync(() => outcome.Call!.PendingAttempts == 0), Is.True);
        var embedding = outcome.Call!.Attempts.Single(attempt => attempt.Purpose == "embedding");
        Assert.That((embedding.Failure!.Kind, embedding.Estimated), Is.EqualTo((ModelFailureKind.Timeout, true)));
        Assert.That((Memory.OpenReservations, Balance().Spent.Money.ToUsd()), Is.EqualTo((0, outcome.Call.Cost)));
    }

    [Test]
    public async Task Ask_EmbedderThatHangsBeyondTheDeadline_EndsByTheDeadline([Values] bool deaf)
    {
        using var rig = Rig(Memory, deadline: 1, embedder: new((_, token) => HangAsync(deaf ? CancellationToken.None : token)));

        var (outcome, took) = await AskAsync(rig, step: TimeSpan.FromSeconds(1));

        Assert.That(outcome.Error, Is.TypeOf<LlmTimeoutException>());
        Assert.That(took, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(_model.Requests, Is.Empty);
        Assert.That(await Eventually.IsAsync(() => Memory.OpenReservations == 0), Is.True);
        Assert.That(Balance().Spent.Money.ToUsd(), Is.GreaterThan(0).And.EqualTo(outcome.Call!.Cost));
    }

    private static IEnumerable<TestCaseData> UselessEmbedders()
    {
        yield return new TestCaseData(new ScriptedEmbedder((_, _) => throw new IOException("secret"))).SetArgDisplayNames("throws");
        yield return new TestCaseData(new ScriptedEmbedder((_, _) => Task.FromException<float[]>(new HttpRequestException("secret", null, System.Net.HttpStatusCode.ServiceUnavailable)))).SetArgDisplayNames("fails");
        yield return new TestCaseData(new ScriptedEmbedder((_, _) => Task.FromCanceled<float[]>(new(canceled: true)))).SetArgDisplayNames("cancels itself");
        yield return new TestCaseData(new ScriptedEmbedder(_ => [float.NaN, 1])).SetArgDisplayNames("NaN");
        yield return new TestCaseData(new ScriptedEmbedder(_ => [float.PositiveInfinity, 1])).SetArgDisplayNames("infinite");
        yield return new TestCaseData(new ScriptedEmbedder(_ => [0, 0])).SetArgDisplayNames("no direction");
        yield return new TestCaseData(new ScriptedEmbedder(_ => [])).SetArgDisplayNames("empty");
        yield return new TestCaseData(new ScriptedEmbedder(_ => [1, 0, 0], dimensions: 2)).SetArgDisplayNames("wrong dimension");
    }

    [TestCaseSource(nameof(UselessEmbedders))]
    public async Task Ask_EmbedderThatIsOfNoUse_MissesAndPaysForWhatWasAsked(object embedder)
    {
        using var rig = Rig(Memory, deadline: 60, embedder: (ScriptedEmbedder)embedder);

        var (outcome, _) = await AskAsync(rig, Patience);

        Assert.That(outcome.Text, Is.EqualTo("ok"));
        Assert.That(CacheBench.Step(outcome.Call!).Reason, Does.Contain("embedd").And.Not.Contains("secret"));
        Assert.That((Memory.OpenReservations, Balance().Spent.Money.ToUsd()), Is.EqualTo((0, outcome.Call!.Cost)));
    }

    private Task<float[]> HangAsync(CancellationToken token)
    {
        Hang();
        var hanging = new TaskCompletionSource<float[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        token.UnsafeRegister(_ => hanging.TrySetCanceled(token), null);
        return hanging.Task;
    }

    private bool Hang()
    {
        Interlocked.Increment(ref _hung);
        return true;
    }

    /// <summary>Asks, moving the clock by a step for everything that comes to hang and never besides, and gives how long it took by that clock.</summary>
    private async Task<(Outcome Outcome, TimeSpan Took)> AskAsync(BudgetRig rig, TimeSpan step, bool asksForALength = true)
    {
        var started = _clock.GetUtcNow();
        var asking = Outcome.OfAsync(rig.Chat, streamed, new LlmCallOptions { Tenant = "acme", MaxOutputTokens = asksForALength ? 20 : null });
        for (var (seen, steps) = (0, 0); steps < 10; steps++)
        {
            await Eventually.IsAsync(() => asking.IsCompleted || Volatile.Read(ref _hung) > seen);
            if (asking.IsCompleted)
                break;
            seen = Volatile.Read(ref _hung);
            _clock.Advance(step);
        }

        Assert.That(asking.IsCompleted, Is.True, "The call hangs.");
        return (await asking, _clock.GetUtcNow() - started);
    }

    /// <summary>Lets the ledger go: what it reserves now, for nobody, must be given back.</summary>
    private async Task NothingStaysAsync(HangingBudgetLedger ledger, Outcome outcome)
    {
        ledger.Go();
        Assert.That(await Eventually.IsAsync(() => ledger.Hanging == 0 && Memory.OpenReservations == 0 && outcome.Call!.PendingAttempts == 0), Is.True);
        Assert.That(Balance().Reserved.Money.ToUsd(), Is.Zero);
    }

    private BudgetBalance Balance() => Memory.ReadAsync(new("all", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue), DateTimeOffset.MaxValue, default).Result;

    private ScriptedEmbedder Counting() => new(_ =>
    {
        Interlocked.Increment(ref _embedded);
        return [1, 0];
    });

    private BudgetRig Rig(IBudgetLedger ledger, double deadline, Action<BudgetOptions>? more = null, ScriptedEmbedder? embedder = null) => new(
        builder => builder.AddPriced("model", _model)
            .AddEmbeddings("vectors", embedder ?? Counting(), options => options.Price = BudgetRig.DollarPerToken)
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(deadline))
            .UseTracing().UseGuardrails(rails => rails.RedactPersonalData())
            .UseBudget(budget =>
            {
                budget.Global("all", 10_000, BudgetWindow.Lifetime);
                more?.Invoke(budget);
            })
            .UseSemanticCache(cache => cache.MinSimilarity = 0.9).UseRouter().UseResilience(),
        ledger,
        time: _clock);
}
