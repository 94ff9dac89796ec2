using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at requests before they leave and at answers before they are shown: redacts, blocks, and says why.</summary>
/// <remarks>
/// Thread-safe. Stands outside the cache, so that caches hold redacted texts only and its rules run on hits too; what was removed from a
/// request salts the cache key. A stream is never buffered whole: only text that may still become a match is held back. A rule that
/// fails lets nothing through. Child calls (judges, repairs) are not looked at.
/// </remarks>
public sealed class GuardrailChatClient : StageChatClient
{
    private readonly StageSettings<GuardrailPolicy> _policy;
    private readonly ILogger _logger;

    /// <summary>Creates a guardrail that stands alone.</summary>
    /// <param name="innerClient">The inner client.</param>
    /// <param name="options">The rules.</param>
    /// <param name="logger">The log.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong.</exception>
    public GuardrailChatClient(
        IChatClient innerClient, GuardrailOptions options, ILogger<GuardrailChatClient>? logger = null, TimeProvider? timeProvider = null)
        : this(innerClient, Settings(options), logger, CallSetup.Alone("guardrails", timeProvider, logger))
    {
    }

    internal GuardrailChatClient(IChatClient innerClient, StageSettings<GuardrailPolicy> policy, ILogger? logger, CallSetup? alone)
        : base(innerClient, alone)
    {
        _policy = policy;
        _logger = logger ?? NullLogger.Instance;
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (call.Purpose is not null)
            return InnerClient.AskAsync(messages, options, call, cancellationToken);
        var policy = _policy.For(call);
        var (clean, blockedBy) = LookAtInput(policy, call, messages);
        if (blockedBy is not null)
            return new(Blocked(policy, call, Rail.Input, blockedBy));
        return policy.Output is null
            ? InnerClient.AskAsync(clean, options, call, cancellationToken)
            : RespondCheckedAsync(policy, policy.Output, clean, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (call.Purpose is not null)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
        var policy = _policy.For(call);
        var (clean, blockedBy) = LookAtInput(policy, call, messages);
        if (blockedBy is not null)
            return Once(Blocked(policy, call, Rail.Input, blockedBy));
        return policy.Output is null
            ? InnerClient.GetStreamingResponseAsync(clean, options, cancellationToken)
            : StreamCheckedAsync(policy, policy.Output, clean, options, call, cancellationToken);
    }

    private static StageSettings<GuardrailPolicy> Settings(GuardrailOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        var policy = GuardrailPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }

    private static ChatResponse Blocked(GuardrailPolicy policy, LlmCall call, Rail rail, string rule)
    {
        call.Mark(AnswerMarks.Blocked);
        return policy.WhenBlocked == WhenBlocked.Throw
            ? throw new GuardrailBlockedException(rail, rule)
            : new(new ChatMessage(ChatRole.Assistant, policy.BlockedAnswer)) { FinishReason = ChatFinishReason.ContentFilter };
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Once(ChatResponse response)
    {
        foreach (var update in response.ToChatResponseUpdates())
            yield return update;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private (IReadOnlyList<ChatMessage> Messages, string? BlockedBy) LookAtInput(GuardrailPolicy policy, LlmCall call, IReadOnlyList<ChatMessage> messages)
    {
        try
        {
            return InputRail.Look(policy, call, messages);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (messages, NotEvaluated(policy, call, Rail.Input, exception));
        }
    }

    /// <summary>A rule that failed has said nothing, so the text does not pass.</summary>
    private string? NotEvaluated(GuardrailPolicy policy, LlmCall call, Rail rail, Exception exception)
    {
        GuardrailTelemetry.Failed(_logger, rail, exception.GetType().Name);
        GuardrailTelemetry.Record(call, rail, RailVerdict.Block, GuardrailTelemetry.NotEvaluated, 1, policy.Observe);
        return policy.Observe ? null : GuardrailTelemetry.NotEvaluated;
    }

    private async ValueTask<ChatResponse> RespondCheckedAsync(
        GuardrailPolicy policy, TextRedactor redactor, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        var response = await InnerClient.AskAsync(messages, options, call, cancellationToken).ConfigureAwait(false);
        var rail = new OutputRail(policy, redactor, call);
        string? blockedBy;
        var changed = new List<ChatMessage>(response.Messages.Count);
        try
        {
            foreach (var message in response.Messages)
            {
                changed.Add(rail.Clean(message));
            }

            blockedBy = rail.BlockedBy;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            blockedBy = NotEvaluated(policy, call, Rail.Output, exception);
        }

        var found = rail.HasFound;
        rail.Record();
        if (policy.Observe)
            return response;
        if (blockedBy is not null)
            return Blocked(policy, call, Rail.Output, blockedBy);
        return found ? AnswerCopy.With(response, changed) : response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamCheckedAsync(
        GuardrailPolicy policy, TextRedactor redactor, IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rail = new OutputRail(policy, redactor, call);
        var filter = new StreamFilter(rail, exception => NotEvaluated(policy, call, Rail.Output, exception));
        try
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                var seen = filter.Take(update);
                if (policy.Observe)
                    yield return update;
                else if (filter.BlockedBy is null && seen is not null)
                    yield return seen;
                if (filter.BlockedBy is not null && !policy.Observe)
                    break;
            }

            var rest = filter.BlockedBy is null ? filter.Complete() : null;
            if (rest is not null && filter.BlockedBy is null && !policy.Observe)
                yield return rest;
        }
        finally
        {
            rail.Record();
        }

        if (filter.BlockedBy is { } rule && !policy.Observe)
        {
            foreach (var update in Blocked(policy, call, Rail.Output, rule).ToChatResponseUpdates())
                yield return update;
        }
    }
}
