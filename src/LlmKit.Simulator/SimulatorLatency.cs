namespace LlmKit.Simulator;

/// <summary>How long a simulated model takes. Immutable.</summary>
/// <remarks>
/// A stream waits to its headers, to its first content, and before every further chunk; a plain answer waits all of it before its
/// headers. Every wait is the mean times a factor between 1 − <see cref="Spread"/> and 1 + <see cref="Spread"/> that depends only on
/// <see cref="SimulatorOptions.Seed"/>, the request's path and body, and how often that body was sent before.
/// </remarks>
public sealed record SimulatorLatency
{
    /// <summary>No waiting at all.</summary>
    public static SimulatorLatency None { get; } = new();

    /// <summary>The mean time to the response headers.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan ToHeaders { get; init; }

    /// <summary>The mean time from the headers to the first content.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan ToFirstContent { get; init; }

    /// <summary>The mean time between two chunks.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan PerChunk { get; init; }

    /// <summary>How far a request's times stray from the mean, as a part of it.</summary>
    /// <value>0 to 1. Default: 0.</value>
    public double Spread { get; init; }

    /// <summary>The part of the requests that take <see cref="TailFactor"/> times as long.</summary>
    /// <value>0 to 1. Default: 0.</value>
    public double TailProbability { get; init; }

    /// <summary>How many times as long a request of the tail takes.</summary>
    /// <value>1 or more. Default: 10.</value>
    public double TailFactor { get; init; } = 10;
}
