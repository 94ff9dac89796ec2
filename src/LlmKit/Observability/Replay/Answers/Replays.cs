using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Gives recorded answers again, marked as such.</summary>
/// <param name="options">The settings.</param>
/// <param name="withUsage">Whether the recorded usage is reported.</param>
internal sealed class Replays(CassetteOptions options, bool withUsage = true)
{
    private static readonly object True = true;

    /// <exception cref="RecordedFailureException">The request failed when it was recorded.</exception>
    public ChatResponse Response(JsonObject answer)
    {
        ThrowEnd(answer);
        var response = AnswerReading.Response(answer);
        if (!withUsage)
            response.Usage = null;
        (response.AdditionalProperties ??= [])[LlmKitDiagnostics.ReplayTag] = True;
        return response;
    }

    /// <exception cref="RecordedFailureException">The request failed when it was recorded, after the same updates.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> UpdatesAsync(JsonObject answer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var updates = AnswerReading.Updates(answer);
        var waited = 0L;
        for (var i = 0; i < updates.Count; i++)
        {
            var (update, at) = updates[i];
            if (options.ReplayTimings && at > waited)
                await Task.Delay(TimeSpan.FromMilliseconds(at - waited), options.TimeProvider, cancellationToken).ConfigureAwait(false);
            waited = Math.Max(waited, at);
            cancellationToken.ThrowIfCancellationRequested();
            if (!withUsage)
                update.Contents = [.. update.Contents.Where(content => content is not UsageContent)];
            if (i == 0)
                (update.AdditionalProperties ??= [])[LlmKitDiagnostics.ReplayTag] = True;
            yield return update;
        }

        ThrowEnd(answer);
    }

    /// <exception cref="RecordedFailureException">The request failed when it was recorded.</exception>
    public static GeneratedEmbeddings<Embedding<float>> Embeddings(JsonObject answer)
    {
        ThrowEnd(answer);
        var embeddings = AnswerReading.Embeddings(answer);
        (embeddings.AdditionalProperties ??= [])[LlmKitDiagnostics.ReplayTag] = True;
        return embeddings;
    }

    private static void ThrowEnd(JsonObject answer)
    {
        if (answer["error"] is JsonObject error)
            throw ErrorJson.Read(error);
        if (answer.Flag("left"))
            throw new CassetteException("The reader of this stream left it before its end when it was recorded, so there is no more of it. Record it again to its end with LLMKIT_CASSETTE_MODE=Record.");
    }
}
