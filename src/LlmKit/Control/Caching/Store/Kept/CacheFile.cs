using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LlmKit.Control.Caching;

/// <summary>Writes the answers of a cache to a stream and reads them back: a mark, the version, records with their lengths, and a checksum of it all.</summary>
/// <remarks>Nothing that was read is used before the checksum agrees. It shows damage, not forgery: keep the file where the service keeps its secrets.</remarks>
internal static class CacheFile
{
    private const int Version = 1;
    private const int LongestRecord = 256 * 1024 * 1024;

    private static ReadOnlySpan<byte> Mark => "LLMKIT CACHE "u8;

    public static async Task WriteAsync(Stream target, IEnumerable<CacheEntry> entries, TimeProvider time, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await WriteAsync(target, hash, Header(), cancellationToken).ConfigureAwait(false);
        await WriteAsync(target, hash, EntryRecord.Moment(time.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        var length = new byte[sizeof(int)];
        foreach (var entry in entries)
        {
            var record = EntryRecord.ToBytes(entry, time);
            BinaryPrimitives.WriteInt32LittleEndian(length, record.Length);
            await WriteAsync(target, hash, length, cancellationToken).ConfigureAwait(false);
            await WriteAsync(target, hash, record, cancellationToken).ConfigureAwait(false);
        }

        BinaryPrimitives.WriteInt32LittleEndian(length, 0);
        await WriteAsync(target, hash, length, cancellationToken).ConfigureAwait(false);
        await target.WriteAsync(hash.GetHashAndReset(), cancellationToken).ConfigureAwait(false);
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads all records.</summary>
    /// <exception cref="InvalidDataException">It is no such file, of another version, damaged, or larger than the bound.</exception>
    public static async Task<List<CacheEntry>> ReadAsync(Stream source, long mostBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var header = await ReadAsync(source, hash, Header().Length, cancellationToken).ConfigureAwait(false);
            if (!header.AsSpan().SequenceEqual(Header()))
                throw new InvalidDataException("This is no saved cache, or one of another version. Save it again with this version of LlmKit.");
            var saved = EntryRecord.ReadMoment(await ReadAsync(source, hash, sizeof(long), cancellationToken).ConfigureAwait(false));
            var records = await ReadRecordsAsync(source, hash, mostBytes, cancellationToken).ConfigureAwait(false);
            var expected = hash.GetHashAndReset();
            var found = new byte[expected.Length];
            await source.ReadExactlyAsync(found, cancellationToken).ConfigureAwait(false);
            if (!CryptographicOperations.FixedTimeEquals(expected, found))
                throw Damaged(inner: null);
            return records.ConvertAll(record => EntryRecord.Read(record, saved, time));
        }
        catch (Exception exception) when (exception is not (InvalidDataException or OperationCanceledException or OutOfMemoryException))
        {
            throw Damaged(exception);
        }
    }

    private static byte[] Header() => [.. Mark, (byte)('0' + Version), (byte)'\n'];

    private static async Task<List<byte[]>> ReadRecordsAsync(Stream source, IncrementalHash hash, long mostBytes, CancellationToken cancellationToken)
    {
        var records = new List<byte[]>();
        var total = 0L;
        while (true)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(await ReadAsync(source, hash, sizeof(int), cancellationToken).ConfigureAwait(false));
            if (length == 0)
                return records;
            total += length;
            if (length is < 0 or > LongestRecord)
                throw Damaged(inner: null);
            if (total > mostBytes)
                throw new InvalidDataException("The saved cache is larger than the cache may be. Raise SemanticCacheOptions.MaxBytes, or begin with an empty one.");
            records.Add(await ReadAsync(source, hash, length, cancellationToken).ConfigureAwait(false));
        }
    }

    private static InvalidDataException Damaged(Exception? inner) =>
        new("The saved cache is damaged, and nothing of it was read. Begin with an empty one.", inner);

    private static async Task WriteAsync(Stream target, IncrementalHash hash, byte[] bytes, CancellationToken cancellationToken)
    {
        hash.AppendData(bytes);
        await target.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(Stream source, IncrementalHash hash, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        await source.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        hash.AppendData(bytes);
        return bytes;
    }
}
