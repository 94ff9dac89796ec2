using LlmKit.Calls;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>A step whose facts cannot be read.</summary>
internal sealed record BrokenStep() : CallStep("resilience", "retry")
{
    public override void AddTags(IList<KeyValuePair<string, object?>> tags) => throw new InvalidOperationException("broken");
}
