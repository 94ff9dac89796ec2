using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace LlmKit.Internal.Keys;

/// <summary>Hashes fields in an unambiguous form: every field has a tag and every text its length, so no two lists of fields look alike.</summary>
/// <remarks>One instance a thread is kept and used again. Small requests are hashed in one go, large ones as they are written.</remarks>
internal sealed class KeyWriter
{
    private const int BufferSize = 4_096;
    private const int Slice = 1_024;

    [ThreadStatic]
    private static KeyWriter? spare;

    private readonly byte[] _buffer = new byte[BufferSize];
    private IncrementalHash? _hash;
    private int _length;
    private bool _flushed;

    /// <summary>Gets why the request cannot have a key, or <see langword="null"/> when it can.</summary>
    public string? Problem { get; private set; }

    public static KeyWriter Rent()
    {
        var writer = spare ?? new();
        spare = null;
        writer._length = 0;
        writer.Problem = null;
        return writer;
    }

    /// <summary>Gives the writer back. One that is not given back, because something threw, is simply collected.</summary>
    public static void Return(KeyWriter writer) => spare = writer;

    /// <summary>Hashes some names, in order.</summary>
    public static Hash256 KeyOf(IEnumerable<string?> names)
    {
        var key = Rent();
        foreach (var name in names)
            key.Text(name);
        var hash = key.Finish();
        Return(key);
        return hash;
    }

    /// <summary>Notes that something in the request can change the answer and cannot be hashed.</summary>
    public void Fail(string problem) => Problem ??= problem;

    public void Tag(char tag)
    {
        Reserve(1);
        _buffer[_length++] = (byte)tag;
    }

    public void Flag(bool? value) => Tag(value switch { null => '-', true => '1', _ => '0' });

    /// <summary>Writes a number in as many bytes as it needs, seven bits each; small ones of either sign are short.</summary>
    public void Number(long value)
    {
        const int most = 10;
        Reserve(most);
        var rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest > 0x7F; rest >>= 7)
            _buffer[_length++] = (byte)(rest | 0x80);
        _buffer[_length++] = (byte)rest;
    }

    public void Number(long? value)
    {
        Flag(value is null ? null : true);
        if (value is { } number)
            Number(number);
    }

    public void Number(double? value) => Number(value is { } number ? BitConverter.DoubleToInt64Bits(number) : (long?)null);

    public void Text(string? text)
    {
        Number(text?.Length ?? -1L);
        var rest = text.AsSpan();
        while (rest.Length > Slice)
        {
            var cut = char.IsHighSurrogate(rest[Slice - 1]) ? Slice - 1 : Slice;
            Encode(rest[..cut]);
            rest = rest[cut..];
        }

        Encode(rest);
    }

    /// <summary>Adds the hash of data that may be large.</summary>
    public void Data(ReadOnlySpan<byte> data)
    {
        Number(data.Length);
        Reserve(Hash256.Size);
        SHA256.HashData(data, _buffer.AsSpan(_length));
        _length += Hash256.Size;
    }

    public void Key(in Hash256 key)
    {
        Reserve(Hash256.Size);
        key.Write(_buffer.AsSpan(_length));
        _length += Hash256.Size;
    }

    /// <summary>Gives the hash of all fields since the last one, and starts anew.</summary>
    public Hash256 Finish()
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        if (_flushed)
        {
            Flush();
            _hash!.GetHashAndReset(hash);
            _flushed = false;
        }
        else
        {
            SHA256.HashData(_buffer.AsSpan(0, _length), hash);
            _length = 0;
        }

        return Hash256.Read(hash);
    }

    private void Encode(ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        if (Utf8.FromUtf16(text, _buffer.AsSpan(_length), out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            _length += written;
            return;
        }

        // Half of a surrogate pair has no form in UTF-8, where every other would look the same. No text begins with this byte.
        _buffer[_length++] = 0xFF;
        var raw = MemoryMarshal.AsBytes(text);
        raw.CopyTo(_buffer.AsSpan(_length));
        _length += raw.Length;
    }

    private void Reserve(int size)
    {
        if (_length + size > BufferSize)
            Flush();
    }

    private void Flush()
    {
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_buffer, 0, _length);
        _flushed = true;
        _length = 0;
    }
}
