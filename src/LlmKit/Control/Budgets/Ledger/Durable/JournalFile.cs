using LlmKit.Calls;
using Microsoft.Win32.SafeHandles;

namespace LlmKit.Control.Budgets.Ledger.Durable;

/// <summary>The file of a journal, open for one writer: what is appended outlives the process at once, and the machine once it is flushed.</summary>
/// <remarks>Not thread-safe, but for <see cref="Flush"/>, which may run beside an append.</remarks>
internal sealed class JournalFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;
    private SafeFileHandle _handle;
    private long _length;

    /// <exception cref="LlmConfigurationException">Another process has the file, or it cannot be written.</exception>
    public JournalFile(string path)
    {
        _path = path;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
                Directory.CreateDirectory(folder);
            _lock = new(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new LlmConfigurationException([$"The budget's file '{path}' cannot be opened for writing ({exception.GetType().Name}). One process may have it at a time: give each its own file, or share a ledger in a database."]);
        }

        _length = RandomAccess.GetLength(_handle);
    }

    /// <summary>Gets the bytes of the file.</summary>
    public long Length => _length;

    /// <summary>Gives what the file holds.</summary>
    public byte[] Read()
    {
        var bytes = new byte[_length];
        var read = 0;
        while (read < bytes.Length)
            read += RandomAccess.Read(_handle, bytes.AsSpan(read), read) is var count and > 0 ? count : throw new EndOfStreamException();
        return bytes;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, _length);
        _length += bytes.Length;
    }

    /// <summary>Puts other content in the place of what the file holds: all of it or nothing.</summary>
    public void Replace(ReadOnlySpan<byte> bytes)
    {
        var next = _path + ".new";
        using (var handle = File.OpenHandle(next, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, bytes, 0);
            RandomAccess.FlushToDisk(handle);
        }

        // Should anything fail from here on, nothing more can be appended, and the ledger fails with it: the file is whole either way.
        _handle.Dispose();
        File.Move(next, _path, overwrite: true);
        _handle = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        _length = bytes.Length;
    }

    /// <summary>Waits until the disk has what was appended.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_handle);

    public void Dispose()
    {
        _handle.Dispose();
        _lock.Dispose();
    }
}
