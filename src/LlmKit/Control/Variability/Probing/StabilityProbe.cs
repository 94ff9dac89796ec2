using LlmKit.Checks.Voting;
using LlmKit.Control.Variability.Probing;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Measures how much answers vary: asks each of a sample of requests several times and compares what comes.</summary>
public static class StabilityProbe
{
    /// <summary>Runs a probe.</summary>
    /// <remarks>It makes and pays real calls: requests times repeats. What it measures is what callers get from this client, but for caches.</remarks>
    /// <param name="client">The client, such as a pipeline.</param>
    /// <param name="requests">The requests, each a conversation; best drawn from real ones.</param>
    /// <param name="options">How it asks.</param>
    /// <param name="cancellationToken">Ends the probe.</param>
    /// <returns>The report. Answers that failed are counted and left out.</returns>
    /// <exception cref="LlmConfigurationException">The options are wrong.</exception>
    public static async Task<StabilityReport> RunAsync(
        IChatClient client, IEnumerable<IEnumerable<ChatMessage>> requests, StabilityProbeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(requests);
        options ??= new();
        options.Check();
        List<ChatMessage>[] asked = [.. requests.Select(request => request.ToList())];
        var answers = new ProbedAnswer?[asked.Length, options.Repeats];
        var jobs = Enumerable.Range(0, asked.Length * options.Repeats);
        await Parallel.ForEachAsync(jobs, new ParallelOptions { MaxDegreeOfParallelism = options.MostAtOnce, CancellationToken = cancellationToken }, async (job, token) =>
        {
            var (request, repeat) = (job / options.Repeats, job % options.Repeats);
            answers[request, repeat] = await AskAsync(client, asked[request], options, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return Report(answers, asked.Length, options.Repeats);
    }

    private static async ValueTask<ProbedAnswer?> AskAsync(IChatClient client, List<ChatMessage> request, StabilityProbeOptions options, CancellationToken cancellationToken)
    {
        var own = new LlmCallOptions(options.Options) { Cache = LlmCacheDirectives.Bypass, IdempotencyKey = null, OnCompleted = null };
        try
        {
            var response = await client.GetResponseAsync(request, own, cancellationToken).ConfigureAwait(false);
            return new(response.Text, AnswerVote.Of(response, own, AnswerFormats.Requested, options.Value ?? AnswerValues.Text), response.ModelId, response.FindCall()?.Cost ?? 0);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static StabilityReport Report(ProbedAnswer?[,] answers, int requests, int repeats)
    {
        List<ProbedAnswer> all = [.. answers.Cast<ProbedAnswer?>().OfType<ProbedAnswer>()];
        return new([.. Enumerable.Range(0, requests).Select(number => Repeated(number, [.. Enumerable.Range(0, repeats).Select(repeat => answers[number, repeat]).OfType<ProbedAnswer>()]))], repeats)
        {
            Failed = (requests * repeats) - all.Count,
            ModelIds = [.. all.Select(answer => answer.ModelId).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
            Cost = all.Sum(answer => answer.Cost),
        };
    }

    private static RepeatedRequest Repeated(int number, List<ProbedAnswer> answers)
    {
        // An answer without a value agrees with none, not even with another one without.
        var sizes = answers.Where(answer => answer.Value is not null).GroupBy(answer => answer.Value, StringComparer.Ordinal).Select(group => group.Count()).ToList();
        var without = answers.Count(answer => answer.Value is null);
        double pairs = answers.Count * (answers.Count - 1);
        var agreeing = sizes.Sum(size => size * (size - 1));
        return new(number, answers.Count, answers.DistinctBy(answer => answer.Text, StringComparer.Ordinal).Count(), sizes.Count + without, pairs == 0 ? 0 : 1 - (agreeing / pairs));
    }
}
