using LlmKit.Internal;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at an answer as it streams.</summary>
internal sealed class StreamedAnswer : IDisposable
{
    private readonly RailContext _context;
    private readonly StreamReader<ChatResponseUpdate> _stream;
    private readonly Task<RailBlock?> _besides;
    private readonly AnswerReader _reader;
    private readonly UpdateFilter _filter;
    private readonly AnswerGate? _gate;
    private readonly UpdateFilter? _restorer;
    private bool _ended;
    private bool _left;

    public StreamedAnswer(RailContext context, IChatClient inner, StreamReader<ChatResponseUpdate> stream, Task<RailBlock?> besides)
    {
        (_context, _stream, _besides) = (context, stream, besides);
        _reader = new(context);
        _filter = new(_reader.Flow);
        _gate = AnswerGate.Of(context, inner, _reader.Tools);
        _restorer = context.HasPlaceholders ? new(new AnswerRestorer(context.Placeholders, AnswerRestorer.IsJson(context.Options)).Flow) : null;
    }

    /// <summary>Gets what may be shown now.</summary>
    public IReadOnlyList<ChatResponseUpdate> Current { get; private set; } = [];

    /// <summary>Gets what stops the answer; <see langword="null"/> while nothing does, and where rails only observe.</summary>
    public RailBlock? Block { get; private set; }

    private bool Observes => _context.Policy.Observe;

    /// <summary>Reads the next update; false when the answer is over or stopped.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        if (!await ReadAsync().ConfigureAwait(false))
        {
            Current = Block is null ? await EndAsync(cancellationToken).ConfigureAwait(false) : [];
            _ended = true;
            Leave();
            return Current.Count > 0;
        }

        var update = _stream.Current;
        Current = await ShownAsync(update, cancellationToken).ConfigureAwait(false);
        if (Observes)
            Current = [update];
        else if (Block is not null || _reader.IsCut)
            await StopAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public void Dispose()
    {
        Leave();
        _gate?.Dispose();
    }

    /// <summary>Reads on; nothing is shown before the guards beside the model have spoken.</summary>
    private async ValueTask<bool> ReadAsync()
    {
        var move = _stream.MoveNextAsync();
        if (!_besides.IsCompletedSuccessfully || _besides.Result is not null)
        {
            Block = await _besides.ConfigureAwait(false);
            if (Block is not null)
            {
                await EndQuietlyAsync(move).ConfigureAwait(false);
                return false;
            }
        }

        return await move.ConfigureAwait(false);
    }

    // The stream was left because a guard said no: how it ends is nobody's business.
    private static async ValueTask EndQuietlyAsync(ValueTask<bool> move)
    {
        try
        {
            await move.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
        }
    }

    private async ValueTask<IReadOnlyList<ChatResponseUpdate>> ShownAsync(ChatResponseUpdate update, CancellationToken cancellationToken)
    {
        try
        {
            var seen = _filter.Take(update);
            StopBy(_reader.Block);
            return await ReleasedAsync(seen, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RailFindings.IsFailureOfARule(exception, cancellationToken))
        {
            Fail(exception);
            return [];
        }
    }

    private async ValueTask<IReadOnlyList<ChatResponseUpdate>> ReleasedAsync(IReadOnlyList<ChatResponseUpdate> seen, CancellationToken cancellationToken)
    {
        if (_gate is null || seen.Count == 0)
            return Restored(seen);
        var released = await _gate.TakeAsync(seen[0], cancellationToken).ConfigureAwait(false);
        for (var i = 1; i < seen.Count && _gate.Block is null; i++)
            released = [.. released, .. await _gate.TakeAsync(seen[i], cancellationToken).ConfigureAwait(false)];
        StopBy(_gate.Block);
        return Restored(released);
    }

    private async ValueTask<IReadOnlyList<ChatResponseUpdate>> EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            List<ChatResponseUpdate> output = [.. await ReleasedAsync(_filter.Complete(), cancellationToken).ConfigureAwait(false)];
            StopBy(_reader.Block);
            if (_gate is not null && Block is null)
            {
                output.AddRange(Restored(await _gate.CompleteAsync(cancellationToken).ConfigureAwait(false)));
                StopBy(_gate.Block);
            }

            if (_restorer is not null)
                output.AddRange(_restorer.Complete());
            return Observes ? [] : output;
        }
        catch (Exception exception) when (RailFindings.IsFailureOfARule(exception, cancellationToken))
        {
            Fail(exception);
            return [];
        }
    }

    private IReadOnlyList<ChatResponseUpdate> Restored(IReadOnlyList<ChatResponseUpdate> updates)
    {
        if (_restorer is null || updates.Count == 0)
            return updates;
        if (updates.Count == 1)
            return _restorer.Take(updates[0]);
        var restored = new List<ChatResponseUpdate>(updates.Count);
        foreach (var update in updates)
            restored.AddRange(_restorer.Take(update));
        return restored;
    }

    /// <summary>Leaves the model in the middle of its answer.</summary>
    private async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _ended = true;
        await _stream.DisposeAsync().ConfigureAwait(false);
        if (Block is null)
        {
            // A cut answer is the beginning of one: what it says so far is shown, and that it was cut.
            var output = new List<ChatResponseUpdate>(Current);
            output.AddRange(await EndAsync(cancellationToken).ConfigureAwait(false));
            output.Add(new(null, []) { FinishReason = ChatFinishReason.Length });
            Current = output;
        }

        Leave();
    }

    private void Fail(Exception exception)
    {
        _context.Findings.AddFailure(Rail.Output, GuardrailTelemetry.NotEvaluated, exception, blocks: true, observed: false);
        StopBy(new(Rail.Output, GuardrailTelemetry.NotEvaluated));
    }

    private void StopBy(RailBlock? block)
    {
        if (!Observes)
            Block ??= block;
    }

    private void Leave()
    {
        if (_left)
            return;
        _left = true;
        _reader.Leave();
        if (_gate?.HasChanged == true && !Observes)
            _context.Call.Mark(Calls.AnswerMarks.Rewritten);
        _context.Record();
    }
}
