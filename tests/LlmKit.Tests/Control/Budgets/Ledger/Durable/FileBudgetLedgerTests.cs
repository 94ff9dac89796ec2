using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Durable;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Ledger.Durable;

public sealed class FileBudgetLedgerTests
{
    private static readonly BudgetAccount All = BudgetAccount.ForEver("all", BudgetScope.Global, "");
    private static readonly BudgetAccount Acme = BudgetAccount.ForEver("each", BudgetScope.User, "acme\u001fü");
    private readonly ManualTimeProvider _clock = new();
    private readonly RememberingLogs _logs = new();
    private string _folder = "";

    private string Path => System.IO.Path.Combine(_folder, "sub", "budget.ledger");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ledger").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Settled_ThenClosedAndOpened_IsSpent()
    {
        using (var ledger = Open())
        {
            Spend(ledger, 7, 70, All, Acme);
            Spend(ledger, 5, 50, All);
        }

        using var again = Open();

        Assert.That((Read(again, All), Read(again, Acme)), Is.EqualTo(((12m, 120L), (7m, 70L))));
        Assert.That(again.Memory.OpenReservations, Is.Zero);
        Assert.That(_logs.Messages, Is.Empty);
    }

    [Test]
    public void Reserved_ThenKilled_IsBookedInFull()
    {
        var ledger = Open();
        Spend(ledger, 7, 70, All);
        Reserve(ledger, 30, 300, All, Acme);
        var left = Copy();
        ledger.Dispose();

        using var again = Open(left);

        Assert.That((Read(again, All), Read(again, Acme)), Is.EqualTo(((37m, 370L), (30m, 300L))));
        Assert.That(_logs.Messages, Has.One.Contains("1 reservations under way were booked in full"));
    }

    [Test]
    public void Spent_OfARollingWindow_KeepsItsMoments()
    {
        var rolling = All with { Rolling = TimeSpan.FromHours(1) };
        using (var ledger = Open())
        {
            Spend(ledger, 7, 0, rolling);
            _clock.Advance(TimeSpan.FromMinutes(40));
            Spend(ledger, 5, 0, rolling);
        }

        using var again = Open();
        _clock.Advance(TimeSpan.FromMinutes(30));

        Assert.That(Read(again, rolling).Money, Is.EqualTo(5m));
    }

    [Test]
    public void File_CutAnywhere_LosesNoSettlementBeforeTheCut()
    {
        var lengths = new List<(long Length, decimal Settled)>();
        var ledger = Open();
        for (var i = 1; i <= 8; i++)
        {
            Spend(ledger, i, i, All);
            lengths.Add((ledger.Length, i * (i + 1) / 2));
        }

        var whole = File.ReadAllBytes(Copy());
        ledger.Dispose();
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            var path = System.IO.Path.Combine(_folder, $"cut-{cut}");
            File.WriteAllBytes(path, whole[..cut]);
            using var again = Open(path);

            var settled = lengths.Where(one => one.Length <= cut).Select(one => one.Settled).DefaultIfEmpty().Max();
            Assert.That(Read(again, All).Money, Is.InRange(settled, settled + 100), $"cut at {cut}");
        }
    }

    [Test]
    public void File_WithATailOfZeros_IsReadUpToIt()
    {
        var path = Closed();
        File.AppendAllText(path, new string('\0', 4_096));

        using var again = Open(path);

        Assert.That(Read(again, All).Money, Is.EqualTo(7m));
    }

    [Test]
    public void File_WithAByteChangedAnywhere_IsRefusedAndLeftAsItIs()
    {
        var path = Closed();
        var whole = File.ReadAllBytes(path);
        for (var at = 0; at < whole.Length; at++)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x10;
            File.WriteAllBytes(path, changed);

            Assert.That(() => Open(path), Throws.TypeOf<BudgetFileDamagedException>(), $"byte {at}");
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(changed));
        }
    }

    [Test]
    public void File_Damaged_IsRefusedWithWhatToDo()
    {
        var path = Closed();
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.That(() => Open(path), Throws.TypeOf<BudgetFileDamagedException>().With.Message.Contains("Restore it from a backup"));
    }

    [Test]
    public void Open_FileThatAnotherHas_IsRefused()
    {
        using var first = Open();

        Assert.That(() => Open(), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("One process may have it at a time"));
    }

    [Test]
    public void Settle_ManyTimes_KeepsTheFileSmall()
    {
        using var ledger = Open();
        for (var i = 0; i < 60_000; i++)
            Spend(ledger, 0.01m, 1, All);

        Assert.That(ledger.Length, Is.LessThan(5 << 20));
        Assert.That(Read(ledger, All), Is.EqualTo((600m, 60_000L)));
        ledger.Dispose();
        using var again = Open();
        Assert.That(Read(again, All), Is.EqualTo((600m, 60_000L)));
    }

    [Test]
    public void Compact_WithReservationsUnderWay_KeepsThem()
    {
        var ledger = Open();
        var held = Reserve(ledger, 30, 300, Acme, All);
        for (var i = 0; i < 60_000; i++)
            Spend(ledger, 0.01m, 1, All);
        ledger.Settle(held, new(Money.FromUsd(4), 40));
        var left = Copy();
        ledger.Dispose();

        using var again = Open(left);

        Assert.That((Read(again, All).Money, Read(again, Acme).Money), Is.EqualTo((604m, 4m)));
    }

    [Test]
    public void Dispose_Twice_AndSettleAfter_ChangeNothing()
    {
        var ledger = Open();
        var held = Reserve(ledger, 30, 300, All);
        ledger.Dispose();
        ledger.Dispose();

        Assert.DoesNotThrow(() => ledger.Settle(held, new(Money.FromUsd(4), 40)));
        Assert.That(() => Reserve(ledger, 1, 1, All), Throws.TypeOf<ObjectDisposedException>());
    }

    private FileBudgetLedger Open(string? path = null) => new(path ?? Path, TimeSpan.FromMilliseconds(100), _clock, _logs.CreateLogger("ledger"));

    /// <summary>Gives a file in which 7 USD were spent.</summary>
    private string Closed()
    {
        var path = System.IO.Path.Combine(_folder, "closed");
        using var ledger = Open(path);
        Spend(ledger, 7, 70, All);
        return path;
    }

    /// <summary>Copies the file as it stands, as if its process were killed now.</summary>
    private string Copy()
    {
        var path = System.IO.Path.Combine(_folder, "left");
        File.Copy(Path, path, overwrite: true);
        return path;
    }

    private (decimal Money, long Tokens) Read(FileBudgetLedger ledger, BudgetAccount account)
    {
        var spent = ledger.ReadAsync(account, _clock.GetUtcNow(), default).Result.Spent;
        return (spent.Money.ToUsd(), spent.Tokens);
    }

    private void Spend(FileBudgetLedger ledger, decimal cost, long tokens, params BudgetAccount[] accounts) =>
        ledger.Settle(Reserve(ledger, 100, 1_000, accounts), new(Money.FromUsd(cost), tokens));

    private long Reserve(FileBudgetLedger ledger, decimal cost, long tokens, params BudgetAccount[] accounts) =>
        ledger.ReserveAsync(accounts.Select(account => new BudgetCharge(account, Expense.Unlimited, Enforce: true)).ToArray(), new(Money.FromUsd(cost), tokens), _clock.GetUtcNow(), default).Result.Reservation;
}
