namespace LlmKit.Observability.Tracing;

/// <summary>All names of the OpenTelemetry GenAI conventions that tracing uses: a profile is an instance of this table.</summary>
internal sealed class GenAiNames
{
    /// <summary>The conventions as released in v1.41.</summary>
    public static GenAiNames Version141 { get; } = new();

    /// <summary>What the conventions are to become: only what differs is said here.</summary>
    public static GenAiNames Next { get; } = new()
    {
        TopKIsInteger = true,
        LocalAgentsTellProvider = false,
        PlanOperation = "plan",
        PromptVariablePrefix = "gen_ai.prompt.variable.",
        ConversationCompacted = "gen_ai.conversation.compacted",
        MissingFinishReason = "error",
        MessagesTellFinishReason = false,
        RequestPreviousResponseId = "gen_ai.request.previous_response.id",
        RequestReasoningLevel = "gen_ai.request.reasoning.level",
        RetrievalTopK = "gen_ai.retrieval.top_k",
        UsageCacheWriteTokens = "gen_ai.usage.cache_write.input_tokens",
        UsageTextInputTokens = "gen_ai.usage.text.input_tokens",
        UsageTextOutputTokens = "gen_ai.usage.text.output_tokens",
        UsageAudioInputTokens = "gen_ai.usage.audio.input_tokens",
        UsageAudioOutputTokens = "gen_ai.usage.audio.output_tokens",
        UsageImageInputTokens = "gen_ai.usage.image.input_tokens",
        UsageImageOutputTokens = "gen_ai.usage.image.output_tokens",
        DurationMetric = "gen_ai.client.inference.duration",
        EmbeddingsDurationMetric = "gen_ai.client.embeddings.duration",
        TimeToFirstChunkMetric = "gen_ai.client.inference.time_to_first_chunk",
        TimePerOutputChunkMetric = "gen_ai.client.inference.time_per_output_chunk",
        TokenUsageMetric = null,
        InputTokensMetric = "gen_ai.client.inference.usage.input_tokens",
        OutputTokensMetric = "gen_ai.client.inference.usage.output_tokens",
        CacheReadTokensMetric = "gen_ai.client.inference.usage.cache_read.input_tokens",
        CacheWriteTokensMetric = "gen_ai.client.inference.usage.cache_write.input_tokens",
        ReasoningTokensMetric = "gen_ai.client.inference.usage.reasoning.output_tokens",
        OperationInputTokensMetric = "gen_ai.client.inference.operation.input_tokens",
        OperationOutputTokensMetric = "gen_ai.client.inference.operation.output_tokens",
        AgentDurationMetric = "gen_ai.invoke_agent.duration",
        AgentInferencesMetric = "gen_ai.invoke_agent.inference_calls",
        AgentToolCallsMetric = "gen_ai.invoke_agent.tool_calls",
        ToolDurationMetric = "gen_ai.execute_tool.duration",
        WorkflowDurationMetric = "gen_ai.invoke_workflow.duration",
    };

    public string ChatOperation { get; init; } = "chat";

    public string EmbeddingsOperation { get; init; } = "embeddings";

    public string ToolOperation { get; init; } = "execute_tool";

    public string AgentOperation { get; init; } = "invoke_agent";

    public string WorkflowOperation { get; init; } = "invoke_workflow";

    public string RetrievalOperation { get; init; } = "retrieval";

    /// <summary>Gets a name that <see cref="Next"/> adds; <see langword="null"/> before.</summary>
    public string? PlanOperation { get; init; }

    public string UnknownProvider { get; init; } = "unknown";

    public string InputTokenType { get; init; } = "input";

    public string OutputTokenType { get; init; } = "output";

    public string OperationName { get; init; } = "gen_ai.operation.name";

    public string ProviderName { get; init; } = "gen_ai.provider.name";

    public string ServerAddress { get; init; } = "server.address";

    public string ServerPort { get; init; } = "server.port";

    public string ErrorType { get; init; } = "error.type";

    public string ConversationId { get; init; } = "gen_ai.conversation.id";

