using System.Collections.Concurrent;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Alerts;

[TestFixture(false)]
[TestFixture(true)]
public sealed class BudgetAlertTests(bool streamed)
{
    private readonly Sink _sink = new();
    private readonly ConcurrentQueue<BudgetAlert> _called = new();
    private readonly RememberingLogs _logs = new();

    [Test]
    public async Task Spend_ReachesAPartOfTheLimit_AlertsOncePerAccountAndPart()
    {
        using var rig = Rig(limit => (limit.Scope, limit.Amount, limit.Window) = (BudgetScope.User, 113, BudgetWindow.Daily), 0.3, 0.75);

        for (var i = 0; i < 8; i++)
            await rig.AskAsync(streamed);
        await rig.AskAsync(streamed, BudgetRig.Call(user: "u2"));
        await ManualTimeExtensions.UntilAsync(() => _sink.Alerts.Count == 2 && _called.Count == 2);

        Assert.That(_sink.Alerts.Select(alert => (alert.Value, alert.Part, alert.Spent, alert.Amount)), Is.EquivalentTo(new[] { ("acme/u1", 0.3, 44m, (decimal?)113), ("acme/u1", 0.75, 88m, 113) }));
        Assert.That(_sink.Alerts.First().ResetsAt, Is.EqualTo(rig.Clock.GetUtcNow().AddDays(1)));
        Assert.That(_logs.Messages.Where(message => message.Contains("has reached")), Has.Exactly(2).Items.And.None.Contains("acme"));
    }

    [Test]
    public async Task Spend_InTheNextWindow_AlertsAgain()
    {
        using var rig = Rig(limit => (limit.Amount, limit.Window) = (100, BudgetWindow.Daily), 0.1);
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromDays(1));

        await rig.AskAsync(streamed);

        await ManualTimeExtensions.UntilAsync(() => _sink.Alerts.Count == 2);
    }

    [Test]
    public async Task Spend_OfARollingWindowFallsAndRisesAgain_AlertsAgain()
    {
        using var rig = Rig(limit => (limit.Amount, limit.Window, limit.Length) = (100, BudgetWindow.Rolling, TimeSpan.FromHours(1)), 0.2);
        for (var round = 1; round <= 2; round++)
        {
            for (var i = 0; i < 3; i++)
                await rig.AskAsync(streamed);
            await ManualTimeExtensions.UntilAsync(() => _sink.Alerts.Count == round);
            rig.Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.That(_sink.Alerts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Spend_OnTokens_AlertsToo()
    {
        using var rig = Rig(limit => limit.Tokens = 100, 0.1);

        await rig.AskAsync(streamed);

        await ManualTimeExtensions.UntilAsync(() => _sink.Alerts.Count == 1);
        Assert.That((_sink.Alerts.Single().SpentTokens, _sink.Alerts.Single().Tokens, _sink.Alerts.Single().Amount), Is.EqualTo((11L, (long?)100, (decimal?)null)));
    }

    [Test]
    public async Task Sink_Throws_IsLoggedByItsTypeAndChangesNothing()
    {
        _sink.Failure = new InvalidOperationException("secret");
        using var rig = Rig(limit => limit.Amount = 100, 0.1);

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.Null);
        await ManualTimeExtensions.UntilAsync(() => _logs.Messages.Any(message => message.Contains(nameof(InvalidOperationException))));
        Assert.That(_logs.Messages, Has.None.Contains("secret"));
    }

    private BudgetRig Rig(Action<BudgetLimit> configure, params double[] parts) => new(
        builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget =>
        {
            budget.OnAlert = _called.Enqueue;
            budget.Limit("limit", limit =>
            {
                configure(limit);
                foreach (var part in parts)
                    limit.AlertAt.Add(part);
            });
        }),
        more: services => services.AddSingleton<IBudgetAlertSink>(_sink).AddSingleton<ILoggerFactory>(_logs));

    private sealed class Sink : IBudgetAlertSink
    {
        public ConcurrentQueue<BudgetAlert> Alerts { get; } = new();

        public Exception? Failure { get; set; }

        public ValueTask AlertAsync(BudgetAlert alert)
        {
            if (Failure is not null)
                throw Failure;
            Alerts.Enqueue(alert);
            return default;
        }
    }
}
