using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Accounts;
using LlmKit.Internal.RateLimiting.Waiting;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.RateLimiting;

/// <summary>The limiter under operations in any order: acquire, settle, release, leave, cancel, clocks that go on, limits that change.</summary>
public sealed class RateLimiterModelTests
{
    private const long Window = 60_000;

    /// <summary>Whatever happens, in no interval more is used than may be taken at once and drains in it; never do more run than may; nobody who came later is let in first; and in the end nothing is left.</summary>
    [Test]
    public void Acquire_AfterAnyOperations_KeepsItsPromises() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(), operations =>
        {
            using var run = new PromiseRun();
            return operations.All(operation => run.Do(new(operation))) && run.End();
        }));

    /// <summary>As long as nothing is given back, it lets pass exactly what a bucket of fractions lets pass, and says exactly when.</summary>
    [Test]
    public void Acquire_NothingGivenBack_IsExact() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(10_000),
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(), operations =>
        {
            using var rig = new RateRig();
            var rule = RateRig.Rule(requests: 1 + Math.Abs(operations.FirstOrDefault() % 50), tokens: 77);
            var (requests, tokens) = (new ExactBucket(rule.Of(RateLimitKind.Requests)), new ExactBucket(77));
            foreach (var operation in operations)
            {
                var random = new Random(operation);
                var time = random.Next(3) == 0 ? random.Next(20_000) : random.Next(50);
                rig.Clock.Advance(TimeSpan.FromMilliseconds(time));
                requests.Drain(time);
                tokens.Drain(time);
                var (input, overshoot) = (random.Next(90), random.Next(4) == 0 ? random.Next(100) : 0);
                var outcome = rig.Acquire(RateRig.Request(rule, input));
                var fits = requests.Fits(1) && tokens.Fits(input);
                if (outcome.Permit is not null != fits)
                    return false;
                if (fits)
                {
                    requests.Take(1);
                    tokens.Take(input + overshoot);
                    outcome.Permit!.Settle(new(input + overshoot, 0));
                }
                else if (input <= 77 && outcome.Refusal!.RetryAfter!.Value.TotalMilliseconds != (double)BigInteger.Max(requests.UntilFits(1), tokens.UntilFits(input)))
                    return false;
            }

            return true;
        }));

    private sealed class ExactBucket(long amount)
    {
        // In parts of a unit, as many as a window has milliseconds.
        private BigInteger _level;

        public void Drain(long time) => _level = BigInteger.Max(0, _level - time * amount);

        public bool Fits(long units) => Whole + units <= amount;

        public void Take(long units) => _level += units * Window;

        public BigInteger UntilFits(long units)
        {
            var over = _level - (amount - units) * Window;
            return over <= 0 ? 0 : (over + amount - 1) / amount;
        }

        private BigInteger Whole => (_level + Window - 1) / Window;
    }

    private sealed class PromiseRun : IDisposable
    {
        private readonly RateRig _rig = new();
        private readonly List<Passed> _passed = [];
        private readonly List<(RateWaiter Waiter, Scopes Scopes, RateSize Size, CancellationTokenSource Cancel)> _waiting = [];
        private readonly DateTimeOffset _origin;
        private RateRule[] _rules = Rules(1);

        // Limits change while it runs: what holds in all of it is the largest there was.
        private int _most = 1;

        public PromiseRun() => _origin = _rig.Clock.GetUtcNow();

        private long Now => (long)(_rig.Clock.GetUtcNow() - _origin).TotalMilliseconds;

        public bool Do(Random random)
        {
            switch (random.Next(12))
            {
                case < 6:
                    return Acquire(random);
                case < 9 when _passed.Exists(one => one.Used is null):
                    var open = _passed.Where(one => one.Used is null).ToList();
                    var passed = open[random.Next(open.Count)];
                    if (random.Next(3) == 0)
                        passed.Permit.Leave();
                    var used = random.Next(4) == 0 ? (RateSize?)null : new(random.Next((int)passed.Size.Input + 5), random.Next((int)passed.Size.Output + 5));
                    (passed.Used, passed.WasSent) = (used ?? default, used is not null);
                    if (used is { } size)
                        passed.Permit.Settle(size);
                    else
                        passed.Permit.Release();
                    break;
                case 9 when _waiting.Count > 0:
                    _waiting[random.Next(_waiting.Count)].Cancel.Cancel();
                    break;
                case 10 when random.Next(5) == 0:
                    var factor = random.Next(1, 3);
                    (_rules, _most) = (Rules(factor), Math.Max(_most, factor));
                    break;
                default:
                    return Advance(TimeSpan.FromMilliseconds(random.Next(6) switch { 0 => random.Next(90_000), < 3 => random.Next(15_000), _ => random.Next(400) })) && Holds();
            }

            return Collect() && Holds();
        }

        public bool End()
        {
            foreach (var passed in _passed.Where(one => one.Used is null))
            {
                (passed.Used, passed.WasSent) = (default(RateSize), true);
                passed.Permit.Settle(default);
            }

            for (var i = 0; i < 50 && _waiting.Count > 0; i++)
            {
                Advance(TimeSpan.FromSeconds(5));
                foreach (var passed in _passed.Where(one => one.Used is null))
                {
                    (passed.Used, passed.WasSent) = (default(RateSize), true);
                    passed.Permit.Settle(default);
                }
            }

            _rig.Clock.Advance(TimeSpan.FromHours(1));
            var all = _rules.Select(rule => RateRig.Charge(rule)).ToArray();
            return _rig.Limiter.Waiting == 0 && _rig.Clock.ActiveTimers == 0 && _rig.Acquire(new(all, new(30, 10))).Permit is not null;
        }

        public void Dispose()
        {
            foreach (var (_, _, _, cancel) in _waiting)
                cancel.Dispose();
            _rig.Dispose();
        }

        // One limit on each value of the second: with all of its charges a request passes both or none.
        private static RateRule[] Rules(int factor) =>
        [
            RateRig.Rule("a", requests: 20 * factor, tokens: 40 * factor, concurrent: 4 * factor, queue: 3),
            RateRig.Rule("b", input: 30 * factor, output: 10 * factor, queue: 3),
        ];

        private bool Acquire(Random random)
        {
            var size = new RateSize(random.Next(12), random.Next(6));
            var scopes = (Scopes)random.Next(1, 4);
            var charges = _rules.Where((_, i) => scopes.HasFlag((Scopes)(1 << i))).Select(rule => RateRig.Charge(rule)).ToArray();
            var request = new RateRequest(charges, size) { Priority = (LlmPriority)random.Next(-1, 2) };
            var outcome = _rig.Acquire(request);
            if (outcome.Permit is { } permit)
                _passed.Add(new(permit, scopes, size, Now));
            if (outcome.Waiter is { } waiter)
            {
                var cancel = new CancellationTokenSource();
                _ = waiter.WaitAsync(cancel.Token).AsTask().ContinueWith(static end => end.Exception, TaskScheduler.Default);
                _waiting.Add((waiter, scopes, size, cancel));
            }

            return Collect() && Holds();
        }

        /// <summary>Moves the clock from timer to timer, so that it is known when each got in.</summary>
        private bool Advance(TimeSpan time)
        {
            while (_rig.Clock.UntilNextTimer is { } next && next <= time)
            {
                _rig.Clock.Advance(next);
                time -= next;
                if (!Collect())
                    return false;
            }

            _rig.Clock.Advance(time);
            return Collect();
        }

        /// <summary>Notes those that wait no more: whoever got in stood before all that still wait.</summary>
        private bool Collect()
        {
            var ended = _waiting.Where(one => one.Waiter.At is null).ToList();
            _waiting.RemoveAll(one => one.Waiter.At is null);
            foreach (var (waiter, scopes, size, cancel) in ended)
            {
                var end = waiter.WaitAsync(CancellationToken.None).AsTask();
                if (!end.IsCanceled && end.Result.Permit is { } permit)
                {
                    _passed.Add(new(permit, scopes, size, Now));
                    // One that must pass both may have waited for the other.
                    if (scopes != Scopes.Both && _waiting.Exists(one => one.Scopes == scopes && one.Waiter.Rank.IsBefore(waiter.Rank)))
                        return false;
                }

                cancel.Dispose();
            }

            return true;
        }

        private bool Holds() =>
            Within(20, Scopes.Callers, (_, wasSent) => wasSent ? 1 : 0)
            && Within(40, Scopes.Callers, (size, _) => size.Input + size.Output)
            && Within(30, Scopes.Models, (size, _) => size.Input)
            && Within(10, Scopes.Models, (size, _) => size.Output)
            && _passed.Count(one => one.Used is null && one.Scopes.HasFlag(Scopes.Callers)) <= _most * 4;

        /// <summary>Whether in no interval more was used than there is; what was used above what was taken comes on top, as it does.</summary>
        private bool Within(long leastAmount, Scopes scope, Func<RateSize, bool, long> units)
        {
            var amount = leastAmount * _most;
            _passed.Sort(static (left, right) => left.At.CompareTo(right.At));
            var passed = _passed.FindAll(one => one.Scopes.HasFlag(scope));
            for (var from = 0; from < passed.Count; from++)
            {
                var sum = 0L;
                for (var to = from; to < passed.Count; to++)
                {
                    var one = passed[to];
                    sum += Math.Min(units(one.Size, true), units(one.Used ?? one.Size, one.WasSent ?? true));
                    var bound = amount + (double)amount * Math.Max(0, one.At - passed[from].At + 1) / Window + 1;
                    if (sum > bound)
                        return false;
                }
            }

            return true;
        }

        [Flags]
        private enum Scopes
        {
            Callers = 1,
            Models = 2,
            Both = Callers | Models,
        }

        private sealed class Passed(RatePermit permit, Scopes scopes, RateSize size, long at)
        {
            public RatePermit Permit => permit;

            public Scopes Scopes => scopes;

            public RateSize Size => size;

            public long At => at;

            public RateSize? Used { get; set; }

            public bool? WasSent { get; set; }
        }
    }
}
