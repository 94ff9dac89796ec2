using Perfolizer.Horology;

namespace LlmKit.Benchmarks.Measuring;

/// <summary>The processor time of this process: what neighbours on the machine take from it does not count.</summary>
/// <remarks>Right for benchmarks that run on one thread and never wait, as these do.</remarks>
internal sealed class ProcessorClock : IClock
{
    public string Title => "Processor";

    public bool IsAvailable => true;

    public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}