    /// <summary>Gets a name that <see cref="Next"/> adds; <see langword="null"/> before.</summary>
    public string? ConversationCompacted { get; init; }

    public string OutputType { get; init; } = "gen_ai.output.type";

    public string RequestModel { get; init; } = "gen_ai.request.model";

    public string RequestStream { get; init; } = "gen_ai.request.stream";

    public string RequestSeed { get; init; } = "gen_ai.request.seed";

    public string RequestTopK { get; init; } = "gen_ai.request.top_k";

    /// <summary>Gets whether <see cref="RequestTopK"/> is a whole number; it began as a floating one.</summary>
    public bool TopKIsInteger { get; init; }

    public string RequestTopP { get; init; } = "gen_ai.request.top_p";

    public string RequestTemperature { get; init; } = "gen_ai.request.temperature";

    public string RequestFrequencyPenalty { get; init; } = "gen_ai.request.frequency_penalty";

    public string RequestPresencePenalty { get; init; } = "gen_ai.request.presence_penalty";

    public string RequestMaxTokens { get; init; } = "gen_ai.request.max_tokens";

    public string RequestStopSequences { get; init; } = "gen_ai.request.stop_sequences";

    public string RequestChoiceCount { get; init; } = "gen_ai.request.choice.count";

    public string RequestServiceTier { get; init; } = "openai.request.service_tier";

    /// <summary>Gets a name that <see cref="Next"/> adds; <see langword="null"/> before.</summary>
    public string? RequestPreviousResponseId { get; init; }

    /// <summary>Gets a name that <see cref="Next"/> adds; <see langword="null"/> before.</summary>
    public string? RequestReasoningLevel { get; init; }

    public string RequestEncodingFormats { get; init; } = "gen_ai.request.encoding_formats";

    public string EmbeddingsDimensionCount { get; init; } = "gen_ai.embeddings.dimension.count";

    public string PromptName { get; init; } = "gen_ai.prompt.name";

    public string PromptVersion { get; init; } = "gen_ai.prompt.version";

    /// <summary>Gets what names that <see cref="Next"/> adds begin with; <see langword="null"/> before.</summary>
    public string? PromptVariablePrefix { get; init; }

    public string ResponseId { get; init; } = "gen_ai.response.id";

    public string ResponseModel { get; init; } = "gen_ai.response.model";

    public string ResponseFinishReasons { get; init; } = "gen_ai.response.finish_reasons";

    /// <summary>Gets the finish reason of an answer that was due one and never told it; <see langword="null"/> to say none.</summary>
    public string? MissingFinishReason { get; init; }

    /// <summary>Gets whether messages in the output hold their finish reason.</summary>
    public bool MessagesTellFinishReason { get; init; } = true;

    public string ResponseServiceTier { get; init; } = "openai.response.service_tier";

    public string ResponseSystemFingerprint { get; init; } = "openai.response.system_fingerprint";

    public string ResponseTimeToFirstChunk { get; init; } = "gen_ai.response.time_to_first_chunk";

    public string UsageInputTokens { get; init; } = "gen_ai.usage.input_tokens";

    public string UsageOutputTokens { get; init; } = "gen_ai.usage.output_tokens";

    public string UsageCacheReadTokens { get; init; } = "gen_ai.usage.cache_read.input_tokens";

    public string UsageCacheWriteTokens { get; init; } = "gen_ai.usage.cache_creation.input_tokens";

    public string UsageReasoningTokens { get; init; } = "gen_ai.usage.reasoning.output_tokens";

    /// <summary>Gets a name that <see cref="Next"/> adds, as the other five by modality; <see langword="null"/> before.</summary>
    public string? UsageTextInputTokens { get; init; }

    public string? UsageTextOutputTokens { get; init; }

    public string? UsageAudioInputTokens { get; init; }

    public string? UsageAudioOutputTokens { get; init; }

    public string? UsageImageInputTokens { get; init; }

    public string? UsageImageOutputTokens { get; init; }

    public string SystemInstructions { get; init; } = "gen_ai.system_instructions";

    public string InputMessages { get; init; } = "gen_ai.input.messages";

