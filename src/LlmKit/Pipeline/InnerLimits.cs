using LlmKit.Calls;

namespace LlmKit.Pipeline;

/// <summary>What a pipeline's own limits on time leave for its part in another one's call: only what is tighter than the call's own.</summary>
/// <param name="Latency">The time for the whole answer; <see langword="null"/> where the call ends before.</param>
/// <param name="FirstContent">The time to a stream's first content; <see langword="null"/> where the stream ends before.</param>
internal readonly record struct InnerLimits(TimeSpan? Latency, TimeSpan? FirstContent)
{
    public static InnerLimits Of(LlmConstraints declared, TimeSpan? remaining)
    {
        var latency = Tighter(declared.Latency, remaining);
        return new(latency, Tighter(declared.FirstContent, latency ?? remaining));
    }

    private static TimeSpan? Tighter(TimeSpan? declared, TimeSpan? other) =>
        declared is { } limit && !(other <= limit) && limit <= Deadline.LongestTimer ? limit : null;
}
