using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Memory;

/// <summary>An account whose window ends with each call: what was spent is kept by sixtieths of the window, in which calls started.</summary>
/// <remarks>A sixtieth counts until the whole of it has left the window, so that what is spent never counts for too little.</remarks>
internal sealed class RollingAccount(TimeSpan length) : LedgerAccount
{
    private const int Parts = 60;

    private readonly long _part = Math.Max(length.Ticks / Parts, 1);
    private readonly List<(long Index, Expense Spent)> _parts = [];

    public override bool IsEmpty => _parts.TrueForAll(static part => part.Spent == Expense.None);

    public override Expense SpentAt(DateTimeOffset at)
    {
        // What later calls spent counts too: this one's expense falls into their windows.
        var oldest = IndexOf(at) - Parts;
        var sum = Expense.None;
        foreach (var (index, spent) in _parts)
        {
            if (index >= oldest)
                sum += spent;
        }

        return sum;
    }

    protected override void Add(Expense amount, DateTimeOffset at)
    {
        var index = IndexOf(at);
        var place = _parts.Count;
        while (place > 0 && _parts[place - 1].Index > index)
            place--;
        if (place > 0 && _parts[place - 1].Index == index)
            _parts[place - 1] = (index, _parts[place - 1].Spent + amount);
        else
            _parts.Insert(place, (index, amount));
        // A call that started earlier may still ask about a window that began earlier.
        var oldest = _parts[^1].Index - 2 * Parts;
        _parts.RemoveAll(part => part.Index < oldest);
    }

    public override IEnumerable<(DateTimeOffset At, Expense Spent)> Booked() => _parts.Select(part => (new DateTimeOffset(part.Index * _part, TimeSpan.Zero), part.Spent));

    public override DateTimeOffset? FreesAt(DateTimeOffset at)
    {
        var oldest = IndexOf(at) - Parts;
        foreach (var (index, spent) in _parts)
        {
            if (index >= oldest && spent != Expense.None)
                return new DateTimeOffset((index + Parts + 1) * _part, TimeSpan.Zero);
        }

        return null;
    }

    public override bool IsOver(in BudgetAccount account, DateTimeOffset now) => _parts.Count == 0 || _parts[^1].Index < IndexOf(now) - Parts;

    private long IndexOf(DateTimeOffset at) => at.UtcTicks / _part;
}
