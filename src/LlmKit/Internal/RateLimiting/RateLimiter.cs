using LlmKit.Internal.RateLimiting.Accounts;
using LlmKit.Internal.RateLimiting.Waiting;

namespace LlmKit.Internal.RateLimiting;

/// <summary>Lets requests pass limits on rate and number, all of a request's limits or none, and lets those wait that may.</summary>
/// <remarks>
/// Thread-safe, under one lock; nothing of anybody else's runs inside it. A request that comes does not overtake one that waits at an
/// account of its own and ranks before it, so that large requests get their turn. Accounts that are as good as new are forgotten.
/// </remarks>
internal sealed class RateLimiter(TimeProvider time) : IDisposable
{
    private const int LeastToSweep = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<RateAccountKey, RateAccount> _accounts = [];
    private readonly long _origin = time.GetTimestamp();
    private int _sweepAt = LeastToSweep;
    private long _number;
    private int _waiting;

    /// <summary>Gets how many accounts it remembers.</summary>
    public int Accounts
    {
        get
        {
            lock (_lock)
                return _accounts.Count;
        }
    }

    /// <summary>Gets how many permits are out, those of one request at several accounts each.</summary>
    public long Running
    {
        get
        {
            lock (_lock)
                return _accounts.Values.Sum(account => account.Open);
        }
    }

    /// <summary>Gets how many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    private long Now => time.GetElapsedTime(_origin).Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Asks to pass.</summary>
    public RateOutcome Acquire(in RateRequest request)
    {
        lock (_lock)
        {
            var now = Now;
            Sweep(now);
            var rank = new RateRank(now - Lead(request), _number++);
            var outcome = TryTake(request, rank, now, out var at);
            return at is not null && MayWait(request, outcome.Refusal!) ? Enqueue(request, rank, at, outcome, now) : outcome;
        }
    }

    /// <summary>Leaves an account no more of a kind than whoever limits it in the end says is left.</summary>
    public void Tighten(in RateCharge charge, RateLimitKind kind, long left)
    {
        lock (_lock)
            AccountOf(charge, Now).Tighten(kind, left);
    }

