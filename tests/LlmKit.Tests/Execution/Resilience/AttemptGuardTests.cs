using LlmKit.Calls;
using LlmKit.Execution.Resilience;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

public sealed class AttemptGuardTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();
    private readonly ResilientModel _model;

    public AttemptGuardTests() => _model = new(new ScriptedChatClient(ScriptedAnswer.Text("Paris")), "m", _clock, NullLogger.Instance);

    [Test]
    public void Start_LimitForEachUpdate_ExpiresForTheLastOneOnly()
    {
        using var guard = Begin();
        for (var update = 0; update < 5; update++)
        {
            guard.Start(TimeLimit.BetweenUpdates, Second, Second, _clock.GetTimestamp());
            _clock.Advance(Second * 0.9);
            guard.Stop();
        }

        guard.Start(TimeLimit.BetweenUpdates, Second, Second, _clock.GetTimestamp());
        _clock.Advance(Second * 0.9);
        Assert.That(guard.Token.IsCancellationRequested, Is.False);
        _clock.Advance(Second * 0.1);

        Assert.That(guard.Token.IsCancellationRequested, Is.True);
    }

    [Test]
    public void Stop_TimeHasPassed_NeverExpires()
    {
        using var guard = Begin();
        guard.Start(TimeLimit.BetweenUpdates, Second, Second, _clock.GetTimestamp());
        guard.Stop();

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(guard.Token.IsCancellationRequested, Is.False);
    }

    [Test]
    public async Task Succeed_AtTheMomentTheLimitExpires_LeavesTheNextAttemptAlone()
    {
        for (var round = 0; round < 10_000; round++)
        {
            var guard = Begin();
            Assert.That(guard.Token.IsCancellationRequested, Is.False);
            guard.Start(TimeLimit.Attempt, Second, Second, _clock.GetTimestamp());

            await Together.RunAsync(() => _clock.Advance(Second), guard.Succeed);
        }

        _clock.Advance(Second);
        Assert.That(_clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Start_AtTheMomentTheTimerFiresForAnEarlierUpdate_IsNotMissed()
    {
        for (var round = 0; round < 10_000; round++)
        {
            using var guard = Begin();
            guard.Start(TimeLimit.BetweenUpdates, Second, Second, _clock.GetTimestamp());
            guard.Stop();

            await Together.RunAsync(() => _clock.Advance(Second), () => guard.Start(TimeLimit.BetweenUpdates, Second, Second, _clock.GetTimestamp()));
            _clock.Advance(Second);

            Assert.That(guard.Token.IsCancellationRequested, Is.True);
        }
    }

    private AttemptGuard Begin()
    {
        var guard = _model.Rent();
        guard.Begin(new(CallSetup.Alone("test", _clock, null), default, isStreaming: false), circuit: null, default, number: 1, CancellationToken.None);
        return guard;
    }
}
