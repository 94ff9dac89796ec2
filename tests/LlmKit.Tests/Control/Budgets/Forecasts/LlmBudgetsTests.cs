using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Durable;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Forecasts;

/// <summary>Each call of these costs 11 USD and 11 tokens.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class LlmBudgetsTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Forecast_OfADay_DrawsTheLineToItsEnd()
    {
        using var rig = await AtAsync(hour: 6, budget => budget.PerTenant("each", 1_000, BudgetWindow.Daily));
        var day = rig.Clock.GetUtcNow().Date;
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromHours(5));

        var forecast = (await ForecastAsync(rig)).Single();

        Assert.That((forecast.Limit, forecast.Scope, forecast.Value, forecast.Window, forecast.IsEnforced), Is.EqualTo(("each", BudgetScope.Tenant, "acme", BudgetWindow.Daily, true)));
        Assert.That((forecast.From, forecast.Until, forecast.At), Is.EqualTo(((DateTimeOffset?)new(day, TimeSpan.Zero), (DateTimeOffset?)new(day.AddDays(1), TimeSpan.Zero), rig.Clock.GetUtcNow())));
        var money = forecast.Money!;
        Assert.That((money.Limit, money.Spent, money.Reserved, money.Left, money.PerHour, money.RecentPerHour), Is.EqualTo((1_000m, 11m, 0m, 989m, (decimal?)1, (decimal?)0)));
        Assert.That((money.ProjectedSpend, money.ExhaustedAt), Is.EqualTo(((decimal?)24, (DateTimeOffset?)null)));
        Assert.That(forecast.Tokens, Is.Null);
    }

    [Test]
    public async Task Forecast_OfASuddenRunaway_SeesItInMinutesThoughTheDayWasQuiet()
    {
        using var rig = await AtAsync(hour: 12, budget => budget.Global("all", 200, BudgetWindow.Daily));
        for (var i = 0; i < 10; i++)
            await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromMinutes(5));

        var money = (await ForecastAsync(rig)).Single().Money!;

        Assert.That(money.PerHour, Is.EqualTo(110m / (12 + 5m / 60)).Within(0.0001m), "over the day nothing looks wrong");
        Assert.That(money.RecentPerHour, Is.EqualTo(440m).Within(0.0001m), "110 USD since a quarter of an hour ago, where the ten minutes before these began");
        Assert.That(money.ExhaustedAt!.Value - rig.Clock.GetUtcNow(), Is.EqualTo(TimeSpan.FromHours(90 / 440.0)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Forecast_AfterTheRunawayHasStopped_ForgetsItWithinTwentyMinutes()
    {
        using var rig = await AtAsync(hour: 12, budget => budget.Global("all", 200, BudgetWindow.Daily));
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromMinutes(20));

        Assert.That((await ForecastAsync(rig)).Single().Money!.RecentPerHour, Is.Zero);
    }

    [Test]
    public async Task Forecast_OfALimitForEver_CountsFromItsFirstReservation()
    {
        using var rig = await AtAsync(hour: 0, budget => budget.Global("all", 44, BudgetWindow.Lifetime));
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromHours(11));

        var forecast = (await ForecastAsync(rig)).Single();

        Assert.That((forecast.From, forecast.Until, forecast.Money!.PerHour, forecast.Money.ProjectedSpend), Is.EqualTo(((DateTimeOffset?)null, (DateTimeOffset?)null, (decimal?)1, (decimal?)null)));
        Assert.That(forecast.ExhaustedAt, Is.EqualTo(rig.Clock.GetUtcNow().AddHours(33)));
    }

    [Test]
    public async Task Forecast_OfARollingWindow_HeedsWhatFallsOutOfIt()
    {
        using var rig = await AtAsync(hour: 0, budget => budget.Limit("day", limit => (limit.Amount, limit.Window, limit.Length) = (50, BudgetWindow.Rolling, TimeSpan.FromDays(1))));
        for (var i = 0; i < 4; i++)
        {
            await rig.AskAsync(streamed, BudgetRig.Call(most: 2));
            rig.Clock.Advance(TimeSpan.FromHours(5));
        }

        var steady = (await ForecastAsync(rig)).Single();

        Assert.That((steady.From, steady.Until), Is.EqualTo(((DateTimeOffset?)rig.Clock.GetUtcNow().AddDays(-1), (DateTimeOffset?)null)));
        Assert.That((steady.Money!.Spent, steady.Money.PerHour, steady.Money.ProjectedSpend), Is.EqualTo((44m, (decimal?)2.2m, (decimal?)52.8m)));
        // 6 USD are left for 2.7 hours; after 4.4 hours the first call's 11 leave the window.
        Assert.That(steady.ExhaustedAt! - rig.Clock.GetUtcNow(), Is.EqualTo(TimeSpan.FromHours(6 / 2.2)).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Forecast_OfARollingWindowWhosePaceItBears_NeverRunsOut()
    {
        using var rig = await AtAsync(hour: 0, budget => budget.Limit("day", limit => (limit.Amount, limit.Window, limit.Length) = (58, BudgetWindow.Rolling, TimeSpan.FromDays(1))));
        for (var i = 0; i < 4; i++)
        {
            await rig.AskAsync(streamed, BudgetRig.Call(most: 2));
            rig.Clock.Advance(TimeSpan.FromHours(5));
        }

        // 14 USD are left for 6.4 hours, after which the first call's 11 have left: at 52.8 USD a day 58 are enough.
        Assert.That((await ForecastAsync(rig)).Single().ExhaustedAt, Is.Null);
    }

    [Test]
    public async Task Forecast_OfTokens_IsOneOfItsOwn()
    {
        using var rig = await AtAsync(hour: 10, budget => budget.Limit("tokens", limit => (limit.Tokens, limit.Window) = (100, BudgetWindow.Daily)));
        await rig.AskAsync(streamed);

        var forecast = (await ForecastAsync(rig)).Single();

        Assert.That((forecast.Money, forecast.Tokens!.Spent, forecast.Tokens.Left, forecast.Share), Is.EqualTo(((BudgetProjection?)null, 11m, 89m, 0.11)));
    }

    [Test]
    public async Task Forecast_OfWhatIsGone_IsNow()
    {
        using var rig = await AtAsync(hour: 10, budget => budget.Limit("all", limit => (limit.Amount, limit.Window, limit.AtLimit) = (25, BudgetWindow.Daily, AtLimit.Shrink)));
        await rig.AskAsync(streamed, BudgetRig.Call(most: 20));
        var ledger = rig.Memory;
        await ledger.ReserveAsync(new BudgetCharge[] { new((await ledger.ListAsync(default, default))![0].Account, Expense.Unlimited, true) }, new(Money.FromUsd(14), 0), rig.Clock.GetUtcNow(), default);

        var money = (await ForecastAsync(rig)).Single().Money!;

        Assert.That((money.Spent, money.Reserved, money.Left, money.Share, money.ExhaustedAt), Is.EqualTo((11m, 14m, 0m, 1.0, (DateTimeOffset?)rig.Clock.GetUtcNow())));
    }

    [Test]
    public async Task Forecast_OfManyAccounts_GivesTheFullestFirstAndNoMoreThanAskedFor()
    {
        using var rig = await AtAsync(hour: 10, budget => budget.PerTenant("each", 1_000, BudgetWindow.Daily).For("each", "t3", 30).For("each", "t1", 100));
        for (var i = 0; i < 5; i++)
            await rig.AskAsync(streamed, BudgetRig.Call(tenant: "t" + i));

        var forecasts = await rig.Services.GetRequiredService<LlmBudgets>().ForecastAsync(most: 3);

        Assert.That(forecasts.Select(forecast => (forecast.Value, forecast.Money!.Limit)), Is.EqualTo(new[] { ("t3", 30m), ("t1", 100m), ("t0", 1_000m) }));
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await rig.Services.GetRequiredService<LlmBudgets>().ForecastAsync(most: 0));
    }

    [Test]
    public async Task Forecast_ForATenant_ShowsItsOwnAccountsOnly()
    {
        using var rig = await AtAsync(hour: 10, budget => budget.PerTenant("each", 1_000, BudgetWindow.Daily).PerUser("person", 500, BudgetWindow.Daily).Global("all", 9_000, BudgetWindow.Daily).PerFeature("feature", 900, BudgetWindow.Daily));
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed, BudgetRig.Call(tenant: "acm", user: "e"));

        var forecasts = await rig.Services.GetRequiredService<LlmBudgets>().ForecastAsync("acm");

        Assert.That(forecasts.Select(forecast => (forecast.Scope, forecast.Value)), Is.EquivalentTo(new[] { (BudgetScope.Tenant, "acm"), (BudgetScope.User, "acm/e") }));
    }

    [Test]
    public async Task Forecast_OfYesterdaysWindow_IsNotGiven()
    {
        using var rig = await AtAsync(hour: 10, budget => budget.PerTenant("each", 1_000, BudgetWindow.Daily));
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromDays(1));

        Assert.That(await ForecastAsync(rig), Is.Empty);
    }

    [Test]
    public async Task Forecast_ByALedgerThatCannotList_KnowsTheAccountsThatTheLimitsName()
    {
        var memory = new LlmKit.Control.Budgets.Ledger.Memory.InMemoryBudgetLedger(TimeProvider.System);
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", Answer).UseBudget(budget => budget.Global("all", 1_000, BudgetWindow.Lifetime).PerTenant("each", 100, BudgetWindow.Lifetime).For("each", "acme", 50)),
            new CheckingBudgetLedger(memory));
        await rig.AskAsync(streamed);
        await rig.AskAsync(streamed, BudgetRig.Call(tenant: "unnamed"));

        var forecasts = await ForecastAsync(rig);

        Assert.That(forecasts.Select(forecast => (forecast.Limit, forecast.Value, forecast.Money!.Spent, forecast.Money.PerHour, forecast.Money.RecentPerHour)), Is.EqualTo(new[]
        {
            ("each", "acme", 11m, (decimal?)null, (decimal?)null), ("all", "", 22m, null, null),
        }));
    }

    [Test]
    public async Task Forecast_AfterARestartWithAFile_KnowsWhatWasSpentAndNotHowFast()
    {
        var folder = Directory.CreateTempSubdirectory("forecast");
        try
        {
            var clock = new ManualTimeProvider();
            foreach (var isFirst in new[] { true, false })
            {
                using var ledger = new FileBudgetLedger(Path.Combine(folder.FullName, "ledger"), TimeSpan.FromSeconds(1), clock, NullLogger.Instance);
                using var rig = new BudgetRig(builder => builder.AddPriced("model", Answer).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)), ledger, time: clock);
                _ = rig.Chat;
                if (isFirst)
                    await rig.AskAsync(streamed);
                clock.Advance(TimeSpan.FromHours(1));

                var money = (await ForecastAsync(rig)).Single().Money!;
                Assert.That((money.Spent, money.PerHour), Is.EqualTo((11m, isFirst ? 11m : (decimal?)null)));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ValueTask<IReadOnlyList<BudgetForecast>> ForecastAsync(BudgetRig rig) => rig.Services.GetRequiredService<LlmBudgets>().ForecastAsync();

    /// <summary>Gives a rig whose clock stands so many hours after midnight.</summary>
    private static Task<BudgetRig> AtAsync(double hour, Action<BudgetOptions> budget)
    {
        var clock = new ManualTimeProvider();
        clock.Advance(clock.GetUtcNow().Date.AddDays(1).AddHours(hour) - clock.GetUtcNow().DateTime);
        return Task.FromResult(new BudgetRig(builder => builder.AddPriced("model", Answer).UseBudget(budget), time: clock));
    }
}
