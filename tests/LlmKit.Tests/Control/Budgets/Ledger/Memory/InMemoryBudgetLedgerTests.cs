using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Ledger.Memory;

public class InMemoryBudgetLedgerTests
{
    private static readonly BudgetAccount Account = new("all", BudgetScope.Global, "", DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
    private readonly ManualTimeProvider _clock = new();
    private readonly InMemoryBudgetLedger _ledger;

    public InMemoryBudgetLedgerTests() => _ledger = new(_clock);

    [Test]
    public async Task Reserve_ThatFits_HoldsTheAmount()
    {
        await ReserveAsync(60);

        Assert.That(await ReadAsync(), Is.EqualTo((0m, 60m)));
    }

    [Test]
    public async Task Reserve_BeyondTheLimit_HoldsNothingAndTellsTheBalance()
    {
        await ReserveAsync(60);

        var result = await ReserveAsync(41);

        Assert.That((result.Reservation, result.Over, result.Balance.Reserved.Money.ToUsd()), Is.EqualTo((0, 0, 60m)));
        Assert.That(await ReadAsync(), Is.EqualTo((0m, 60m)));
    }

    [Test]
    public async Task Reserve_RefusedByOneOfSeveralAccounts_NamesItAndHoldsOnNone()
    {
        var other = Account with { Limit = "other" };
        BudgetCharge[] charges = [Charge(Account, 100), Charge(other, 10)];

        var result = await _ledger.ReserveAsync(charges, Usd(50), Now, default);

        Assert.That(result.Over, Is.EqualTo(1));
        Assert.That(await ReadAsync(), Is.EqualTo((0m, 0m)));
    }

    [Test]
    public async Task Reserve_RefusedOnUnknownAccounts_OpensNone()
    {
        for (var i = 0; i < 100; i++)
            await _ledger.ReserveAsync(new[] { Charge(Account with { Value = "user" + i }, 10) }, Usd(50), Now, default);

        Assert.That(_ledger.Accounts, Is.Zero);
    }

    [Test]
    public async Task Reserve_BeyondAnObservedLimit_HoldsAndReports()
    {
        BudgetCharge[] charges = [Charge(Account, 10) with { Enforce = false }];

        var result = await _ledger.ReserveAsync(charges, Usd(50), Now, default);

        Assert.That(result.Reservation, Is.Not.Zero);
        Assert.That(result.Over, Is.Zero);
    }

    [Test]
    public async Task Reserve_BeyondAnObservedAndAnEnforcedLimit_IsRefusedByTheEnforcedOne()
    {
        BudgetCharge[] charges = [Charge(Account, 10) with { Enforce = false }, Charge(Account with { Limit = "other" }, 10)];

        var result = await _ledger.ReserveAsync(charges, Usd(50), Now, default);

        Assert.That((result.Reservation, result.Over), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task Reserve_OfNothingOnAnOverdrawnAccount_Fits()
    {
        var first = await ReserveAsync(100);
        _ledger.Settle(first.Reservation, Usd(150));

        var result = await ReserveAsync(0);

        Assert.That(result.Over, Is.EqualTo(-1));
    }

    [Test]
    public async Task Headroom_OfSeveralAccounts_IsTheLeastOfTheEnforcedOnes()
    {
        await ReserveAsync(60);
        BudgetCharge[] charges = [Charge(Account, 100), Charge(Account with { Limit = "b" }, 70), Charge(Account with { Limit = "c" }, 5) with { Enforce = false }];

        var headroom = await _ledger.HeadroomAsync(charges, Now, default);

        Assert.That(headroom, Is.EqualTo(Expense.Unlimited with { Money = Money.FromUsd(40) }));
    }

    [Test]
    public async Task Settle_OfAReservation_BooksTheCostInItsPlace()
    {
        var held = await ReserveAsync(60);

        _ledger.Settle(held.Reservation, Usd(7));

        Assert.That(await ReadAsync(), Is.EqualTo((7m, 0m)));
        Assert.That(_ledger.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Settle_Twice_CountsOnce()
    {
        var held = await ReserveAsync(60);
        _ledger.Settle(held.Reservation, Usd(7));

        _ledger.Settle(held.Reservation, Usd(7));

        Assert.That(await ReadAsync(), Is.EqualTo((7m, 0m)));
    }

    [Test]
    public async Task Lease_RunOutWithAnEstimate_BooksTheEstimate()
    {
        var held = await ReserveAsync(60);
        _ledger.Renew(held.Reservation, Usd(9));

        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(await ReadAsync(), Is.EqualTo((9m, 0m)));
    }

    [Test]
    public async Task Lease_RunOutWithoutAnEstimate_BooksAllOfIt()
    {
        await ReserveAsync(60);

        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.That(await ReadAsync(), Is.EqualTo((60m, 0m)));
    }

    [Test]
    public async Task Lease_Renewed_StaysReserved()
    {
        var held = await ReserveAsync(60);
        _clock.Advance(TimeSpan.FromMinutes(6));
        _ledger.Renew(held.Reservation, Usd(9));

        _clock.Advance(TimeSpan.FromMinutes(6));

        Assert.That(await ReadAsync(), Is.EqualTo((0m, 60m)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Settle_AfterTheLease_CorrectsWhatWasBooked(bool isRenewed)
    {
        var held = await ReserveAsync(60);
        if (isRenewed)
            _ledger.Renew(held.Reservation, Usd(9));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await ReadAsync();

        _ledger.Settle(held.Reservation, Usd(13));

        Assert.That(await ReadAsync(), Is.EqualTo((13m, 0m)));
        Assert.That(_ledger.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Reservation_LostForADay_IsForgotten()
    {
        await ReserveAsync(60);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await ReadAsync();

        _clock.Advance(TimeSpan.FromDays(1));

        Assert.That(await ReadAsync(), Is.EqualTo((60m, 0m)));
        Assert.That(_ledger.OpenReservations, Is.Zero);
    }

    [Test]
    public async Task Accounts_OfEndedWindows_AreDroppedAsTheLedgerGrows()
    {
        for (var i = 0; i < 5_000; i++)
        {
            var day = _clock.GetUtcNow().Date is var date ? new DateTimeOffset(date, TimeSpan.Zero) : default;
            var held = await _ledger.ReserveAsync(new[] { Charge(Account with { From = day, Until = day.AddDays(1) }, 10) }, Usd(1), Now, default);
            _ledger.Settle(held.Reservation, Usd(1));
            _clock.Advance(TimeSpan.FromDays(1));
        }

        Assert.That(_ledger.Accounts, Is.LessThan(1_100));
    }

    [Test]
    public async Task Accounts_WithSpendThatStillCounts_AreKept()
    {
        for (var user = 0; user < 3_000; user++)
        {
            var held = await _ledger.ReserveAsync(new[] { Charge(Account with { Value = "user" + user }, 10) }, Usd(1), Now, default);
            _ledger.Settle(held.Reservation, Usd(1));
        }

        Assert.That(_ledger.Accounts, Is.EqualTo(3_000));
    }

    [Test]
    [NonParallelizable]
    public async Task Accounts_OfManyTenants_TakeLittle()
    {
        const int Tenants = 100_000;
        var names = Enumerable.Range(0, Tenants).Select(i => $"tenant-{i:d6}").ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var name in names)
        {
            var held = await _ledger.ReserveAsync(new[] { Charge(Account with { Value = name, From = Now, Until = Now.AddDays(1) }, 10) }, Usd(1), Now, default);
            _ledger.Settle(held.Reservation, Usd(1));
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Tenants;

        TestContext.Out.WriteLine($"{each} B");
        Assert.That(each, Is.LessThan(400));
        Assert.That(_ledger.Accounts, Is.EqualTo(Tenants));
    }

    [Test]
    public async Task Read_OfARollingWindowForACallThatStartedBeforeALaterOne_CountsAllOfItsWindow()
    {
        var hour = Account with { Rolling = TimeSpan.FromHours(1) };
        var start = Now;
        async Task SpendAsync(decimal amount, TimeSpan after)
        {
            var held = await _ledger.ReserveAsync(new[] { Charge(hour, 100) }, Usd(amount), start + after, default);
            _ledger.Settle(held.Reservation, Usd(amount));
        }

        await SpendAsync(5, TimeSpan.Zero);
        await SpendAsync(1, TimeSpan.FromMinutes(61));

        Assert.That((await _ledger.ReadAsync(hour, start + TimeSpan.FromMinutes(60), default)).Spent, Is.EqualTo(Usd(6)));
        Assert.That((await _ledger.ReadAsync(hour, start + TimeSpan.FromMinutes(61), default)).Spent, Is.EqualTo(Usd(1)));
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private static Expense Usd(decimal amount) => new(Money.FromUsd(amount), 0);

    private static BudgetCharge Charge(BudgetAccount account, decimal limit) => new(account, Expense.Unlimited with { Money = Money.FromUsd(limit) }, Enforce: true);

    private async Task<ReserveResult> ReserveAsync(decimal amount) => await _ledger.ReserveAsync(new[] { Charge(Account, 100) }, Usd(amount), Now, default);

    private async Task<(decimal Spent, decimal Reserved)> ReadAsync()
    {
        var balance = await _ledger.ReadAsync(Account, Now, default);
        return (balance.Spent.Money.ToUsd(), balance.Reserved.Money.ToUsd());
    }
}
