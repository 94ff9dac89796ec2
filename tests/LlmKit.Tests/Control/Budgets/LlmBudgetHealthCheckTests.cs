using LlmKit.Control.Budgets.Ledger;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets;

public sealed class LlmBudgetHealthCheckTests
{
    [TestCase(false, "is lost with the process and is not shared")]
    [TestCase(true, "outlives the process and is not shared")]
    public async Task Check_OfALedger_SaysWhetherItsSpendIsKept(bool isKept, string said)
    {
        var folder = Directory.CreateTempSubdirectory("budget").FullName;
        var services = new ServiceCollection().AddLogging();
        var pipeline = services.AddLlmPipeline().AddPriced("model", ScriptedAnswer.Text("ok")).UseBudget(budget => budget.Global("all", 10, BudgetWindow.Daily));
        if (isKept)
            pipeline.WithBudgetFile(Path.Combine(folder, "budget.ledger"));

        var entry = await CheckAsync(services);

        Directory.Delete(folder, recursive: true);
        Assert.That((entry.Status, entry.Data["durable"], entry.Data["shared"]), Is.EqualTo((HealthStatus.Healthy, (object)isKept, (object)false)));
        Assert.That(entry.Description, Does.Contain(said));
    }

    [Test]
    public async Task Check_OfALedgerThatFails_Fails()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IBudgetLedger>(new BrokenLedger());

        var entry = await CheckAsync(services);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.Contain(nameof(IOException)).And.Not.Contain("secret"));
    }

    [Test]
    public async Task Check_WithoutABudget_IsHealthy() =>
        Assert.That((await CheckAsync(new ServiceCollection().AddLogging())).Status, Is.EqualTo(HealthStatus.Healthy));

    private static async Task<HealthReportEntry> CheckAsync(IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<LlmBudgetHealthCheck>("budget");
        await using var provider = services.BuildServiceProvider();
        return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["budget"];
    }

    private sealed class BrokenLedger : IBudgetLedger
    {
        public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => throw new IOException("secret");

        public ValueTask<LlmKit.Models.Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken) => throw new IOException("secret");

        public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, LlmKit.Models.Expense amount, DateTimeOffset at, CancellationToken cancellationToken) => throw new IOException("secret");

        public void Renew(long reservation, LlmKit.Models.Expense estimate)
        {
        }

        public void Settle(long reservation, LlmKit.Models.Expense actual)
        {
        }
    }
}
