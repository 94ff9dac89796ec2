using LlmKit.Observability.Traces;
using Microsoft.Win32.SafeHandles;

namespace LlmKit.Tests.Observability.Traces.Files;

/// <summary>A disk that is full from some byte on, cannot flush, or loses files just when they are opened.</summary>
internal sealed class FaultyDisk : TraceDisk
{
    /// <summary>Gets or sets how many bytes a file takes; what exceeds them is cut off with an error.</summary>
    public long Room { get; set; } = long.MaxValue;

    public bool CannotFlush { get; set; }

    public bool CannotTruncate { get; set; }

    /// <summary>Gets or sets what happens before a file is opened to be read.</summary>
    public Action<string> Opening { get; set; } = static _ => { };

    public override FileStream Create(string path, FileShare share) => new FaultyStream(this, path, share);

    public override SafeFileHandle OpenRead(string path)
    {
        Opening(path);
        return base.OpenRead(path);
    }

    private sealed class FaultyStream(FaultyDisk disk, string path, FileShare share) : FileStream(path, FileMode.Create, FileAccess.Write, share, bufferSize: 0)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var left = Math.Max(0, disk.Room - Position);
            if (buffer.Length <= left)
            {
                base.Write(buffer);
                return;
            }

            base.Write(buffer[..(int)left]);
            throw new IOException("No space left on device.");
        }

        public override void Flush(bool flushToDisk)
        {
            if (flushToDisk && disk.CannotFlush)
                throw new IOException("Input/output error.");
            base.Flush(flushToDisk);
        }

        public override void SetLength(long value)
        {
            if (disk.CannotTruncate)
                throw new IOException("Input/output error.");
            base.SetLength(value);
        }
    }
}
