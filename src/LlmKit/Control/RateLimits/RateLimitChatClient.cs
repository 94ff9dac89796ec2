using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.RateLimits;

/// <summary>Holds the callers of a pipeline to limits on calls, tokens and calls at once.</summary>
/// <remarks>
/// Thread-safe. Stands outside the cache: a hit counts as a call and gives its tokens back. A call passes all its limits or takes nothing
/// of any; its tokens are taken in the worst case and corrected to what all its attempts used. A call that comes by twice, such as in
/// nested pipelines of one container, is counted once. What a model's provider lets pass is limited at the model: <see cref="ModelOptions.Limits"/>.
/// </remarks>
public sealed class RateLimitChatClient : StageChatClient
{
    private readonly StageSettings<RateLimitPolicy> _policy;
    private readonly RateLimiter _limiter;

    internal RateLimitChatClient(IChatClient innerClient, StageSettings<RateLimitPolicy> policy, RateLimiter limiter, CallSetup alone)
        : base(innerClient, alone)
    {
        _policy = policy;
        _limiter = limiter;
    }

    /// <summary>Creates a stage that stands alone.</summary>
    /// <param name="innerClient">The inner client.</param>
    /// <param name="options">The limits.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong.</exception>
    public RateLimitChatClient(IChatClient innerClient, RateLimitOptions options, TimeProvider? timeProvider = null)
        : this(innerClient, Settings(options), new(timeProvider ?? TimeProvider.System), CallSetup.Alone("rate-limits", timeProvider, logger: null))
    {
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var entering = EnterAsync(messages, options, call, cancellationToken);
        return entering.IsCompletedSuccessfully
            ? InnerClient.AskAsync(messages, options, call, cancellationToken)
            : RespondAfterAsync(entering, messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var entering = EnterAsync(messages, options, call, cancellationToken);
        return entering.IsCompletedSuccessfully
            ? InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken)
            : StreamAfterAsync(entering, messages, options, cancellationToken);
    }

    private static StageSettings<RateLimitPolicy> Settings(RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        var policy = RateLimitPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }

    private async ValueTask<ChatResponse> RespondAfterAsync(
        ValueTask entering, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        await entering.ConfigureAwait(false);
        return await InnerClient.AskAsync(messages, options, call, cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAfterAsync(
        ValueTask entering, IReadOnlyList<ChatMessage> messages, ChatOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await entering.ConfigureAwait(false);
        await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    private ValueTask EnterAsync(IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var policy = _policy.For(call);
        var charges = policy.ChargesFor(call, out var lacking);
        if (lacking is not null)
        {
            call.AddStep(new CallStep("rate-limit", "refused", "the call does not say whose it is") { Observed = !lacking.Enforce });
            if (lacking.Enforce)
                return ValueTask.FromException(MissingIdentity(lacking.Name, lacking.Scope));
        }

        var pass = call.PassOf(_limiter);
        charges = pass.NotPassed(charges);
        if (charges.Length == 0)
            return ValueTask.CompletedTask;
        var size = policy.CountsTokens ? SizeOf(messages, options, charges) : default;
        var acquiring = RateLimitPass.AcquireAsync(_limiter, call, charges, size, model: null, cancellationToken);
        if (!acquiring.IsCompletedSuccessfully)
            return KeepAsync(acquiring, pass, charges);
        pass.Keep(acquiring.Result, charges);
        return ValueTask.CompletedTask;
    }

    private static async ValueTask KeepAsync(ValueTask<RatePermit> acquiring, CallPass pass, RateCharge[] charges) =>
        pass.Keep(await acquiring.ConfigureAwait(false), charges);

    private static RateSize SizeOf(IReadOnlyList<ChatMessage> messages, ChatOptions options, RateCharge[] charges)
    {
        var input = new RequestFacts(messages, options).WorstTokens();
        if (options.MaxOutputTokens is { } named)
            return new(input, Math.Max(named, 0));
        long output = Model.DefaultMaxOutputTokens;
        foreach (var charge in charges)
            output = charge.Rule.OpenOutput(input, output);
        return new(input, output);
    }

    private static MissingIdentityException MissingIdentity(string limit, RateLimitScope scope) => new(
        RefusalReason.Limit,
        $"The rate limit '{limit}' is for each {scope.ToString().ToLowerInvariant()} and the call does not say whose it is. Set LlmCallOptions.{(scope == RateLimitScope.Tag ? "Tags" : scope)}, open an LlmScope, or set RateLimitOptions.MissingIdentity.");
}
