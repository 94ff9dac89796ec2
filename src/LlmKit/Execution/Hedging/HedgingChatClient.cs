using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal.Hedging;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Hedging;

/// <summary>Starts a second attempt on the same model when the first is slow, or has just failed, and gives the first good answer.</summary>
/// <remarks>
/// Thread-safe. Stands after the router, one for each model, outside the retrying executor: each attempt has its own permit and its own
/// limits on time, and the second is never repeated. The other attempt is cancelled; what it cost is on the call once
/// <see cref="LlmCall.WhenSettled"/> ends. On a stream the race ends at the first content. Not hedged are requests with tools, unless
/// <see cref="HedgingOptions.WithTools"/> allows it, and those that refer to state which a provider holds.
/// </remarks>
public sealed class HedgingChatClient : StageChatClient
{
    private readonly StageSettings<HedgePolicy> _settings;
    private readonly HedgedModel _model;

    /// <summary>Puts the stage around a client without a pipeline.</summary>
    /// <param name="innerClient">The model's client; disposed of with this one.</param>
    /// <param name="options">The settings; the defaults when <see langword="null"/>.</param>
    /// <param name="modelName">The model's name in steps and metrics; what the client says of itself when <see langword="null"/>.</param>
    /// <param name="timeProvider">The clock; the system's when <see langword="null"/>.</param>
    /// <exception cref="LlmConfigurationException">A setting is outside its range; the message lists all that are.</exception>
    public HedgingChatClient(IChatClient innerClient, HedgingOptions? options = null, string? modelName = null, TimeProvider? timeProvider = null)
        : this(innerClient, modelName, timeProvider ?? TimeProvider.System, new(Compile(options ?? new())))
    {
    }

    internal HedgingChatClient(IChatClient innerClient, string? modelName, TimeProvider time, StageSettings<HedgePolicy> settings)
        : base(innerClient, CallSetup.Alone("hedging", time, logger: null))
    {
        _settings = settings;
        var name = modelName ?? innerClient.GetService<Model>()?.Name ?? innerClient.GetService<ChatClientMetadata>()?.DefaultModelId ?? "model";
        _model = new(innerClient, name, new(time));
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _settings.For(call);
        return policy.MayHedge(options)
            ? new HedgedAnswer(_model, policy, messages, options, call, cancellationToken).RunAsync()
            : InnerClient.AskAsync(messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _settings.For(call);
        return policy.MayHedge(options)
            ? ReadAsync(policy, messages, options, call, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private static HedgePolicy Compile(HedgingOptions options)
    {
        var failures = new List<string>();
        var policy = HedgePolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : policy;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReadAsync(
        HedgePolicy policy, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var run = new HedgedOpening(_model, policy, messages, options, call, cancellationToken);
        var opening = await run.RunAsync().ConfigureAwait(false);
        await using var _ = opening.ConfigureAwait(false);
        foreach (var update in opening.Beginning)
            yield return update;
        while (await opening.Rest.MoveNextAsync().ConfigureAwait(false))
            yield return opening.Rest.Current;
    }
}
