using System.Net;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

public sealed class HealthTests
{
    private readonly ManualTimeProvider _time = new();

    [Test]
    public async Task Models_NobodyHasAsked_AreHealthyAndNotAsked()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Hi."));
        await using var services = Services(model, checks => checks.AddLlmModels());

        Assert.That((await CheckAsync(services)).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(model.Requests, Is.Empty);
    }

    [Test]
    public async Task Models_ManyRecentFailures_AreDegradedUntilTheyArePast()
    {
        await using var services = Services(Failing(every: 2), checks => checks.AddLlmModels(o => o.DegradedAt = 0.4));

        await AskAsync(services, 6);
        var failing = await CheckAsync(services);
        _time.Advance(TimeSpan.FromMinutes(1));
        var later = await CheckAsync(services);

        Assert.That(failing.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(failing.Entries["llm-models"].Data["Default/main"], Does.Contain("3 of 6 recent attempts failed"));
        Assert.That(later.Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Models_TheOnlyCircuitIsOpen_AreUnhealthyUntilTheBreakIsOver()
    {
        await using var services = Services(Failing(every: 1), checks => checks.AddLlmModels());

        await AskAsync(services, 10);
        var open = await CheckAsync(services);
        _time.Advance(TimeSpan.FromMinutes(1));
        var over = await CheckAsync(services);

        Assert.That((open.Status, over.Status), Is.EqualTo((HealthStatus.Unhealthy, HealthStatus.Degraded)));
    }

    [Test]
    public async Task Models_AProbeIsAskedFor_AsksOnceInItsInterval()
    {
        var model = new ScriptedChatClient((number, _) => number == 0 ? ScriptedAnswer.Text("OK") : ScriptedAnswer.Throws(new HttpRequestException("no", null, HttpStatusCode.Unauthorized)));
        await using var services = Services(model, checks => checks.AddLlmModels(o => o.Probe("main", TimeSpan.FromMinutes(5))));

        var good = await CheckAsync(services);
        await CheckAsync(services);
        var asked = model.Requests.Count;
        _time.Advance(TimeSpan.FromMinutes(5));
        var bad = await CheckAsync(services);

        Assert.That((good.Status, asked, bad.Status), Is.EqualTo((HealthStatus.Healthy, 1, HealthStatus.Unhealthy)));
        Assert.That(bad.Entries["llm-models"].Data["probe main"], Is.EqualTo("Unauthorized"));
        Assert.That(model.Requests[0].Options?.MaxOutputTokens, Is.EqualTo(16));
    }

    [Test]
    public async Task Stores_ThatWork_AreHealthy()
    {
        await using var services = Services(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), checks => checks.AddLlmStores(o => o.Add("archive", (_, _) => default)));

        var report = await CheckAsync(services);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Entries["llm-stores"].Data.Keys, Is.EquivalentTo(["budget ledger", "trace store", "archive"]));
    }

    [Test]
    public async Task Stores_TheLedgersFileIsGone_IsUnhealthy()
    {
        await using var services = Services(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), checks => checks.AddLlmStores(), own => own.AddSingleton<IBudgetLedger>(new BrokenLedger()));

        var report = await CheckAsync(services);

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(report.Entries["llm-stores"].Data["budget ledger"], Is.EqualTo("failed (IOException)"));
    }

    [Test]
    public async Task Stores_AnotherFailsOrHangs_AreDegraded()
    {
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var services = Services(
            new ScriptedChatClient(ScriptedAnswer.Text("Hi.")),
            checks => checks.AddLlmStores(o =>
            {
                o.Add("archive", (_, _) => throw new IOException());
                o.Add("slow", async (_, cancellationToken) =>
                {
                    hanging.SetResult();
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                });
            }));

        var checking = CheckAsync(services);
        await hanging.Task;
        _time.Advance(TimeSpan.FromSeconds(2));
        var report = await checking;

        Assert.That(report.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(report.Entries["llm-stores"].Data["archive"], Is.EqualTo("failed (IOException)"));
        Assert.That(report.Entries["llm-stores"].Data["slow"], Does.StartWith("failed"));
    }

    private static ScriptedChatClient Failing(int every) => new((number, _) =>
        number % every == 0 ? ScriptedAnswer.Throws(new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable)) : ScriptedAnswer.Text("Hi."));

    private static Task<HealthReport> CheckAsync(IServiceProvider services) => services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private static async Task AskAsync(IServiceProvider services, int times)
    {
        for (var i = 0; i < times; i++)
        {
            try
            {
                await services.GetRequiredService<IChatClient>().GetResponseAsync("Hello.");
            }
            catch (HttpRequestException)
            {
            }
        }
    }

    private ServiceProvider Services(IChatClient model, Action<IHealthChecksBuilder> checks, Action<IServiceCollection>? own = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(_time);
        own?.Invoke(services);
        checks(services.AddHealthChecks());
        services.AddLlmPipeline().AddModel("main", model, o => o.Price = ModelPrice.Free)
            .WithTraces()
            .UseTracing()
            .UseBudget(b => b.Global("all", 1m, BudgetWindow.Daily))
            .UseResilience(r => (r.MaxRetries, r.LastResort, r.FailureRatio) = (0, false, 0.9));
        return services.BuildServiceProvider();
    }

    private sealed class BrokenLedger : IBudgetLedger
    {
        public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => default;

        public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken) => default;

        public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken) => throw new IOException("The disk is full.");

        public void Renew(long reservation, Expense estimate)
        {
        }

        public void Settle(long reservation, Expense actual)
        {
        }
    }
}
