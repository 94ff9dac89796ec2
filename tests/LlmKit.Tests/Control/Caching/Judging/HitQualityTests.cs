using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Judging;

public sealed class HitQualityTests
{
    private readonly HitQuality _quality = new();

    [Test]
    public void Add_WrongHitsAtLowSimilarities_RaisesTheThresholdAboveThem()
    {
        for (var i = 0; i < 300; i++)
            _quality.Add(0.97, isWrong: false, 0.9, 0.02);
        for (var i = 0; i < 20; i++)
            _quality.Add(0.92, isWrong: true, 0.9, 0.02);

        Assert.That(_quality.Raised, Is.InRange(0.925, 0.97));
        Assert.That(_quality.At(_quality.Raised), Is.EqualTo((300, 0)));
    }

    [Test]
    public void Add_OneWrongAmongHundreds_IsWithinTheBound()
    {
        for (var i = 0; i < 200; i++)
            _quality.Add(0.95, isWrong: i == 100, 0.9, 0.02);

        Assert.That(_quality.Raised, Is.Zero);
        Assert.That(_quality.At(0.9), Is.EqualTo((200, 1)));
    }

    [Test]
    public void Add_WrongHitsEverywhere_LeavesOnlyKeys()
    {
        for (var i = 0; i < 50; i++)
            _quality.Add(1, isWrong: i % 2 == 0, 0.9, 0.02);

        Assert.That(_quality.Raised, Is.GreaterThan(1));
    }

    [Test]
    public void Add_MoreThanAreRemembered_ForgetsTheOldest()
    {
        for (var i = 0; i < HitQuality.Remembered + 10; i++)
            _quality.Add(0.95, isWrong: i < 10, 0.9, bound: null);

        Assert.That(_quality.At(0), Is.EqualTo((HitQuality.Remembered, 0)));
    }
}
