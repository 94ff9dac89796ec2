using System.Runtime.CompilerServices;
using LlmKit.Calls;
using LlmKit.Internal;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at requests before they leave and at answers before they are shown: redacts, rewrites, blocks, and says why.</summary>
/// <remarks>
/// Thread-safe. Stands outside the cache, so that caches hold redacted texts and placeholders only and its rules run on hits too; what was
/// removed from a request salts the cache key. Of a stream only text that may still become a match is held back, unless a guard or a form
/// asks for more. A rule that fails lets nothing through. Child calls (judges, repairs) are not looked at.
/// </remarks>
public sealed class GuardrailChatClient : StageChatClient
{
    private readonly StageSettings<GuardrailPolicies> _policies;
    private readonly RailSurroundings _surroundings;

    /// <summary>Creates a guardrail that stands alone.</summary>
    /// <param name="innerClient">The inner client.</param>
    /// <param name="options">The rules.</param>
    /// <param name="logger">The log.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong.</exception>
    public GuardrailChatClient(
        IChatClient innerClient, GuardrailOptions options, ILogger<GuardrailChatClient>? logger = null, TimeProvider? timeProvider = null)
        : this(innerClient, Settings(options), RailSurroundings.Alone(timeProvider, logger), CallSetup.Alone("guardrails", timeProvider, logger))
    {
    }

    internal GuardrailChatClient(IChatClient innerClient, StageSettings<GuardrailPolicies> policies, RailSurroundings surroundings, CallSetup? alone)
        : base(innerClient, alone)
    {
        _policies = policies;
        _surroundings = surroundings;
    }

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (call.Purpose is not null)
            return InnerClient.AskAsync(messages, options, call, cancellationToken);
        var context = new RailContext(_policies.For(call).For(call), call, _surroundings);
        if (Look(context, messages, options) is not { } look)
            return new(Blocked(context, new(Rail.Input, GuardrailTelemetry.NotEvaluated)));
        if (look.Block is not null)
            return new(Blocked(context, look.Block));
        return look.ToGuard.Count == 0 && !context.Policy.LooksAtAnswers && !context.HasPlaceholders
            ? InnerClient.AskAsync(context.Messages, context.Options, call, cancellationToken)
            : RespondGuardedAsync(context, look, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (call.Purpose is not null)
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
        var context = new RailContext(_policies.For(call).For(call), call, _surroundings);
        if (Look(context, messages, options) is not { } look)
            return Once(Blocked(context, new(Rail.Input, GuardrailTelemetry.NotEvaluated)));
        if (look.Block is not null)
            return Once(Blocked(context, look.Block));
        return look.ToGuard.Count == 0 && !context.Policy.LooksAtAnswers && !context.HasPlaceholders
            ? InnerClient.GetStreamingResponseAsync(context.Messages, context.Options, cancellationToken)
            : StreamGuardedAsync(context, look, cancellationToken);
    }

