using LlmKit.Calls;
using LlmKit.Checks;
using LlmKit.Internal;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Caching;

/// <summary>Asks the model all the same for some of the hits, and compares its answer with the one that was served.</summary>
/// <remarks>
/// Thread-safe. The caller does not wait: the check is a child call, which goes on when its call has closed. Its cost stands on the call under
/// the purpose <c>shadow</c>, that of a judge under <c>judge</c>. Hits by a key are not checked: no threshold would change them.
/// </remarks>
internal sealed class ShadowChecker(IChatClient client, CacheJudgements judgements, Func<string, IChatClient>? getModel, Random random, ILogger logger)
{
    public const string Purpose = "shadow";

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();

    /// <summary>Begins a check of a hit, where its turn has come.</summary>
    public void Offer(CacheRequest request, CacheHit hit)
    {
        if (hit.Tier != CacheTier.Semantic || request.Policy.AnswerCheck is not { } check || !IsChosen(request.Policy.ShadowShare))
            return;
        _ = RunAsync(request, hit, check);
    }

    private bool IsChosen(double share)
    {
        if (share <= 0)
            return false;
        lock (_lock)
            return random.NextDouble() < share;
    }

    /// <summary>Runs to its end whatever happens: nobody waits for it.</summary>
    private async Task RunAsync(CacheRequest request, CacheHit hit, IAnswerCheck check)
    {
        SharedWork? work = null;
        try
        {
            var call = request.Call;
            var shadow = new LlmCallOptions(request.Options) { Call = call.Child(Purpose).Call, Cache = LlmCacheDirectives.Bypass, IdempotencyKey = null, OnCompleted = null };
            work = call.Share();
            // The caller has the answer before the model is asked.
            await Task.Yield();
            judgements.Judge(request, hit, await CompareAsync(request, hit, check, shadow).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CachingTelemetry.CheckFailed(logger, request.Call.Pipeline, exception.GetType().Name);
            judgements.Judge(request, hit, AnswerAgreement.Undecided);
        }
        finally
        {
            work?.End();
        }
    }

    private async Task<AnswerAgreement> CompareAsync(CacheRequest request, CacheHit hit, IAnswerCheck check, LlmCallOptions shadow)
    {
        var call = request.Call;
        using var limit = new CancellationTokenSource(call.Remaining is { } remaining && remaining < s_longest ? remaining : s_longest, call.Time);
        var fresh = await client.AskAsync(request.Messages, shadow, shadow.Call!, limit.Token).OrLeft(call.Time, limit.Token).ConfigureAwait(false);
        // What the model did not finish, or refused to say, tells nothing about the stored answer.
        if (fresh?.FinishReason != ChatFinishReason.Stop || string.IsNullOrWhiteSpace(fresh.Text))
            return AnswerAgreement.Undecided;
        var comparison = new AnswerComparison(request.Question, hit.Answer.Text, fresh.Text, shadow.Call!) { GetModel = getModel };
        return await check.CompareAsync(comparison, limit.Token).OrLeft(call.Time, limit.Token).ConfigureAwait(false);
    }
}
