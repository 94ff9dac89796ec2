namespace LlmKit.Simulator;

/// <summary>Refuses settings outside their ranges.</summary>
internal static class SimulatorOptionsCheck
{
    public static void Check(SimulatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(options.WordsPerChunk >= 1, options.WordsPerChunk, "SimulatorOptions.WordsPerChunk", "1 or more");
        Require(options.ReceivedCapacity >= 1, options.ReceivedCapacity, "SimulatorOptions.ReceivedCapacity", "1 or more");
        foreach (var (model, tokens) in options.ReasoningTokens)
            Require(tokens >= 0, tokens, $"SimulatorOptions.ReasoningTokens[\"{model}\"]", "0 or more");
        foreach (var (model, requests) in options.RequestsPerMinute)
            Require(requests >= 1, requests, $"SimulatorOptions.RequestsPerMinute[\"{model}\"]", "1 or more");
        foreach (var latency in options.ModelLatencies.Values.Append(options.Latency))
            Check(latency);
    }

    private static void Check(SimulatorLatency latency)
    {
        foreach (var duration in new[] { latency.ToHeaders, latency.ToFirstContent, latency.PerChunk })
            Require(duration >= TimeSpan.Zero, duration, "duration of a SimulatorLatency", "zero or more");
        Require(latency.Spread is >= 0 and <= 1, latency.Spread, "SimulatorLatency.Spread", "0 to 1");
        Require(latency.TailProbability is >= 0 and <= 1, latency.TailProbability, "SimulatorLatency.TailProbability", "0 to 1");
        Require(latency.TailFactor >= 1, latency.TailFactor, "SimulatorLatency.TailFactor", "1 or more");
    }

    private static void Require(bool holds, object value, string setting, string range)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The {setting} '{value}' is out of range. Give {range}.");
    }
}
