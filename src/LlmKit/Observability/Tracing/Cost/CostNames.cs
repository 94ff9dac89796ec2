namespace LlmKit.Observability.Tracing;

/// <summary>The names under which others read costs, as <see cref="CostAliases"/> asks for them. LlmKit's own are in <see cref="LlmKitDiagnostics"/>.</summary>
internal static class CostNames
{
    // The draft of the OpenTelemetry conventions.
    public const string DraftAmount = "gen_ai.usage.cost.amount";
    public const string DraftCurrency = "gen_ai.usage.cost.currency";
    public const string DraftSource = "gen_ai.usage.cost.source";
    public const string DraftMetric = "gen_ai.client.operation.cost";

    // Langfuse.
    public const string LangfuseTotal = "gen_ai.usage.cost";
    public const string LangfuseDetails = "langfuse.observation.cost_details";

    // OpenInference.
    public const string Prompt = "llm.cost.prompt";
    public const string PromptInput = "llm.cost.prompt_details.input";
    public const string PromptCacheRead = "llm.cost.prompt_details.cache_read";
    public const string PromptCacheWrite = "llm.cost.prompt_details.cache_write";
    public const string Completion = "llm.cost.completion";
    public const string Total = "llm.cost.total";
}
