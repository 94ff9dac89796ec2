using System.Runtime.CompilerServices;
using LlmKit.Internal.RateLimiting.Waiting;

namespace LlmKit.Internal.RateLimiting.Accounts;

/// <summary>What one tenant, user or model has taken under one limit. Not thread-safe: its limiter locks it.</summary>
internal sealed class RateAccount(RateRule rule, long now)
{
    private Buckets _buckets = Started(now);
    private RateRule _rule = rule;

    /// <summary>Gets or sets how many are under way.</summary>
    public long Running { get; set; }

    /// <summary>Gets or sets how many permits have not ended.</summary>
    public long Open { get; set; }

    /// <summary>Gets or sets those that wait; <see langword="null"/> when nobody does.</summary>
    public RateQueue? Queue { get; set; }

    /// <summary>Gets whether it is as good as new.</summary>
    public bool IsIdle
    {
        get
        {
            if (Open > 0 || Queue is not null)
                return false;
            return Array.TrueForAll(_rule.Kinds, kind => _buckets[(int)kind].Level == 0);
        }
    }

    /// <summary>Brings it up to now, and under the limit as it is now.</summary>
    public void Advance(RateRule rule, long now)
    {
        Drain(_rule, now);
        if (ReferenceEquals(rule, _rule))
            return;
        _rule = rule;
        // What it begins to count, begins now.
        Drain(rule, now);
    }

    public void Advance(long now) => Advance(_rule, now);

    /// <summary>Says what of a request does not fit, and for how long.</summary>
    /// <returns><see langword="null"/> when all of it fits.</returns>
    public RateShortfall? Check(in RateSize size)
    {
        RateShortfall? longest = Running >= _rule.Concurrent ? new(RateLimitKind.Concurrent, Wait: null, _rule.Concurrent == 0) : null;
        foreach (var kind in _rule.Kinds)
        {
            var (units, atOnce) = (size.Of(kind), _rule.AtOnce(kind));
            if (units > atOnce)
                return new(kind, Wait: null, IsTooLarge: true);
            var wait = _buckets[(int)kind].UntilFits(units, atOnce, _rule.Of(kind), _rule.Window);
            if (wait > (longest is { } known ? known.Wait ?? 0 : 0))
                longest = new(kind, wait, IsTooLarge: false);
        }

        return longest;
    }

    public RateMarks Take(in RateSize size)
    {
        Running++;
        Open++;
        var marks = default(RateMarks);
        foreach (var kind in _rule.Kinds)
            marks[(int)kind] = _buckets[(int)kind].Take(size.Of(kind));
        return marks;
    }

    /// <summary>Ends a permit: what was taken becomes what was used.</summary>
    /// <param name="kinds">The kinds of which something was taken.</param>
    /// <param name="marks">What <see cref="Take(in RateSize)"/> gave.</param>
    /// <param name="taken">What was taken.</param>
    /// <param name="used">What was used; <see langword="null"/> when nothing was, not even the request.</param>
    public void End(RateLimitKind[] kinds, in RateMarks marks, in RateSize taken, RateSize? used)
    {
        Open--;
        foreach (var kind in kinds)
        {
            var (before, after) = (taken.Of(kind), used?.Of(kind) ?? 0);
            if (after < before)
                _buckets[(int)kind].GiveBack(before - after, marks[(int)kind], before);
            else if (after > before)
                _buckets[(int)kind].Take(after - before);
        }
    }

    /// <summary>Leaves of a kind no more than somebody else says there is.</summary>
    public void Tighten(RateLimitKind kind, long left)
    {
        var over = _rule.AtOnce(kind) - left - _buckets[(int)kind].Level;
        if (over > 0 && _rule.Kinds.Contains(kind))
            _buckets[(int)kind].Take(over);
    }

    private void Drain(RateRule rule, long now)
    {
        foreach (var kind in rule.Kinds)
            _buckets[(int)kind].Drain(now, rule.Of(kind), rule.Window);
    }

    private static Buckets Started(long now)
    {
        var buckets = default(Buckets);
        for (var kind = 0; kind < Buckets.Count; kind++)
            buckets[kind] = RateBucket.StartedAt(now);
        return buckets;
    }

    [InlineArray(Count)]
    private struct Buckets
    {
        public const int Count = 4;

        private RateBucket _first;
    }
}

/// <summary>What of a request does not fit.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Wait">How long until it fits, in milliseconds; <see langword="null"/> when that depends on others.</param>
/// <param name="IsTooLarge">Whether it never fits.</param>
internal readonly record struct RateShortfall(RateLimitKind Kind, long? Wait, bool IsTooLarge);

/// <summary>The marks by which what was taken of each kind is given back.</summary>
[InlineArray(4)]
internal struct RateMarks
{
    private long _first;
}
