using LlmKit.Calls;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>A step with facts of its own.</summary>
internal sealed record RetryStep(int Number) : CallStep("resilience", "retry", "the model was overloaded")
{
    public override void AddTags(IList<KeyValuePair<string, object?>> tags) => tags.Add(new("llmkit.retry.number", Number));
}
