using System.Collections.Concurrent;
using LlmKit.Calls;

namespace LlmKit.Soak;

/// <summary>What came of all calls.</summary>
/// <remarks>Thread-safe. Calls are let go of once they are settled, so that what grows is somebody else's.</remarks>
internal sealed class Findings
{
    private readonly ConcurrentDictionary<string, long> _outcomes = new();
    private readonly ConcurrentDictionary<LlmCall, bool> _unsettled = new();
    private readonly Dictionary<string, (string Key, string Answer)> _lastAnswers = [];
    private readonly Lock _lock = new();
    private readonly long[] _latenessInMs = new long[10_000];
    private TimeSpan _latest = TimeSpan.MinValue;
    private decimal _cost;
    private long _ended;
    private long _calls;
    private long _attempts;
    private long _repeated;
    private long _differing;

    public IEnumerable<KeyValuePair<string, long>> Outcomes => _outcomes.OrderByDescending(outcome => outcome.Value);

    public long Answered => _outcomes.GetValueOrDefault(Caller.Answered);

    public long Ended => Interlocked.Read(ref _ended);

    public long Calls => Interlocked.Read(ref _calls);

    public long Attempts => Interlocked.Read(ref _attempts);

    /// <summary>Gets how often a key was answered again.</summary>
    public long Repeated => Interlocked.Read(ref _repeated);

    /// <summary>Gets how often that was with another answer.</summary>
    public long Differing => Interlocked.Read(ref _differing);

    public int Unsettled => _unsettled.Count;

    public decimal Cost
    {
        get
        {
            lock (_lock)
                return _cost;
        }
    }

    /// <summary>Gets by how much the latest call missed its deadline; below 0 when none did.</summary>
    public TimeSpan Latest => _latest;

    /// <summary>Notes how a caller's request ended and by how much it missed its deadline.</summary>
    public void End(string outcome, TimeSpan lateness)
    {
        _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
        lock (_lock)
        {
            _ended++;
            _latenessInMs[(int)Math.Clamp(lateness.TotalMilliseconds, 0, _latenessInMs.Length - 1)]++;
            if (lateness > _latest)
                _latest = lateness;
        }
    }

    /// <summary>Notes which answer a user got under a key, as long as it is the user's latest.</summary>
    public void Answer(string user, string key, string answer)
    {
        lock (_lock)
        {
            if (!_lastAnswers.TryGetValue(user, out var last) || last.Key != key)
            {
                _lastAnswers[user] = (key, answer);
                return;
            }

            _repeated++;
            if (last.Answer != answer)
                _differing++;
        }
    }

    /// <summary>Notes a call that has closed, and waits for its last attempt.</summary>
    public void Close(LlmCall call)
    {
        Interlocked.Increment(ref _calls);
        _unsettled[call] = true;
        _ = SettleAsync(call);
    }

    /// <summary>Gives the lateness that a part of the requests did not exceed; 0 for those in time.</summary>
    public TimeSpan Lateness(double part)
    {
        lock (_lock)
        {
            var (seen, milliseconds) = (_latenessInMs[0], 0);
            while (seen < part * _ended)
                seen += _latenessInMs[++milliseconds];
            return TimeSpan.FromMilliseconds(milliseconds);
        }
    }

    private async Task SettleAsync(LlmCall call)
    {
        await call.WhenSettled.ConfigureAwait(false);
        lock (_lock)
            _cost += call.Cost;
        Interlocked.Add(ref _attempts, call.Attempts.Count);
        _unsettled.TryRemove(call, out var _);
    }
}
