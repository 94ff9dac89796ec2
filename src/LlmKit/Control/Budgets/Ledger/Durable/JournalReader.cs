using System.Buffers.Binary;
using System.Text;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>Reads a journal from its beginning into what stands at its end.</summary>
/// <remarks>
/// A record that the file's end cuts short, or a tail of zeros, is what a crash leaves of a write that nobody was told of: it is dropped.
/// Anything else that does not read is damage.
/// </remarks>
internal ref struct JournalReader(ReadOnlySpan<byte> bytes, string path)
{
    private const int LongestRecord = 1 << 20;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly List<BudgetAccount> _accounts = [];
    private readonly Dictionary<long, (int[] Accounts, Expense Amount, DateTimeOffset At)> _open = [];
    private readonly JournalState _state = new();
    private ReadOnlySpan<byte> _rest;
    private int _offset;

    public JournalState Read()
    {
        while (_offset < _bytes.Length && NextRecord())
            ReadRecord();
        _state.Length = _offset;
        // What was under way when the process ended is settled at its worst case: nobody knows better any more.
        foreach (var (accounts, amount, at) in _open.Values)
            Book(accounts, amount, at);
        _state.Lost = _open.Count;
        return _state;
    }

    /// <summary>Goes to the next record; <see langword="false"/> when what is left is the trace of a crash.</summary>
    private bool NextRecord()
    {
        var left = _bytes[_offset..];
        if (left.Length < JournalWriter.HeaderLength || left.IndexOfAnyExcept((byte)0) < 0)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(left);
        if (length is <= 0 or > LongestRecord || BinaryPrimitives.ReadUInt32LittleEndian(left[4..]) != Checksum.Of(left[..4]))
            throw Damaged("a record has no length that can be");
        if (left.Length - JournalWriter.HeaderLength < length)
            return false;
        _rest = left.Slice(JournalWriter.HeaderLength, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(left[8..]) != Checksum.Of(_rest))
            throw Damaged("a record's checksum is wrong");
        _offset += JournalWriter.HeaderLength + length;
        return true;
    }

    private void ReadRecord()
    {
        try
        {
            switch ((JournalRecord)TakeByte())
            {
                case JournalRecord.Account:
                    TakeAccount();
                    break;
                case JournalRecord.Reserved:
                    TakeReserved();
                    break;
                case JournalRecord.Settled:
                    TakeSettled();
                    break;
                case JournalRecord.Spent:
                    var account = TakeInt();
                    var at = TakeTime();
                    Book([account], TakeExpense(), at);
                    break;
                default:
                    throw Damaged("a record is of an unknown kind; a newer version may have written it");
            }
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException)
        {
            throw Damaged("a record says what cannot be");
        }
    }

    private void TakeAccount()
    {
        var scope = (BudgetScope)TakeByte();
        var (from, until, rolling) = (TakeTime(), TakeTime(), TakeLong());
        _accounts.Add(new(TakeText(), scope, TakeText(), from, until) { Rolling = new(rolling) });
    }

    private void TakeReserved()
    {
        var (id, at, amount) = (TakeLong(), TakeTime(), TakeExpense());
        var count = TakeInt();
        var accounts = count >= 0 && count <= _rest.Length / sizeof(int) ? new int[count] : throw Damaged("a record says what cannot be");
        for (var i = 0; i < accounts.Length; i++)
            accounts[i] = TakeInt();
        _open[id] = (accounts, amount, at);
        _state.LastId = Math.Max(_state.LastId, id);
    }

    private void TakeSettled()
    {
        if (_open.Remove(TakeLong(), out var held))
            Book(held.Accounts, TakeExpense(), held.At);
    }

    private readonly void Book(int[] accounts, Expense amount, DateTimeOffset at)
    {
        foreach (var account in accounts)
            _state.Book(_accounts[account], amount, at);
    }

    private byte TakeByte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    private int TakeInt()
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(_rest);
        _rest = _rest[sizeof(int)..];
        return value;
    }

    private long TakeLong()
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(_rest);
        _rest = _rest[sizeof(long)..];
        return value;
    }

    private DateTimeOffset TakeTime() => new(TakeLong(), TimeSpan.Zero);

    private Expense TakeExpense()
    {
        var money = Money.FromPico(BinaryPrimitives.ReadInt128LittleEndian(_rest));
        _rest = _rest[16..];
        return new(money, TakeLong());
    }

    private string TakeText()
    {
        var length = TakeInt();
        var text = Encoding.UTF8.GetString(_rest[..length]);
        _rest = _rest[length..];
        return text;
    }

    private readonly BudgetFileDamagedException Damaged(string what) => new(path, _offset, what);
}
