using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>What a call's deadline says about the model that did not answer before it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ResilienceDeadlineTests(bool streamed)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Circuit_ModelUsesUpTheTimeThatThePipelineDeclares_Opens()
    {
        using var bench = Bench(ScriptedAnswer.Hangs());

        await FailAsync(bench, 4);

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Open));
        var step = bench.Steps.First();
        Assert.That((step.Decision, step.Kind, step.Limit, step.After), Is.EqualTo(("timeout", (ModelFailureKind?)ModelFailureKind.Timeout, (TimeLimit?)TimeLimit.Deadline, (TimeSpan?)(5 * Second))));
    }

    [Test]
    public async Task Circuit_CallersOwnShorterDeadline_SaysNothingOfTheModel()
    {
        using var bench = Bench(ScriptedAnswer.Hangs());

        await FailAsync(bench, 12, () => new() { Deadline = bench.Clock.GetUtcNow() + Second });

        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed));
        Assert.That(bench.Steps.Single().Limit, Is.EqualTo(TimeLimit.Deadline));
    }

    [Test]
    public async Task Circuit_AttemptThatBeganLate_SaysNothingOfTheModel()
    {
        // The first attempt of each call takes most of its time and fails for a reason that does not count.
        var odd = ResilienceBench.Fails(ModelFailureKind.Transient) with { Delay = 4 * Second };
        var clock = new ManualTimeProvider();
        using var bench = new ResilienceBench(
            Setting.Composed,
            new((number, _) => number % 2 == 0 ? odd : ScriptedAnswer.Hangs(), clock),
            clock,
            options => (options.MaxRetries, options.MinimumThroughput, options.FailureRatio, options.RetryShare) = (1, 4, 0.9, null),
            builder => builder.WithConstraints(constraints => constraints.Latency = 5 * Second));

        await FailAsync(bench, 3);

        Assert.That(bench.Model.Requests, Has.Count.EqualTo(6));
        Assert.That(bench.Stage.Circuit.State, Is.EqualTo(CircuitState.Closed), "three failures, which are fewer than four attempts");
    }

    private static ResilienceBench Bench(ScriptedAnswer answer)
    {
        var clock = new ManualTimeProvider();
        return new(
            Setting.Composed,
            new((_, _) => answer, clock),
            clock,
            options => (options.MaxRetries, options.MinimumThroughput) = (0, 4),
            builder => builder.WithConstraints(constraints => constraints.Latency = 5 * Second));
    }

    private async Task FailAsync(ResilienceBench bench, int times, Func<LlmCallOptions>? options = null)
    {
        for (var i = 0; i < times; i++)
            Assert.That(await bench.FailAsync(streamed, options?.Invoke()), Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.Deadline));
    }
}
