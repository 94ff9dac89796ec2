using System.Diagnostics;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>The work of an agent, as a span: calls and tools in it become parts of it, and their usage is summed.</summary>
/// <remarks>Thread-safe. Dispose of it when the work has ended.</remarks>
public sealed class AgentScope : TraceScope
{
    private readonly string? _instructions;
    private string? _input;
    private string? _output;
    private string[]? _finishReasons;
    private UsageDetails? _told;

    internal AgentScope(TracingPolicy policy, TraceAgent agent)
        : base(policy, (int)ScopeKind.Agent, policy.Names.AgentOperation, agent.Name, agent.IsRemote ? ActivityKind.Client : ActivityKind.Internal, TagsOf(policy.Names, agent))
    {
        if (Facts is not { IsAllDataRequested: true } || agent.Request is not { } request)
            return;
        ChatSpan.SetRequest(Facts, policy.Names, request, streaming: false);
        if (WritesTexts)
            _instructions = policy.Texts.Instructions(request.Instructions);
    }

    /// <summary>Tells what the agent is asked. Recorded only with content.</summary>
    /// <param name="messages">The messages.</param>
    public void SetInput(IReadOnlyList<ChatMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (WritesTexts)
            _input = Policy.Texts.Messages(messages);
    }

    /// <summary>Tells what the agent answered: why it ended, what it used where no call of this process told that already, and its texts with content.</summary>
    /// <param name="response">The answer.</param>
    public void SetAnswer(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (Facts is not { IsAllDataRequested: true })
            return;
        if (response.FinishReason is { } reason)
            SetFinishReasons(reason);
        _told = response.Usage;
        if (WritesTexts)
            _output = Policy.Texts.Answer(response);
    }

    /// <summary>Tells why the agent's answers ended; one reason for each.</summary>
    /// <param name="reasons">The reasons.</param>
    public void SetFinishReasons(params ReadOnlySpan<ChatFinishReason> reasons)
    {
        var told = new string[reasons.Length];
        for (var i = 0; i < told.Length; i++)
            told[i] = reasons[i].Value.ToLowerInvariant();
        _finishReasons = told;
    }

    private protected override void Complete(Activity span)
    {
        var names = Policy.Names;
        base.Complete(span);
        if (!SawInferences && _told is { } usage)
        {
            Set(span, names.UsageInputTokens, usage.InputTokenCount);
            Set(span, names.UsageOutputTokens, usage.OutputTokenCount);
        }

        Set(span, names.ResponseFinishReasons, _finishReasons);
        if (Texts is { } texts)
            (texts.Instructions, texts.Input, texts.Output) = (_instructions, _input, _output);
        if (Policy.Content is null)
            return;
        // Last: some backends lose what follows a large tag.
        Set(span, names.SystemInstructions, _instructions);
        Set(span, names.InputMessages, _input);
        Set(span, names.OutputMessages, _output);
    }

    private static KeyValuePair<string, object?>[] TagsOf(GenAiNames names, TraceAgent agent)
    {
        var tellsProvider = agent.IsRemote || names.LocalAgentsTellProvider;
        var endpoint = ChatEndpoint.From(agent.Provider, agent.IsRemote ? agent.Endpoint : null);
        return
        [
            new(names.AgentName, agent.Name),
            new(names.ProviderName, tellsProvider ? agent.Provider : null),
            new(names.RequestModel, agent.Model ?? agent.Request?.ModelId),
            new(names.ServerAddress, endpoint.Address),
            new(names.ServerPort, endpoint.Port),
            new(names.AgentId, agent.Id),
            new(names.AgentVersion, agent.Version),
            new(names.AgentDescription, agent.Description),
            new(names.DataSourceId, agent.DataSource),
        ];
    }

    private static void Set(Activity span, string name, object? value)
    {
        if (value is not null)
            span.SetTag(name, value);
    }
}
