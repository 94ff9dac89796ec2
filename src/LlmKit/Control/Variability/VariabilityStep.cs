using LlmKit.Calls;

namespace LlmKit.Control.Variability;

/// <summary>What was done to keep an answer from varying.</summary>
/// <param name="Decision"><c>pinned</c>, <c>not-pinned</c>, <c>agreed</c>, <c>no-majority</c>, <c>escalated</c> or <c>abstained</c>.</param>
/// <param name="Kind"><c>reproducible</c> or <c>consistent</c>.</param>
/// <param name="Reason">What was set, and what the provider does not promise; never a text of the conversation.</param>
public sealed record VariabilityStep(string Decision, string Kind, string? Reason) : CallStep("variability", Decision, Reason)
{
    /// <summary>Gets how many samples were asked for; <see langword="null"/> where none were.</summary>
    public int? Samples { get; init; }

    /// <summary>Gets how many of them agreed on the answer that most gave.</summary>
    public int? Agreeing { get; init; }

    /// <summary>Gets the models that the samples came from, one for each that answered, in the order in which they were asked for.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <inheritdoc/>
    public override void AddTags(IList<KeyValuePair<string, object?>> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags.Add(new("llmkit.variability.kind", Kind));
        if (Samples is { } samples)
            tags.Add(new("llmkit.variability.samples", samples));
        if (Agreeing is { } agreeing)
            tags.Add(new("llmkit.variability.agreeing", agreeing));
        if (Models.Count > 0)
            tags.Add(new("llmkit.variability.models", string.Join(',', Models)));
    }
}
