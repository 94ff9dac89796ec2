using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Idempotency;

/// <summary>The updates of a stream as they come, for any number of readers, each at its own pace. One writer; thread-safe.</summary>
internal sealed class AnswerLog
{
    private readonly Lock _lock = new();
    private readonly List<(ChatResponseUpdate Update, byte[]? Json)> _updates = [];
    private TaskCompletionSource? _news;
    private bool _isComplete;

    /// <summary>Adds an update.</summary>
    public void Add(ChatResponseUpdate update)
    {
        var json = KeptAnswer.Of(update);
        Tell(() => _updates.Add((update, json)));
    }

    /// <summary>Says that no more updates come, whatever the reason.</summary>
    public void Complete() => Tell(() => _isComplete = true);

    /// <summary>Waits for an update.</summary>
    /// <returns><see langword="false"/> when no more come.</returns>
    public async ValueTask<bool> HasAsync(int index, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_lock)
            {
                if (index < _updates.Count || _isComplete)
                    return index < _updates.Count;
                news = (_news ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await news.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the update itself, for the call that asked.</summary>
    public ChatResponseUpdate Original(int index)
    {
        lock (_lock)
            return _updates[index].Update;
    }

    /// <summary>Gives an update for another call. What cannot be taken down is shared as it is.</summary>
    public ChatResponseUpdate Copy(int index)
    {
        var (update, json) = At(index);
        if (json is not null)
            return KeptAnswer.ToUpdate(json);
        var copy = update.Clone();
        copy.Contents = [.. update.Contents.Where(content => content is not UsageContent)];
        return copy;
    }

    /// <summary>Gives the whole answer: taken down, or where that cannot be, put together of what came.</summary>
    public FlightEnd Take(LlmCall call, string? whyNotKept)
    {
        lock (_lock)
        {
            return _updates.TrueForAll(update => update.Json is not null)
                ? FlightEnd.Fresh(original: null, KeptAnswer.Of([.. _updates.Select(update => update.Json!)], call), whyNotKept)
                : FlightEnd.Fresh(_updates.Select(update => update.Update).ToChatResponse(), answer: null);
        }
    }

    private (ChatResponseUpdate Update, byte[]? Json) At(int index)
    {
        lock (_lock)
            return _updates[index];
    }

    private void Tell(Action change)
    {
        TaskCompletionSource? news;
        lock (_lock)
        {
            change();
            news = _news;
            _news = null;
        }

        news?.SetResult();
    }
}
