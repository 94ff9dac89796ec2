// Spends from a budget's file as fast as it can and says after each settlement what was spent, until somebody kills it.
using System.Globalization;
using LlmKit;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;
using Microsoft.Extensions.DependencyInjection;

if (args is [var folder, "traces"])
{
    await LlmKit.Victim.TracingVictim.RunAsync(folder);
    return;
}

var services = new ServiceCollection();
services.AddLlmPipeline().WithBudgetFile(args[0]);
await using var provider = services.BuildServiceProvider();
var ledger = provider.GetRequiredService<IBudgetLedger>();
var account = BudgetAccount.ForEver("all", BudgetScope.Global, "");
BudgetCharge[] charges = [new(account, Expense.Unlimited, Enforce: true)];
var spent = (await ledger.ReadAsync(account, DateTimeOffset.UtcNow, CancellationToken.None)).Spent.Money.ToUsd();
using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
output.WriteLine(spent.ToString(CultureInfo.InvariantCulture));
while (args is not [_, "once"])
{
    var held = await ledger.ReserveAsync(charges, new(Money.FromUsd(5), 5), DateTimeOffset.UtcNow, CancellationToken.None);
    ledger.Settle(held.Reservation, new(Money.FromUsd(1), 1));
    output.WriteLine((++spent).ToString(CultureInfo.InvariantCulture));
}
