using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Execution.Resilience;

/// <summary>Carries out the calls of one model: repeats what failed in passing, holds limits on time, and stops asking a model that is down.</summary>
/// <remarks>
/// Thread-safe. Stands after the router, one for each model, directly around the model's edge. Retries are invisible to the caller: a
/// stream is repeated only until its first content, and what came before that is held back. Adds no buffering after it. Only transient
/// failures (<see cref="Models.ModelFailure.IsTransient"/>) are repeated or count against the circuit. Several failed attempts end with
/// an <see cref="AttemptsExhaustedException"/>, one with its own exception. Turn the provider client's own retries off.
/// </remarks>
public sealed class ResilienceChatClient : StageChatClient
{
    private readonly StageSettings<ResiliencePolicy> _settings;
    private readonly ResilientModel _model;
    private readonly CircuitRegistry? _registry;

    /// <summary>Puts the stage around a client without a pipeline.</summary>
    /// <param name="innerClient">The model's client; disposed of with this one.</param>
    /// <param name="options">The settings; the defaults when <see langword="null"/>.</param>
    /// <param name="modelName">The model's name in errors, steps and metrics; what the client says of itself when <see langword="null"/>.</param>
    /// <param name="logger">Where the circuit's changes are logged.</param>
    /// <param name="timeProvider">The clock; the system's when <see langword="null"/>.</param>
    /// <exception cref="LlmConfigurationException">A setting is outside its range; the message lists all that are.</exception>
    public ResilienceChatClient(
        IChatClient innerClient,
        ResilienceOptions? options = null,
        string? modelName = null,
        ILogger<ResilienceChatClient>? logger = null,
        TimeProvider? timeProvider = null)
        : base(innerClient, CallSetup.Alone("resilience", timeProvider, logger))
    {
        var time = timeProvider ?? TimeProvider.System;
        var failures = new List<string>();
        _settings = new(ResiliencePolicy.Compile(options ?? new(), time, isOnlyModel: false, failures));
        if (failures.Count > 0)
            throw new LlmConfigurationException(failures);
        _model = new(innerClient, modelName ?? NameOf(innerClient), time, logger ?? (ILogger)NullLogger.Instance);
        CircuitGauges.Add("resilience", _model.Circuit);
    }

    internal ResilienceChatClient(IChatClient innerClient, StageSettings<ResiliencePolicy> settings, LlmStageContext context)
        : base(innerClient, CallSetup.Alone("resilience", context.Time, context.LoggerFactory.CreateLogger<ResilienceChatClient>()))
    {
        _settings = settings;
        var name = context.ModelName ?? (context.Models.Count == 1 ? context.Models[0] : NameOf(innerClient));
        _model = new(innerClient, name, context.Time, context.LoggerFactory.CreateLogger<ResilienceChatClient>());
        _registry = context.Services.GetService<CircuitRegistry>();
        _registry?.Add(context.Pipeline, _model.Circuit);
        CircuitGauges.Add(context.Pipeline, _model.Circuit);
    }

    /// <summary>Gets how the circuit stands at this moment.</summary>
    /// <remarks>Also to be had as <c>client.GetService&lt;CircuitSnapshot&gt;()</c>; from a pipeline with a router by the model's name as the key.</remarks>
    public CircuitSnapshot Circuit => _model.Circuit.Snapshot();

    /// <summary>Gets how many probes of the circuit are out, for tests that none is lost.</summary>
    internal int ProbesOut => _model.Circuit.ProbesOut;

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is null && serviceType == typeof(CircuitSnapshot) ? Circuit : base.GetService(serviceType, serviceKey);
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _settings.For(call);
        return policy.DoesNothing
            ? InnerClient.AskAsync(messages, options, call, cancellationToken)
            : new AnswerRun(_model, policy, messages, options, call, cancellationToken).RunAsync();
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _settings.For(call);
        return policy.DoesNothing
            ? InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken)
            : new ResilientStream(_model, policy, messages, options, call, cancellationToken);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _registry?.Remove(_model.Circuit);
            CircuitGauges.Remove(_model.Circuit);
        }

        base.Dispose(disposing);
    }

    private static string NameOf(IChatClient client) => client.GetService<ChatClientMetadata>()?.DefaultModelId ?? "model";
}
