using System.Diagnostics;
using LlmKit.Observability.Tracing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Spans for what stands around calls: agents, plans, workflows, retrievals, tools, embeddings, and what answers were found to be worth.</summary>
/// <remarks>
/// Thread-safe. Everything here costs next to nothing when nobody listens. Names belong to telemetry: give none that hold personal data.
/// Texts are recorded on spans only where <see cref="TracingOptions.CaptureContent"/> or its environment variable says so, and in a trace store
/// where <see cref="TraceStoreOptions.Content"/> does: there through what the pipelines redact, where the options of the scope have no redaction.
/// </remarks>
public static class LlmTrace
{
    /// <summary>Begins the work of an agent in this process: its calls and tools become parts of it.</summary>
    /// <param name="name">The agent's name; <see langword="null"/> when it has none.</param>
    /// <param name="id">What tells it from others of that name.</param>
    /// <param name="description">What it is for, in a few words of the program's own.</param>
    /// <param name="version">Its version.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The scope: dispose of it when the work has ended, after <see cref="TraceScope.Fail"/> where it failed.</returns>
    public static AgentScope BeginAgent(
        string? name = null, string? id = null, string? description = null, string? version = null, TracingOptions? options = null) =>
        BeginAgent(new TraceAgent(name) { Id = id, Description = description, Version = version }, options);

    /// <summary>Begins the work of an agent, in this process or in a service of its own.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The scope: tell it the answer, and dispose of it when the work has ended.</returns>
    public static AgentScope BeginAgent(TraceAgent agent, TracingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return new(ScopePolicies.Of(options), agent);
    }

    /// <summary>Begins to plan: what an agent does before it acts. A span of the next conventions alone; with others the scope is there and tells nothing.</summary>
    /// <param name="agent">The agent's name; <see langword="null"/> when it has none.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The scope: dispose of it when the plan is made. Calls in it count for the agent around it.</returns>
    public static TraceScope BeginPlan(string? agent = null, TracingOptions? options = null)
    {
        var policy = ScopePolicies.Of(options);
        return TraceScope.Begin(policy, ScopeKind.Plan, policy.Names.PlanOperation, agent, ActivityKind.Internal, [new(policy.Names.AgentName, agent)]);
    }

    /// <summary>Begins a workflow: agents and calls in an order that the program gives.</summary>
    /// <param name="name">The workflow's name; <see langword="null"/> when it has none.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The scope: dispose of it when the work has ended.</returns>
    public static TraceScope BeginWorkflow(string? name = null, TracingOptions? options = null)
    {
        var policy = ScopePolicies.Of(options);
        return TraceScope.Begin(policy, ScopeKind.Workflow, policy.Names.WorkflowOperation, name, ActivityKind.Internal, [new(policy.Names.WorkflowName, name)]);
    }

    /// <summary>Begins a search for documents.</summary>
    /// <param name="dataSource">The id of the index or collection.</param>
    /// <param name="query">What is looked for; recorded only with content.</param>
    /// <param name="topK">How many documents are asked for.</param>
    /// <param name="isRemote">Whether the index is a service of its own, not a part of this process.</param>
    /// <param name="provider">Who runs it, such as <c>openai</c>; <see langword="null"/> where that is nobody else.</param>
    /// <param name="model">The model that embeds or ranks for it; <see langword="null"/> for none.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The scope: tell it what was found, and dispose of it.</returns>
    public static RetrievalScope BeginRetrieval(
        string? dataSource = null, string? query = null, int? topK = null, bool isRemote = false, string? provider = null, string? model = null, TracingOptions? options = null) =>
        new(ScopePolicies.Of(options), dataSource, query, topK, isRemote, provider, model);

    /// <summary>Wraps a tool, so that each use of it is a span with its arguments and result where content is on.</summary>
    /// <remarks>Inside a FunctionInvokingChatClient, which makes that span itself, its own is completed instead of a second one made.</remarks>
    /// <param name="function">The tool.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <returns>The tool to give to models.</returns>
    public static AIFunction Traced(AIFunction function, TracingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new TracedFunction(function, ScopePolicies.Of(options));
    }

    /// <summary>Wraps a generator of embeddings, so that each request is a span and is measured. Its inputs are never recorded.</summary>
    /// <typeparam name="TInput">What is embedded.</typeparam>
    /// <typeparam name="TEmbedding">What it becomes.</typeparam>
    /// <param name="generator">The generator; the wrapper owns it.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <returns>The generator to use.</returns>
    public static IEmbeddingGenerator<TInput, TEmbedding> Traced<TInput, TEmbedding>(
        IEmbeddingGenerator<TInput, TEmbedding> generator, TracingOptions? options = null, TimeProvider? time = null)
        where TEmbedding : Embedding
    {
        ArgumentNullException.ThrowIfNull(generator);
        return new TracedEmbeddingGenerator<TInput, TEmbedding>(generator, ScopePolicies.Of(options), time ?? TimeProvider.System);
    }

    /// <summary>Tells what somebody or something found an answer to be worth: a user, a judge, a guard.</summary>
    /// <remarks>Told as the event <c>gen_ai.evaluation.result</c>: on the current span while the answer is being made, else on a short span that belongs to the answer's.</remarks>
    /// <param name="evaluation">What was found.</param>
    /// <param name="evaluated">The span of the answer, from <see cref="Activity.Context"/>; <see langword="null"/> for the current one.</param>
    /// <param name="logger">Where the event is logged too; <see langword="null"/> for nowhere.</param>
    /// <param name="options">What is recorded; <see langword="null"/> for the defaults and the environment.</param>
    public static void RecordEvaluation(TraceEvaluation evaluation, ActivityContext? evaluated = null, ILogger? logger = null, TracingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        EvaluationEvent.Tell(ScopePolicies.Of(options), evaluation, evaluated, logger);
    }
}
