namespace LlmKit;

/// <summary>Names under which spans tell the cost of a call to others, beside <c>llmkit.usage.cost.*</c>.</summary>
[Flags]
public enum CostAliases
{
    /// <summary>LlmKit's own names only.</summary>
    None = 0,

    /// <summary>The draft of the OpenTelemetry conventions: <c>gen_ai.usage.cost.amount</c>, <c>.currency</c> and <c>.source</c>, and the metric <c>gen_ai.client.operation.cost</c>.</summary>
    OtelDraft = 1,

    /// <summary>What Langfuse reads: <c>gen_ai.usage.cost</c> and <c>langfuse.observation.cost_details</c>.</summary>
    Langfuse = 2,

    /// <summary>The OpenInference conventions, as Phoenix reads them: <c>llm.cost.prompt</c> with its <c>prompt_details</c>, <c>.completion</c> and <c>.total</c>.</summary>
    OpenInference = 4,
}
