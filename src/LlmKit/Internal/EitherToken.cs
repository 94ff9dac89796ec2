namespace LlmKit.Internal;

/// <summary>The token of a stream that is asked for with one token and read with another: either cancels it.</summary>
internal readonly struct EitherToken : IDisposable
{
    private readonly CancellationTokenSource? _both;

    public EitherToken(CancellationToken asked, CancellationToken read)
    {
        if (asked.CanBeCanceled && read.CanBeCanceled && asked != read)
            _both = CancellationTokenSource.CreateLinkedTokenSource(asked, read);
        Token = _both?.Token ?? (read.CanBeCanceled ? read : asked);
    }

    public CancellationToken Token { get; }

    public void Dispose() => _both?.Dispose();
}