    /// <summary>Refuses those that wait. Nothing waits afterwards.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var account in _accounts.Values)
            {
                while (account.Queue is { } queue)
                {
                    var waiter = queue.First;
                    Dequeue(waiter);
                    waiter.End(new ObjectDisposedException(nameof(RateLimiter), "The services were disposed of while a call waited for a rate limit."));
                }
            }
        }
    }

    /// <summary>Takes one that waits out of its queue, as if it had never come.</summary>
    /// <returns><see langword="false"/> when it waits no more.</returns>
    internal bool Forget(RateWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.At is not { } account)
                return false;
            Dequeue(waiter);
            Pump(account, Now);
            return true;
        }
    }

    internal void Leave(RatePermit.Part[] parts)
    {
        lock (_lock)
        {
            foreach (ref var part in parts.AsSpan())
                part.Account.Running--;
            Pump(parts, Now);
        }
    }

    internal void End(RatePermit.Part[] parts, in RateSize taken, RateSize? used, bool leave)
    {
        lock (_lock)
        {
            var now = Now;
            foreach (ref var part in parts.AsSpan())
            {
                if (leave)
                    part.Account.Running--;
                part.Account.Advance(now);
                part.Account.End(part.Kinds, part.Marks, taken, used);
            }

            Pump(parts, now);
        }
    }

    private static long Lead(in RateRequest request) => request.Charges.Length == 0 ? 0 : (long)request.Priority * request.Charges[0].Rule.AgeAfter;

    private static bool MayWait(in RateRequest request, RateRefusal refusal) =>
        refusal is { Cause: RateRefusalCause.Full, Rule.Queue: > 0 } && request.Patience != TimeSpan.Zero;

    private RateAccount AccountOf(in RateCharge charge, long now)
    {
        if (!_accounts.TryGetValue(charge.Account, out var account))
            _accounts.Add(charge.Account, account = new(charge.Rule, now));

        account.Advance(charge.Rule, now);
        return account;
    }

    /// <summary>Takes what a request asks for, or says at which account it must wait the longest.</summary>
    private RateOutcome TryTake(in RateRequest request, in RateRank rank, long now, out RateAccount? at)
    {
        at = null;
        RateRefusal? refusal = null;
        List<RateRefusal>? observed = null;
        var parts = new RatePermit.Part[request.Charges.Length];
        var count = 0;
        foreach (ref readonly var charge in request.Charges.AsSpan())
        {
            var account = AccountOf(charge, now);
            if (Refusal(account, charge.Rule, request, rank) is not { } own)
                parts[count++] = new() { Account = account, Kinds = charge.Rule.Kinds };
            else if (!charge.Rule.Enforce)
                (observed ??= []).Add(own);
            else if (refusal is null || own.Cause == RateRefusalCause.TooLarge || own.RetryAfter > (refusal.RetryAfter ?? TimeSpan.Zero))
                (refusal, at) = (own, account);
        }

        if (refusal is not null)
            return new(null, refusal) { Observed = observed };
        if (count < parts.Length)
            Array.Resize(ref parts, count);
        foreach (ref var part in parts.AsSpan())
            part.Marks = part.Account.Take(request.Size);
        return new(new(this, parts, request.Size), null) { Observed = observed };
    }

    private static RateRefusal? Refusal(RateAccount account, RateRule rule, in RateRequest request, in RateRank rank)
    {
        if (account.Check(request.Size) is { } shortfall)
            return new(rule, shortfall.Kind, shortfall.Wait is { } wait ? TimeSpan.FromMilliseconds(wait) : null, shortfall.IsTooLarge ? RateRefusalCause.TooLarge : RateRefusalCause.Full);
        // Those that wait have come first.
        return account.Queue is { } queue && queue.First.Rank.IsBefore(rank) && rule.Enforce
            ? new(rule, queue.First.Refusal.Kind, RetryAfter: null, RateRefusalCause.Full)
            : null;
    }

    private RateOutcome Enqueue(in RateRequest request, in RateRank rank, RateAccount at, in RateOutcome outcome, long now)
    {
        var refusal = outcome.Refusal!;
        var patience = Math.Min(refusal.Rule.MaxWait, request.Patience is { } most ? (long)most.TotalMilliseconds : long.MaxValue);
        if (refusal.RetryAfter is { } wait && wait.TotalMilliseconds > patience)
            return outcome with { Refusal = refusal with { Cause = RateRefusalCause.TooLong } };
        if (at.Queue is { } queue && queue.Count >= refusal.Rule.Queue)
        {
            if (!rank.IsBefore(queue.Last.Rank))
                return outcome with { Refusal = refusal with { Cause = RateRefusalCause.QueueFull } };
            Refuse(queue.Last, RateRefusalCause.QueueFull);
        }

        var waiter = new RateWaiter(this, request, rank, now + patience) { Refusal = refusal };
        Join(at, waiter, refusal, now);
        return outcome with { Waiter = waiter };
    }

    private void OnTimer(RateAccount account)
    {
        lock (_lock)
        {
            var now = Now;
            foreach (var waiter in account.Queue?.GivenUp(now) ?? [])
                Refuse(waiter, RateRefusalCause.TooLong);
            Pump(account, now);
        }
    }

    private void Pump(RatePermit.Part[] parts, long now)
    {
        foreach (ref var part in parts.AsSpan())
            Pump(part.Account, now);
    }

    /// <summary>Lets pass who waits at an account, in turn, as far as there is room.</summary>
    private void Pump(RateAccount account, long now)
    {
        while (account.Queue is { } queue)
        {
            var waiter = queue.First;
            var outcome = TryTake(waiter.Request, waiter.Rank, now, out var at);
            if (outcome.Refusal is not { } refusal)
            {
                Dequeue(waiter);
                waiter.End(outcome);
                continue;
            }

            Note(waiter, refusal, now);
            if (refusal.Cause == RateRefusalCause.TooLarge || waiter.FitsAt > waiter.GivesUpAt)
            {
                Refuse(waiter, refusal.Cause == RateRefusalCause.TooLarge ? refusal.Cause : RateRefusalCause.TooLong);
                continue;
            }

            if (ReferenceEquals(at, account))
            {
                queue.SetTimer(now);
                return;
            }

            // Another of its limits is the narrower one now.
            Dequeue(waiter);
            Join(at!, waiter, refusal, now);
        }
    }

    private void Join(RateAccount account, RateWaiter waiter, RateRefusal refusal, long now)
    {
        Note(waiter, refusal, now);
        waiter.At = account;
        account.Queue ??= new(time.CreateTimer(static state => ((Alarm)state!).Ring(), new Alarm(this, account), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        account.Queue.Add(waiter, now);
        _waiting++;
    }

    private static void Note(RateWaiter waiter, RateRefusal refusal, long now)
    {
        waiter.Refusal = refusal;
        waiter.FitsAt = refusal.RetryAfter is { } wait ? now + (long)wait.TotalMilliseconds : long.MinValue;
    }

    private void Dequeue(RateWaiter waiter)
    {
        var account = waiter.At!;
        account.Queue!.Remove(waiter);
        waiter.At = null;
        _waiting--;
        if (account.Queue.Count > 0)
            return;
        account.Queue.Dispose();
        account.Queue = null;
    }

    private void Refuse(RateWaiter waiter, RateRefusalCause cause)
    {
        Dequeue(waiter);
        waiter.End(new RateOutcome(null, waiter.Refusal with { Cause = cause }));
    }

    /// <summary>Forgets the accounts that are as good as new, each time there are twice as many as were left the last time.</summary>
    private void Sweep(long now)
    {
        if (_accounts.Count < _sweepAt)
            return;
        foreach (var (key, account) in _accounts)
        {
            account.Advance(now);
            if (account.IsIdle)
                _accounts.Remove(key);
        }

        _sweepAt = Math.Max(LeastToSweep, 2 * _accounts.Count);
    }

    private sealed record Alarm(RateLimiter Limiter, RateAccount Account)
    {
        public void Ring() => Limiter.OnTimer(Account);
    }
}
