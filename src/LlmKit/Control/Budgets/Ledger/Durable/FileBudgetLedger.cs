using System.Runtime.InteropServices;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>A ledger whose spend outlives its process: every reservation and settlement is appended to a file before anybody goes on.</summary>
/// <remarks>
/// Thread-safe: one lock, held for a look-up and a write to the file. A process that is killed loses nothing; what it had reserved and not
/// settled is booked in full at the next start, for nobody knows what it cost. A machine that fails may lose the records of the last
/// interval between two flushes, which all settlements share. The file is compacted at the start and as it grows.
/// </remarks>
internal sealed class FileBudgetLedger : IBudgetLedger, IDisposable
{
    private const long LeastToCompact = 4 << 20;
    private const int MostGrowth = 4;

    private readonly InMemoryBudgetLedger _memory;
    private readonly JournalFile _file;
    private readonly JournalWriter _writer = new();
    private readonly List<BudgetAccount> _named = [];
    private readonly ILogger _logger;
    private readonly ITimer _flushes;
    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private readonly long _firstId;
    private Dictionary<BudgetAccount, int> _numbers = [];
    private Dictionary<long, (int[] Accounts, Expense Amount, DateTimeOffset At)> _open = [];
    private long _compacted;
    private bool _isDirty;
    private bool _isClosed;

    /// <exception cref="BudgetFileDamagedException">The file does not read.</exception>
    /// <exception cref="LlmConfigurationException">Another process has the file, or it cannot be written.</exception>
    public FileBudgetLedger(string path, TimeSpan flushInterval, TimeProvider time, ILogger logger)
    {
        _memory = new(time);
        _logger = logger;
        _file = new(path);
        try
        {
            var state = new JournalReader(_file.Read(), path).Read();
            _firstId = state.LastId;
            foreach (var ((account, at), spent) in state.Spent)
                _memory.Book(account, spent, at);
            if (state.Lost > 0 || state.Length < _file.Length)
                BudgetTelemetry.Recovered(logger, state.Lost, _file.Length - state.Length);
            Compact();
        }
        catch
        {
            _file.Dispose();
            throw;
        }

        _flushes = time.CreateTimer(static ledger => ((FileBudgetLedger)ledger!).Flush(), this, flushInterval, flushInterval);
    }

    public bool IsDurable => true;

    /// <summary>Gets the ledger that holds the sums.</summary>
    internal InMemoryBudgetLedger Memory => _memory;

    /// <summary>Gets the bytes of the file.</summary>
    internal long Length => _file.Length;

    public ValueTask<BudgetBalance> ReadAsync(BudgetAccount account, DateTimeOffset at, CancellationToken cancellationToken) => _memory.ReadAsync(account, at, cancellationToken);

    public ValueTask<IReadOnlyList<AccountStanding>?> ListAsync(DateTimeOffset at, CancellationToken cancellationToken) => _memory.ListAsync(at, cancellationToken);

    public ValueTask<Expense?> HeadroomAsync(ReadOnlyMemory<BudgetCharge> charges, DateTimeOffset at, CancellationToken cancellationToken) =>
        _memory.HeadroomAsync(charges, at, cancellationToken);

    public ValueTask<ReserveResult> ReserveAsync(ReadOnlyMemory<BudgetCharge> charges, Expense amount, DateTimeOffset at, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            var reserving = _memory.ReserveAsync(charges, amount, at, cancellationToken);
            var result = reserving.GetAwaiter().GetResult();
            if (result.Reservation == 0)
                return new(result);
            try
            {
                Note(result.Reservation, charges.Span, amount, at);
            }
            catch
            {
                // Nothing of it is in the file, so nothing of it may be known.
                _named.ForEach(account => _numbers.Remove(account));
                _memory.Settle(result.Reservation, Expense.None);
                throw;
            }

            return new(result);
        }
    }

    public void Renew(long reservation, Expense estimate) => _memory.Renew(reservation, estimate);

    public void Settle(long reservation, Expense actual)
    {
        lock (_lock)
        {
            _memory.Settle(reservation, actual);
            if (_isClosed || !_open.Remove(reservation))
                return;
            _writer.Clear();
            _writer.Settled(_firstId + reservation, actual);
            Append();
            if (_file.Length > LeastToCompact && _file.Length > MostGrowth * _compacted)
                Compact();
        }
    }

    /// <summary>Lets the disk have what was appended. Appends go on meanwhile.</summary>
    public void Flush()
    {
        lock (_flushing)
        {
            lock (_lock)
            {
                if (!_isDirty || _isClosed)
                    return;
                _isDirty = false;
            }

            try
            {
                _file.Flush();
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                BudgetTelemetry.LedgerFailed(_logger, "flush", exception);
            }
        }
    }

    public void Dispose()
    {
        _flushes.Dispose();
        Flush();
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            _file.Dispose();
        }
    }

    private void Note(long reservation, ReadOnlySpan<BudgetCharge> charges, Expense amount, DateTimeOffset at)
    {
        _writer.Clear();
        _named.Clear();
        var accounts = new int[charges.Length];
        for (var i = 0; i < charges.Length; i++)
            accounts[i] = NumberOf(charges[i].Account, _numbers);
        _writer.Reserved(_firstId + reservation, accounts, amount, at);
        Append();
        _open[reservation] = (accounts, amount, at);
    }

    /// <summary>Gives the number by which records name an account; its first use writes what it is.</summary>
    private int NumberOf(in BudgetAccount account, Dictionary<BudgetAccount, int> numbers)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, account, out var isKnown);
        if (isKnown)
            return number;
        number = numbers.Count - 1;
        _writer.Account(account);
        _named.Add(account);
        return number;
    }

    private void Append()
    {
        _file.Append(_writer.Written.Span);
        _isDirty = true;
    }

    /// <summary>Writes what stands in the place of how it came to stand.</summary>
    private void Compact()
    {
        _writer.Clear();
        var numbers = new Dictionary<BudgetAccount, int>();
        foreach (var (account, at, spent) in _memory.Balances())
        {
            var number = NumberOf(account, numbers);
            _writer.Spent(number, spent, at);
        }

        var known = _numbers.ToDictionary(pair => pair.Value, pair => pair.Key);
        var open = new Dictionary<long, (int[] Accounts, Expense Amount, DateTimeOffset At)>();
        foreach (var (id, (accounts, amount, at)) in _open)
        {
            var renumbered = Array.ConvertAll(accounts, account => NumberOf(known[account], numbers));
            _writer.Reserved(_firstId + id, renumbered, amount, at);
            open[id] = (renumbered, amount, at);
        }

        _file.Replace(_writer.Written.Span);
        (_numbers, _open, _compacted) = (numbers, open, _file.Length);
        _named.Clear();
    }
}