    public string OutputMessages { get; init; } = "gen_ai.output.messages";

    public string SystemInstructionsReference { get; init; } = "gen_ai.system_instructions.ref";

    public string InputMessagesReference { get; init; } = "gen_ai.input.messages.ref";

    public string OutputMessagesReference { get; init; } = "gen_ai.output.messages.ref";

    public string ToolDefinitions { get; init; } = "gen_ai.tool.definitions";

    public string ToolName { get; init; } = "gen_ai.tool.name";

    public string ToolType { get; init; } = "gen_ai.tool.type";

    public string ToolDescription { get; init; } = "gen_ai.tool.description";

    public string ToolCallId { get; init; } = "gen_ai.tool.call.id";

    public string ToolCallArguments { get; init; } = "gen_ai.tool.call.arguments";

    public string ToolCallResult { get; init; } = "gen_ai.tool.call.result";

    public string AgentId { get; init; } = "gen_ai.agent.id";

    public string AgentName { get; init; } = "gen_ai.agent.name";

    public string AgentDescription { get; init; } = "gen_ai.agent.description";

    public string AgentVersion { get; init; } = "gen_ai.agent.version";

    /// <summary>Gets whether agents in this process tell their provider.</summary>
    public bool LocalAgentsTellProvider { get; init; } = true;

    public string WorkflowName { get; init; } = "gen_ai.workflow.name";

    public string DataSourceId { get; init; } = "gen_ai.data_source.id";

    public string RetrievalTopK { get; init; } = "gen_ai.request.top_k";

    public string RetrievalQuery { get; init; } = "gen_ai.retrieval.query.text";

    public string RetrievalDocuments { get; init; } = "gen_ai.retrieval.documents";

    public string DetailsEvent { get; init; } = "gen_ai.client.inference.operation.details";

    public string ExceptionEvent { get; init; } = "gen_ai.client.operation.exception";

    public string ExceptionType { get; init; } = "exception.type";

    public string ExceptionMessage { get; init; } = "exception.message";

    public string ExceptionStackTrace { get; init; } = "exception.stacktrace";

    public string EvaluationEvent { get; init; } = "gen_ai.evaluation.result";

    public string EvaluationName { get; init; } = "gen_ai.evaluation.name";

    public string EvaluationScore { get; init; } = "gen_ai.evaluation.score.value";

    public string EvaluationLabel { get; init; } = "gen_ai.evaluation.score.label";

    public string EvaluationExplanation { get; init; } = "gen_ai.evaluation.explanation";

    public string TokenType { get; init; } = "gen_ai.token.type";

    public string TokenModality { get; init; } = "gen_ai.token.modality";

    public string DurationMetric { get; init; } = "gen_ai.client.operation.duration";

    public string EmbeddingsDurationMetric { get; init; } = "gen_ai.client.operation.duration";

    public string TimeToFirstChunkMetric { get; init; } = "gen_ai.client.operation.time_to_first_chunk";

    public string TimePerOutputChunkMetric { get; init; } = "gen_ai.client.operation.time_per_output_chunk";

    /// <summary>Gets the histogram of tokens by type; <see langword="null"/> where the counters and histograms below stand in its place.</summary>
    public string? TokenUsageMetric { get; init; } = "gen_ai.client.token.usage";

    public string? InputTokensMetric { get; init; }

    public string? OutputTokensMetric { get; init; }

    public string? CacheReadTokensMetric { get; init; }

    public string? CacheWriteTokensMetric { get; init; }

    public string? ReasoningTokensMetric { get; init; }

    public string? OperationInputTokensMetric { get; init; }

    public string? OperationOutputTokensMetric { get; init; }

    public string? AgentDurationMetric { get; init; }

    public string? AgentInferencesMetric { get; init; }

    public string? AgentToolCallsMetric { get; init; }

    public string? ToolDurationMetric { get; init; }

    public string? WorkflowDurationMetric { get; init; }

    public static GenAiNames Of(SemanticConventions profile) => profile == SemanticConventions.Next ? Next : Version141;
}