    private static StageSettings<GuardrailPolicies> Settings(GuardrailOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        var policies = GuardrailPolicies.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policies);
    }

    private static ChatResponse Blocked(RailContext context, RailBlock block)
    {
        context.Record();
        context.Call.Mark(AnswerMarks.Blocked);
        return context.Policy.WhenBlocked == WhenBlocked.Throw ? throw new GuardrailBlockedException(block.Rail, block.Rule) : block.ToResponse(context.Policy.BlockedAnswer);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Once(ChatResponse response)
    {
        foreach (var update in response.ToChatResponseUpdates())
            yield return update;
        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <summary>Looks at the request by all rules that need nobody else; <see langword="null"/> when one of them failed and nothing may pass.</summary>
    private static RequestLook? Look(RailContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        RequestLook look;
        try
        {
            look = new RequestRail(context, messages).Look(options);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            context.Findings.AddFailure(Rail.Input, GuardrailTelemetry.NotEvaluated, exception, blocks: true, observed: false);
            if (!context.Policy.Observe)
                return null;
            look = new(new(messages), options, null, []);
        }

        if (context.Policy.Observe)
            look = look with { Draft = new(messages), Options = options, Block = null };
        context.Options = look.Options;
        context.Messages = look.Draft.Messages;
        if (look.ToGuard.Count == 0)
            Finish(context, look);
        context.Record();
        return look;
    }

    private async ValueTask<ChatResponse> RespondGuardedAsync(RailContext context, RequestLook look, CancellationToken cancellationToken)
    {
        var guards = new RequestGuards(context, look, cancellationToken);
        await using var _ = guards.ConfigureAwait(false);
        if (await AskFirstAsync(context, look, guards).ConfigureAwait(false) is { } block)
            return Blocked(context, block);
        ChatResponse response;
        try
        {
            var asked = InnerClient.AskAsync(context.Messages, context.Options, context.Call, guards.ModelToken);
            response = await (guards.MayStopModel ? asked.OrLeft(context.Time, guards.ModelToken) : asked).ConfigureAwait(false);
        }
        catch (Exception) when (guards.HaveStoppedModel)
        {
            return Blocked(context, (await guards.Besides.ConfigureAwait(false))!);
        }

        if (await guards.Besides.ConfigureAwait(false) is { } late)
            return Blocked(context, late);
        await guards.WatchedAsync().ConfigureAwait(false);
        return await CheckAsync(context, response, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the guards that must answer before the model is asked, and lets the others begin.</summary>
    private static async ValueTask<RailBlock?> AskFirstAsync(RailContext context, RequestLook look, RequestGuards guards)
    {
        if (look.ToGuard.Count == 0)
            return null;
        if (await guards.AskFirstAsync().ConfigureAwait(false) is { } block)
            return block;
        Finish(context, look);
        context.Record();
        guards.AskBeside();
        return null;
    }

    /// <summary>Adds what the application says to the model by the rails' advice, when all others are done with the request.</summary>
    private static void Finish(RailContext context, RequestLook look)
    {
        var mayChange = !context.Policy.Observe;
        if (mayChange)
            context.Policy.Spotlight?.Apply(look.Draft);
        if (context.Policy.Leak is { } leak)
            context.Protect(leak.Prepare(look.Draft, look.Options, mayChange), leak.Observed);
        context.Messages = look.Draft.Messages;
    }

    private async ValueTask<ChatResponse> CheckAsync(RailContext context, ChatResponse response, CancellationToken cancellationToken)
    {
        context.Record();
        if (IsClean(context, response))
            return response;
        var answer = new WholeAnswer(context, InnerClient);
        ChatResponse shown;
        try
        {
            shown = await answer.CheckAsync(response, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RailFindings.IsFailureOfARule(exception, cancellationToken))
        {
            answer.Fail(exception);
            shown = response;
        }
        finally
        {
            answer.Leave();
        }

        if (context.Policy.Observe)
            return response;
        return answer.Block is { } block ? Blocked(context, block) : shown;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamGuardedAsync(
        RailContext context, RequestLook look, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var guards = new RequestGuards(context, look, cancellationToken);
        await using var asked = guards.ConfigureAwait(false);
        var block = await AskFirstAsync(context, look, guards).ConfigureAwait(false);
        if (block is null)
        {
            var stream = InnerClient.GetStreamingResponseAsync(context.Messages, context.Options, guards.ModelToken);
            var reader = new StreamReader<ChatResponseUpdate>(stream, context.Time, guards.ModelToken);
            await using var _ = reader.ConfigureAwait(false);
            using var answer = new StreamedAnswer(context, InnerClient, reader, guards.Besides);
            while (await answer.MoveNextAsync(cancellationToken).ConfigureAwait(false))
            {
                foreach (var update in answer.Current)
                    yield return update;
            }

            block = answer.Block;
            await guards.WatchedAsync().ConfigureAwait(false);
            context.Record();
        }

        if (block is not null)
        {
            foreach (var update in Blocked(context, block).ToChatResponseUpdates())
                yield return update;
        }
    }

    private static bool IsClean(RailContext context, ChatResponse response)
    {
        try
        {
            return WholeAnswer.IsClean(context, response);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It fails again where a failure is told.
            return false;
        }
    }
}
