namespace LlmKit.Integration.Tests.Support;

/// <summary>Stands at noon of 10 March 2026.</summary>
internal sealed class NoonClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
}
