using LlmKit.Internal;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public sealed class StreamReaderTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SteppedStream _stream = new();

    [Test]
    public async Task MoveNext_ReadyItems_AreReadInOrder()
    {
        _stream.Give(1);
        _stream.Give(2);
        _stream.End();
        await using var reader = new StreamReader<int>(_stream, _clock, default);

        var items = new List<int>();
        while (await reader.MoveNextAsync())
            items.Add(reader.Current);

        Assert.That(items, Is.EqualTo([1, 2]));
    }

    [Test]
    public async Task MoveNext_LateItem_IsWaitedFor()
    {
        await using var reader = new StreamReader<int>(_stream, _clock, default);
        var moving = reader.MoveNextAsync();
        Assert.That(moving.IsCompleted, Is.False);

        _stream.Give(7);

        Assert.That(await moving, Is.True);
        Assert.That(reader.Current, Is.EqualTo(7));
        _stream.End();
    }

    [Test]
    public async Task MoveNext_StreamThatFails_ThrowsItsException()
    {
        var failure = new IOException();
        await using var reader = new StreamReader<int>(_stream, _clock, default);
        var moving = reader.MoveNextAsync();

        _stream.Fail(failure);

        await Assert.ThatAsync(() => moving.AsTask(), Throws.Exception.SameAs(failure));
    }

    [Test]
    public async Task MoveNext_CancelledWhileTheStreamIsDeaf_EndsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        var reader = new StreamReader<int>(_stream, _clock, cancel.Token);
        var moving = reader.MoveNextAsync();

        await cancel.CancelAsync();

        await Assert.ThatAsync(() => moving.AsTask(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(_stream.Disposals, Is.Zero);
    }

    [Test]
    public async Task Dispose_MovePendingThatEndsInTime_DisposesAfterIt()
    {
        var reader = new StreamReader<int>(_stream, _clock, default);
        _ = reader.MoveNextAsync().AsTask();
        var leaving = reader.DisposeAsync().AsTask();
        Assert.That(_stream.Disposals, Is.Zero);

        _stream.Give(1);
        await leaving;

        Assert.That(_stream.Disposals, Is.EqualTo(1));
        Assert.That(_stream.DisposedWhileMoving, Is.False);
    }

    [Test]
    public async Task Dispose_DeafStream_WaitsABoundedTimeAndDisposesWhenTheMoveEnds()
    {
        var reader = new StreamReader<int>(_stream, _clock, default);
        var moving = reader.MoveNextAsync().AsTask();
        var leaving = reader.DisposeAsync().AsTask();

        _clock.Advance(TimeSpan.FromMilliseconds(250));
        await leaving;

        Assert.That(_stream.Disposals, Is.Zero);
        await Assert.ThatAsync(() => moving, Throws.InstanceOf<OperationCanceledException>());
        _stream.Give(1);
        Assert.That(await Support.Collecting.UntilAsync(() => _stream.Disposals == 1), Is.True);
        Assert.That(_stream.DisposedWhileMoving, Is.False);
    }

    [Test]
    public async Task Dispose_Twice_DisposesOnce()
    {
        var reader = new StreamReader<int>(_stream, _clock, default);

        await reader.DisposeAsync();
        await reader.DisposeAsync();

        Assert.That(_stream.Disposals, Is.EqualTo(1));
    }

    [Test]
    public async Task Dispose_WithALivingToken_LeavesNothingRegistered()
    {
        using var cancel = new CancellationTokenSource();
        var reader = new StreamReader<int>(_stream, _clock, cancel.Token);
        await reader.DisposeAsync();

        await cancel.CancelAsync();

        Assert.That(_stream.Disposals, Is.EqualTo(1));
    }

    /// <summary>A stream that moves when a test says so, and that never hears a token.</summary>
    private sealed class SteppedStream : IAsyncEnumerable<int>, IAsyncEnumerator<int>
    {
        private readonly System.Threading.Channels.Channel<int> _items = System.Threading.Channels.Channel.CreateUnbounded<int>();
        private bool _moving;

        public int Disposals { get; private set; }

        public bool DisposedWhileMoving { get; private set; }

        public int Current { get; private set; }

        public void Give(int item) => _items.Writer.TryWrite(item);

        public void End() => _items.Writer.Complete();

        public void Fail(Exception exception) => _items.Writer.Complete(exception);

        public IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

        public async ValueTask<bool> MoveNextAsync()
        {
            _moving = true;
            try
            {
                Current = await _items.Reader.ReadAsync(CancellationToken.None);
                return true;
            }
            catch (System.Threading.Channels.ChannelClosedException exception)
            {
                return exception.InnerException is { } cause ? throw cause : false;
            }
            finally
            {
                _moving = false;
            }
        }

        public ValueTask DisposeAsync()
        {
            Disposals++;
            DisposedWhileMoving |= _moving;
            return default;
        }
    }
}
