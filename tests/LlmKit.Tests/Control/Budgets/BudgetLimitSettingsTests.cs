using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

/// <summary>The settings of single limits: what is refused at build, and what configuration may say.</summary>
public sealed class BudgetLimitSettingsTests
{
    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake(limit => limit.Amount = null, "limits nothing");
        yield return Mistake(limit => limit.Tokens = -1, "tokens below 0");
        yield return Mistake(limit => limit.TokenOverrides["acme"] = -1, "tokens below 0");
        yield return Mistake(limit => limit.Window = BudgetWindow.Rolling, "needs a length");
        yield return Mistake(limit => (limit.Window, limit.Length) = (BudgetWindow.Rolling, TimeSpan.FromSeconds(59)), "needs a length");
        yield return Mistake(limit => (limit.Window, limit.Length) = (BudgetWindow.Rolling, TimeSpan.FromDays(367)), "needs a length");
        yield return Mistake(limit => limit.Length = TimeSpan.FromDays(1), "no other has one");
        yield return Mistake(limit => limit.Scope = BudgetScope.Tag, "needs BudgetLimit.Tag");
        yield return Mistake(limit => limit.Tag = "team", "no other has one");
        yield return Mistake(limit => (limit.Scope, limit.AtLimit) = (BudgetScope.Call, AtLimit.Wait), "comes to no call");
        yield return Mistake(limit => limit.AtLimit = (AtLimit)99, "unknown scope, window or AtLimit");
        yield return Mistake(limit => limit.AlertAt.Add(0), "alerts at '0'");
        yield return Mistake(limit => limit.AlertAt.Add(1.01), "alerts at '1.01'");
        yield return Mistake(limit => limit.AlertAt.Add(double.NaN), "alerts at 'NaN'");
        yield return Mistake(limit => (limit.Scope, limit.Only) = (BudgetScope.Global, "acme"), "never applies");
        yield return Mistake(limit => (limit.Scope, limit.Only) = (BudgetScope.User, "u1"), "has no tenant");
    }

    private static TestCaseData Mistake(Action<BudgetLimit> mistake, string said) => new(mistake, said);

    [TestCaseSource(nameof(Mistakes))]
    public void Build_WithALimitThatCannotBe_IsRefusedWithWhatToDo(Action<BudgetLimit> mistake, string said)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget => budget.Limit("l", limit =>
        {
            (limit.Scope, limit.Amount) = (BudgetScope.Tenant, 10);
            mistake(limit);
        }));

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(said).And.Message.Contains("'l'"));
    }

    [TestCase("Nowhere/Here", DayOfWeek.Monday, "Nowhere/Here")]
    [TestCase("", DayOfWeek.Monday, "time zone")]
    [TestCase("UTC", (DayOfWeek)9, "WeekStart")]
    public void Build_WithACalendarThatCannotBe_IsRefused(string zone, DayOfWeek weekStart, string said)
    {
        using var rig = BudgetRig.For(ScriptedAnswer.Text("ok"), budget =>
        {
            budget.Global("l", 10, BudgetWindow.Daily);
            (budget.TimeZone, budget.WeekStart) = (zone, weekStart);
        });

        Assert.That(() => rig.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains(said));
    }

    [Test]
    public async Task Configuration_MaySayEverythingOfALimit([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(
            ("Budget:TimeZone", "Europe/Berlin"),
            ("Budget:Limits:blue:Scope", "Tag"),
            ("Budget:Limits:blue:Tag", "team"),
            ("Budget:Limits:blue:Only", "blue"),
            ("Budget:Limits:blue:Tokens", "30"),
            ("Budget:Limits:blue:Window", "Rolling"),
            ("Budget:Limits:blue:Length", "1.00:00:00"),
            ("Budget:Limits:blue:AtLimit", "Shrink"),
            ("Budget:Limits:blue:AlertAt:0", "0.3"));
        var alerts = new Alerts();
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(), configuration: configuration, more: services => services.AddSingleton<IBudgetAlertSink>(alerts));

        var first = await rig.AskAsync(streamed, BudgetRig.Call(most: 500));
        var second = await rig.AskAsync(streamed);

        Assert.That(first.Call!.Marks, Is.EqualTo(LlmKit.Calls.AnswerMarks.Shrunk));
        Assert.That(second.Error, Is.TypeOf<BudgetExceededException>().With.Property("ResetsAt").GreaterThan(rig.Clock.GetUtcNow().AddDays(1)));
        await ManualTimeExtensions.UntilAsync(() => alerts.Count == 1);
    }

    [Test]
    public async Task Reload_OfTheAmount_KeepsWhatWasSpentAndReserved([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(("Budget:Limits:all:Amount", "30"));
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(), configuration: configuration);
        await rig.AskAsync(streamed);
        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<BudgetExceededException>());

        configuration.Change("Budget:Limits:all:Amount", "40");

        Assert.That((await rig.AskAsync(streamed)).Error, Is.Null);
        Assert.That(rig.Spent("all"), Is.EqualTo(22m));
    }

    [Test]
    public async Task Reload_ThatAddsALimit_KeepsTheSpendOfTheOthers([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(("Budget:Limits:all:Amount", "40"));
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(), configuration: configuration);
        await rig.AskAsync(streamed);

        configuration.Change("Budget:Limits:more:Amount", "30");

        Assert.That((await rig.AskAsync(streamed)).Error, Is.Null, "The new limit begins with nothing spent.");
        Assert.That((rig.Spent("all"), rig.Spent("more")), Is.EqualTo((22m, 11m)));
        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<BudgetExceededException>());
    }

    [Test]
    public async Task Reload_OfTheWindow_BeginsWithNothingSpent([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of(("Budget:Limits:all:Amount", "30"));
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(), configuration: configuration);
        await rig.AskAsync(streamed);

        configuration.Change("Budget:Limits:all:Window", "Daily");

        Assert.That((await rig.AskAsync(streamed)).Error, Is.Null);
        Assert.That((await rig.AskAsync(streamed)).Error, Is.TypeOf<BudgetExceededException>());
    }

    [TestCase(false, 1)]
    [TestCase(true, 0)]
    public void Build_WithALedgerThatForgets_WarnsOnceForAllPipelines(bool isKept, int warnings)
    {
        var logs = new RememberingLogs();
        var folder = Directory.CreateTempSubdirectory("budget").FullName;
        using (var rig = new BudgetRig(
            builder =>
            {
                builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget => budget.Global("all", 10, BudgetWindow.Daily));
                var other = builder.Services.AddLlmPipeline("other").AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget => budget.Global("all", 10, BudgetWindow.Daily));
                if (isKept)
                    other.WithBudgetFile(Path.Combine(folder, "budget.ledger"));
            },
            more: services => services.AddSingleton<ILoggerFactory>(logs)))
        {
            _ = rig.Chat;
            _ = rig.Services.GetRequiredKeyedService<Microsoft.Extensions.AI.IChatClient>("other");
        }

        Directory.Delete(folder, recursive: true);
        Assert.That(logs.Messages.Count(message => message.Contains("a restart refills them")), Is.EqualTo(warnings));
    }

    private sealed class Alerts : IBudgetAlertSink
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ValueTask AlertAsync(BudgetAlert alert)
        {
            Interlocked.Increment(ref _count);
            return default;
        }
    }
}
