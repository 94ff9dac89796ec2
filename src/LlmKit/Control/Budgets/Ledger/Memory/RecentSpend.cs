using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Memory;

/// <summary>What calls spent that started in the current ten minutes by the clock and in the ten before. Not thread-safe.</summary>
internal struct RecentSpend
{
    private static readonly long Part = TimeSpan.FromMinutes(10).Ticks;

    private int _part;
    private Expense _current;
    private Expense _before;

    /// <summary>Gives where the recent past begins that a moment sees.</summary>
    public static DateTimeOffset BeginningAt(DateTimeOffset moment) => new(Math.Max(0, PartOf(moment) - 1) * Part, TimeSpan.Zero);

    public void Book(Expense amount, DateTimeOffset at)
    {
        var part = PartOf(at);
        if (part > _part)
        {
            _before = part == _part + 1 ? _current : Expense.None;
            (_current, _part) = (Expense.None, part);
        }

        if (part == _part)
            _current += amount;
        else if (part == _part - 1)
            _before += amount;
    }

    public readonly Expense SpentAt(DateTimeOffset moment) => (PartOf(moment) - _part) switch
    {
        <= 0 => _current + _before,
        1 => _current,
        _ => Expense.None,
    };

    private static int PartOf(DateTimeOffset moment) => (int)(moment.UtcTicks / Part);
}
