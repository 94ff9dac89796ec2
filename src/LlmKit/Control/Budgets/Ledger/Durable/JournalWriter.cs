using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>Lays records out one after the other: length, its checksum, the content's checksum, content. Not thread-safe.</summary>
/// <remarks>The length has a checksum of its own, so that damage to it is told from a record that a crash cut short.</remarks>
internal sealed class JournalWriter
{
    /// <summary>The bytes before a record's content.</summary>
    public const int HeaderLength = 12;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Account(in BudgetAccount account)
    {
        var limit = Encoding.UTF8.GetBytes(account.Limit);
        var value = Encoding.UTF8.GetBytes(account.Value);
        var content = Begin(JournalRecord.Account, 1 + 3 * sizeof(long) + 2 * sizeof(int) + limit.Length + value.Length);
        content = Put(content, (byte)account.Scope);
        content = Put(content, account.From.UtcTicks);
        content = Put(content, account.Until.UtcTicks);
        content = Put(content, account.Rolling.Ticks);
        content = Put(content, limit);
        Put(content, value);
        End();
    }

    public void Reserved(long id, ReadOnlySpan<int> accounts, Expense amount, DateTimeOffset at)
    {
        var content = Begin(JournalRecord.Reserved, 3 * sizeof(long) + 16 + sizeof(int) * (1 + accounts.Length));
        content = Put(content, id);
        content = Put(content, at.UtcTicks);
        content = Put(content, amount);
        content = Put(content, accounts.Length);
        foreach (var account in accounts)
            content = Put(content, account);
        End();
    }

    public void Settled(long id, Expense actual)
    {
        var content = Begin(JournalRecord.Settled, 2 * sizeof(long) + 16);
        content = Put(content, id);
        Put(content, actual);
        End();
    }

    public void Spent(int account, Expense spent, DateTimeOffset at)
    {
        var content = Begin(JournalRecord.Spent, sizeof(int) + 2 * sizeof(long) + 16);
        content = Put(content, account);
        content = Put(content, at.UtcTicks);
        Put(content, spent);
        End();
    }

    private Span<byte> Begin(JournalRecord record, int length)
    {
        _length = 1 + length;
        var span = _bytes.GetSpan(HeaderLength + _length)[..(HeaderLength + _length)];
        BinaryPrimitives.WriteInt32LittleEndian(span, _length);
        span[HeaderLength] = (byte)record;
        return span[(HeaderLength + 1)..];
    }

    private void End()
    {
        var span = _bytes.GetSpan(HeaderLength + _length)[..(HeaderLength + _length)];
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Checksum.Of(span[..4]));
        BinaryPrimitives.WriteUInt32LittleEndian(span[8..], Checksum.Of(span[HeaderLength..]));
        _bytes.Advance(HeaderLength + _length);
    }

    private static Span<byte> Put(Span<byte> to, byte value)
    {
        to[0] = value;
        return to[1..];
    }

    private static Span<byte> Put(Span<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, value);
        return to[sizeof(int)..];
    }

    private static Span<byte> Put(Span<byte> to, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, value);
        return to[sizeof(long)..];
    }

    private static Span<byte> Put(Span<byte> to, Expense value)
    {
        BinaryPrimitives.WriteInt128LittleEndian(to, value.Money.Pico);
        return Put(to[16..], value.Tokens);
    }

    private static Span<byte> Put(Span<byte> to, byte[] text)
    {
        to = Put(to, text.Length);
        text.CopyTo(to);
        return to[text.Length..];
    }
}
