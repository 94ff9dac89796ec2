namespace LlmKit.Observability.Tracing;

/// <summary>All names of the OpenTelemetry GenAI conventions that tracing uses: a profile is an instance of this table.</summary>
internal sealed class GenAiNames
{
    /// <summary>The conventions as released in v1.41.</summary>
    public static GenAiNames Version141 { get; } = new();

    public string ChatOperation { get; init; } = "chat";

    public string UnknownProvider { get; init; } = "unknown";

    public string InputTokenType { get; init; } = "input";

    public string OutputTokenType { get; init; } = "output";

    public string OperationName { get; init; } = "gen_ai.operation.name";

    public string ProviderName { get; init; } = "gen_ai.provider.name";

    public string ServerAddress { get; init; } = "server.address";

    public string ServerPort { get; init; } = "server.port";

    public string ErrorType { get; init; } = "error.type";

    public string ConversationId { get; init; } = "gen_ai.conversation.id";

    public string OutputType { get; init; } = "gen_ai.output.type";

    public string RequestModel { get; init; } = "gen_ai.request.model";

    public string RequestStream { get; init; } = "gen_ai.request.stream";

    public string RequestSeed { get; init; } = "gen_ai.request.seed";

    public string RequestTopK { get; init; } = "gen_ai.request.top_k";

    public string RequestTopP { get; init; } = "gen_ai.request.top_p";

    public string RequestTemperature { get; init; } = "gen_ai.request.temperature";

    public string RequestFrequencyPenalty { get; init; } = "gen_ai.request.frequency_penalty";

    public string RequestPresencePenalty { get; init; } = "gen_ai.request.presence_penalty";

    public string RequestMaxTokens { get; init; } = "gen_ai.request.max_tokens";

    public string RequestStopSequences { get; init; } = "gen_ai.request.stop_sequences";

    public string ResponseId { get; init; } = "gen_ai.response.id";

    public string ResponseModel { get; init; } = "gen_ai.response.model";

    public string ResponseFinishReasons { get; init; } = "gen_ai.response.finish_reasons";

    public string ResponseTimeToFirstChunk { get; init; } = "gen_ai.response.time_to_first_chunk";

    public string UsageInputTokens { get; init; } = "gen_ai.usage.input_tokens";

    public string UsageOutputTokens { get; init; } = "gen_ai.usage.output_tokens";

    public string UsageCacheReadTokens { get; init; } = "gen_ai.usage.cache_read.input_tokens";

    public string UsageCacheWriteTokens { get; init; } = "gen_ai.usage.cache_creation.input_tokens";

    public string UsageReasoningTokens { get; init; } = "gen_ai.usage.reasoning.output_tokens";

    public string SystemInstructions { get; init; } = "gen_ai.system_instructions";

    public string InputMessages { get; init; } = "gen_ai.input.messages";

    public string OutputMessages { get; init; } = "gen_ai.output.messages";

    public string TokenType { get; init; } = "gen_ai.token.type";

    public string DurationMetric { get; init; } = "gen_ai.client.operation.duration";

    public string TokenUsageMetric { get; init; } = "gen_ai.client.token.usage";

    public string TimeToFirstChunkMetric { get; init; } = "gen_ai.client.operation.time_to_first_chunk";

    public string TimePerOutputChunkMetric { get; init; } = "gen_ai.client.operation.time_per_output_chunk";
}
