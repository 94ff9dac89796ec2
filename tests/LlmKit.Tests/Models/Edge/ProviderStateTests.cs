using System.Diagnostics.Metrics;
using LlmKit.Models;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public sealed class ProviderStateTests
{
    private readonly ProviderState _state = new();

    [Test]
    public void IssuerOf_RememberedState_IsItsModel()
    {
        _state.Remember("c1", "a");
        _state.Remember("c1", "b");
        _state.Remember(null, "a");

        Assert.That(_state.IssuerOf("c1"), Is.EqualTo("b"));
        Assert.That(_state.IssuerOf("c2"), Is.Null);
    }

    [Test]
    public void Remember_MoreThanItHolds_ForgetsTheOldest()
    {
        for (var i = 0; i <= 10_000; i++)
            _state.Remember("c" + i, "a");

        Assert.That(_state.IssuerOf("c0"), Is.Null);
        Assert.That(_state.IssuerOf("c10000"), Is.EqualTo("a"));
    }

    [Test]
    public void Remember_MoreThanItHolds_CountsWhatItForgets()
    {
        var forgotten = 0L;
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "llmkit.provider_state.forgotten")
                listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref forgotten, count));
        meters.Start();

        for (var i = 0; i < 10_003; i++)
            _state.Remember("c" + i, "a");

        Assert.That(forgotten, Is.GreaterThanOrEqualTo(3));
    }
}
