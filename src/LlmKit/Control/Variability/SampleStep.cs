using System.Globalization;
using LlmKit.Calls;

namespace LlmKit.Control.Variability;

/// <summary>What was decided while a sample was made that did not become the answer. What was decided for the one that did stands among the call's own steps.</summary>
/// <param name="Sample">The sample's number, from 1.</param>
/// <param name="Step">What was decided, such as a model or a verdict.</param>
public sealed record SampleStep(int Sample, CallStep Step)
    : CallStep("variability", "sample", string.Create(CultureInfo.InvariantCulture, $"{Sample}: {Step?.Stage} {Step?.Decision}"))
{
    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.variability.sample", Sample));
        Step.AddTags(tags);
    }
}
