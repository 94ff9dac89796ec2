using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>How a probe asks.</summary>
/// <remarks>Settings: do not change them while a probe runs.</remarks>
public sealed class StabilityProbeOptions
{
    /// <summary>Gets or sets how often each request is asked.</summary>
    /// <value>5 by default; 2 to 100. More requests tell more than more repeats.</value>
    public int Repeats { get; set; } = 5;

    /// <summary>Gets or sets what of an answer is compared besides its text.</summary>
    /// <value><see langword="null"/> by default: what the feature declares (<see cref="ConsistentFeature.Value"/>), else <see cref="AnswerValues.Text"/>. Tool calls are compared by names and arguments.</value>
    public IAnswerValue? Value { get; set; }

    /// <summary>Gets or sets the options that each request is asked with, such as for whom it is and for which feature.</summary>
    /// <value><see langword="null"/> by default. Caches are passed by and no idempotency key is sent, whatever they say.</value>
    public ChatOptions? Options { get; set; }

    /// <summary>Gets or sets how many requests are under way at once.</summary>
    /// <value>4 by default; 1 or more.</value>
    public int MostAtOnce { get; set; } = 4;

    internal void Check()
    {
        List<string> failures = [];
        if (Repeats is < 2 or > 100)
            failures.Add($"The requests are to be asked '{Repeats}' times. Set StabilityProbeOptions.Repeats to 2 to 100, such as 5.");
        if (MostAtOnce < 1)
            failures.Add($"'{MostAtOnce}' requests are to be under way at once. Set StabilityProbeOptions.MostAtOnce to 1 or more, such as 4.");
        if (failures.Count > 0)
            throw new LlmConfigurationException(failures);
    }
}
