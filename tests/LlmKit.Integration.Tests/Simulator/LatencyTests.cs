using LlmKit.Integration.Tests.Support;
using LlmKit.Simulator;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Simulator;

public sealed class LatencyTests
{
    private static readonly SimulatorLatency Slow = new()
    {
        ToHeaders = TimeSpan.FromMilliseconds(100),
        ToFirstContent = TimeSpan.FromMilliseconds(200),
        PerChunk = TimeSpan.FromMilliseconds(10),
    };

    [Test]
    public async Task Stream_Latency_WaitsToHeadersToContentAndBetweenChunks()
    {
        var waits = await WaitsAsync(Slow, stream: true);

        Assert.That(waits[..2], Is.EqualTo(new[] { Slow.ToHeaders, Slow.ToFirstContent }));
        Assert.That(waits[2..], Has.Length.EqualTo(5).And.All.EqualTo(Slow.PerChunk));
    }

    [Test]
    public async Task Plain_Latency_TakesAsLongAsTheStream()
    {
        var plain = await WaitsAsync(Slow, stream: false);
        var stream = await WaitsAsync(Slow, stream: true);

        Assert.That(plain.Sum(wait => wait.TotalMilliseconds), Is.EqualTo(stream.Sum(wait => wait.TotalMilliseconds)));
    }

    [Test]
    public async Task Spread_SameSeed_IsTheSameAndWithinItsRange()
    {
        var spread = Slow with { Spread = 0.5 };

        var one = await WaitsAsync(spread, stream: true, seed: 1);
        var again = await WaitsAsync(spread, stream: true, seed: 1);
        var other = await WaitsAsync(spread, stream: true, seed: 2);

        Assert.That(again, Is.EqualTo(one));
        Assert.That(other, Is.Not.EqualTo(one));
        Assert.That(one[0], Is.InRange(0.5 * Slow.ToHeaders, 1.5 * Slow.ToHeaders).And.Not.EqualTo(Slow.ToHeaders));
    }

    [Test]
    public async Task Tail_Certain_MultipliesTheWaits()
    {
        var waits = await WaitsAsync(Slow with { TailProbability = 1, TailFactor = 5 }, stream: true);

        Assert.That(waits[0], Is.EqualTo(5 * Slow.ToHeaders));
    }

    [Test]
    public void Start_SettingOutOfRange_Throws()
    {
        Assert.That(
            () => Sample.StartAsync(options => options.Latency = new() { Spread = 1.5 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("SimulatorLatency.Spread"));
    }

    private static async Task<TimeSpan[]> WaitsAsync(SimulatorLatency latency, bool stream, int seed = 0)
    {
        var time = new InstantTime();
        await using var simulator = await Sample.StartAsync(options =>
        {
            options.TimeProvider = time;
            options.Seed = seed;
            options.ModelLatencies["small"] = latency;
        });
        using var client = new RawClient(simulator);
        using var response = await client.OpenAIAsync(RawClient.OpenAI(Sample.Question, stream: stream));
        await response.Content.ReadAsStringAsync();
        return [.. time.Waits];
    }
}
