using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Budgets.Reports.Book;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Outcome = LlmKit.Tests.Support.Outcome;

namespace LlmKit.Tests.Control.Budgets.Reports.Book;

/// <summary>Sums stay exact, whatever the bounds, the ends and the number of threads.</summary>
public sealed class SpendingBookTests
{
    private static readonly Config Ten = Config.QuickThrowOnFailure.WithMaxTest(10);

    [Test]
    public void Cost_OfManyCallsAtOnceWhateverTheirEnds_IsWhatTheLedgerSpent() =>
        Check.One(Ten, Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seed, isBounded) => RunAsync(seed, isBounded).GetAwaiter().GetResult()));

    [Test]
    public async Task Rows_BeyondTheMost_AreSummedInOneForTheDayAndCounted()
    {
        using var rig = Rig(options => options.MaxRows = 2);

        for (var i = 0; i < 5; i++)
            await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "t" + i));

        var report = await ReportAsync(rig);
        Assert.That(report.Rows.Select(row => (row.Tenant, row.IsMerged, row.Figures.Calls, row.Figures.Cost)), Is.EqualTo(new (string?, bool, long, decimal)[] { ("t0", false, 1, 11m), ("t1", false, 1, 11m), (null, true, 3, 33m) }));
        Assert.That(report.MergedEntries, Is.EqualTo(6), "an attempt and a call of each of three");
        Assert.That(report.ByTenant().Select(tenant => tenant.IsMerged), Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public async Task Rows_OfDaysThatAreNotKept_AreSummedInOneAndNothingIsLost()
    {
        using var rig = Rig(options => options.DaysKept = 2);

        for (var day = 0; day < 5; day++)
        {
            await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "t" + day));
            rig.Clock.Advance(TimeSpan.FromDays(1));
        }

        var report = await ReportAsync(rig);
        Assert.That(report.Rows.Select(row => (row.Day is null, row.Tenant, row.Figures.Calls)), Is.EqualTo(new (bool, string?, long)[] { (true, null, 4), (false, "t4", 1) }));
        Assert.That(report.Total.Cost, Is.EqualTo(55m));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Repeats_OfAnAnsweredRequest_AreCountedWithWhatTheyCost(bool streamed)
    {
        using var rig = Rig();
        for (var i = 0; i < 3; i++)
            await rig.AskAsync(streamed);
        await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), "something else");

        var total = (await ReportAsync(rig)).Total;

        Assert.That((total.Repeats, total.RepeatedCost, total.RepeatRate), Is.EqualTo((2, 22m, 0.5)));
    }

    [Test]
    public async Task Repeats_OfAnotherTenantUserOrOption_AreNone()
    {
        using var rig = Rig();
        await rig.AskAsync(streamed: false);

        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "zeta"));
        await rig.AskAsync(streamed: false, BudgetRig.Call(user: "u2"));
        await rig.AskAsync(streamed: false, BudgetRig.Call(most: 21));
        await Outcome.OfAsync(rig.Chat, streamed: false, new LlmCallOptions(BudgetRig.Call()) { Temperature = 0.1f });

        Assert.That((await ReportAsync(rig)).Total.Repeats, Is.Zero);
    }

    [Test]
    public async Task Repeats_ForAllUsers_AreCountedAcrossThem()
    {
        using var rig = Rig(options => options.RepeatsPerUser = false);

        await rig.AskAsync(streamed: false);
        await rig.AskAsync(streamed: false, BudgetRig.Call(user: "u2"));
        await rig.AskAsync(streamed: false, BudgetRig.Call(tenant: "zeta"));

        Assert.That((await ReportAsync(rig)).Total.Repeats, Is.EqualTo(1));
    }

    [Test]
    public async Task Repeats_AfterTheWindow_AreNone()
    {
        using var rig = Rig(options => options.RepeatWindow = TimeSpan.FromHours(1));
        await rig.AskAsync(streamed: false);
        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.AskAsync(streamed: false);
        rig.Clock.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));

        await rig.AskAsync(streamed: false);

        Assert.That((await ReportAsync(rig)).Total.Repeats, Is.EqualTo(1));
    }

    [Test]
    public async Task Repeats_OfARequestThatWasNotAnsweredWell_AreNone()
    {
        using var rig = Rig(answers: [ScriptedAnswer.Throws(Failures.Http(400)), ScriptedAnswer.Text("ok") with { FinishReason = ChatFinishReason.Length }, ScriptedAnswer.Text("ok")]);

        for (var i = 0; i < 3; i++)
            await rig.AskAsync(streamed: false);

        Assert.That((await ReportAsync(rig)).Total.Repeats, Is.Zero);
    }

    [Test]
    public async Task Requests_BeyondTheMost_AreForgottenAndCounted()
    {
        using var rig = Rig(options => options.MaxRequests = 4);
        for (var i = 0; i < 20; i++)
            await Outcome.OfAsync(rig.Chat, streamed: false, BudgetRig.Call(), "question " + i);

        var report = await ReportAsync(rig);

        Assert.That(report.ForgottenRequests, Is.EqualTo(16));
        Assert.That(report.Total.Repeats, Is.Zero);
    }

    [Test]
    public void Requests_UnderAnyOrder_AreBounded() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), requests =>
    {
        var answered = new AnsweredRequests(most: 8, TimeSpan.FromHours(1));
        foreach (var request in requests)
            answered.Note(request, DateTimeOffset.UnixEpoch);
        return answered.Count <= 8 && (requests.Length == 0 || answered.WasAnswered(requests[^1], DateTimeOffset.UnixEpoch));
    }));

    private static BudgetRig Rig(Action<SpendingReportOptions>? options = null, ScriptedAnswer[]? answers = null) =>
        new(builder => builder.AddPriced("model", new ScriptedChatClient(answers ?? [ScriptedAnswer.Text("ok")])).WithSpendingReport(options));

    private static ValueTask<SpendingReport> ReportAsync(BudgetRig rig) => rig.Services.GetRequiredService<LlmSpending>().ReportAsync();

    private static async Task<bool> RunAsync(int seed, bool isBounded)
    {
        using var rig = new BudgetRig(builder => builder
            .AddModel("a", Erratic(seed), model => model.Price = new(1.234567m, 9.87654321m))
            .AddModel("b", Erratic(seed + 1), model => model.Price = new(0.333333m, 2.718281828m))
            .WithSpendingReport(options => (options.MaxRows, options.MaxRequests) = isBounded ? (3, 2) : (options.MaxRows, options.MaxRequests))
            .UseBudget(budget => budget.Global("all", 0.01m, BudgetWindow.Lifetime))
            .UseSemanticCache()
            .UseRouter(router => router.Priority("a", "b")));

        var random = new Random(seed);
        var asking = Enumerable.Range(0, 60).Select(i => (Streamed: random.Next(2) == 0, Tenant: "t" + random.Next(3), Prompt: "q" + random.Next(20), Leave: random.Next(3) == 0)).ToList();
        await Task.WhenAll(asking.Select(one => Task.Run(() => AskAsync(rig, one.Streamed, one.Tenant, one.Prompt, one.Leave))));
        await Eventually.IsAsync(() => rig.Memory.OpenReservations == 0);

        var report = await ReportAsync(rig);
        Assert.That(report.Total.Cost, Is.EqualTo(rig.Spent("all")).And.GreaterThan(0));
        Assert.That(report.Rows.Sum(row => row.Figures.Cost), Is.EqualTo(report.Total.Cost));
        Assert.That(report.Total.Calls, Is.EqualTo(60));
        Assert.That(report.ByTenant().Sum(tenant => tenant.Figures.Calls), Is.EqualTo(60));
        Assert.That(report.Total.RepeatedCost, Is.LessThanOrEqualTo(report.Total.Cost));
        Assert.That(report.Rows, Has.Count.LessThanOrEqualTo(isBounded ? 4 : 1_000));
        return true;
    }

    private static async Task AskAsync(BudgetRig rig, bool streamed, string tenant, string prompt, bool leaves)
    {
        if (!leaves || !streamed)
        {
            await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(100, tenant), prompt);
            return;
        }

        try
        {
            await using var stream = rig.Chat.GetStreamingResponseAsync(prompt, BudgetRig.Call(100, tenant)).GetAsyncEnumerator();
            await stream.MoveNextAsync();
        }
        catch (Exception exception) when (exception is LlmException or HttpRequestException or IOException)
        {
            // It was left anyway.
        }
    }

    private static ScriptedChatClient Erratic(int seed)
    {
        var random = new Random(seed);
        return new((_, _) =>
        {
            int choice, length;
            lock (random)
                (choice, length) = (random.Next(6), random.Next(1, 30));
            var answer = ScriptedAnswer.Text([.. Enumerable.Repeat("x", length)]);
            return choice switch
            {
                0 => ScriptedAnswer.Throws(Failures.Http(400)),
                1 => answer with { Failure = new IOException("cut"), FailAfterChunks = 1 },
                2 => answer with { Usage = null },
                _ => answer,
            };
        });
    }
}
