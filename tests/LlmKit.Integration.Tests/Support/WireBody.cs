namespace LlmKit.Integration.Tests.Support;

/// <summary>A response body as a socket gives it: it cannot seek, and it may break off.</summary>
internal sealed class WireBody(byte[] bytes, bool breaksOff) : Stream
{
    private readonly MemoryStream _bytes = new(bytes);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = _bytes.Read(buffer, offset, count);
        return read == 0 && breaksOff && count > 0
            ? throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.")
            : read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
