using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak;

/// <summary>Somebody who asks, thinks and asks again; one time in ten leaves early, one time in ten stops reading, one time in five under a key that the neighbour uses too.</summary>
internal sealed class Caller(SoakPipeline pipeline, Findings findings, int number, int seed)
{
    public const string Answered = "answered";

    private static readonly TimeSpan LongestThought = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(1.5);
    private static readonly string[] Subjects = ["the delivery", "the invoice", "the return", "the warranty", "the account", "the discount", "the size", "the colour"];
    private readonly Random _chance = new(unchecked(seed * 7_919 + number));

    public async Task AskUntilAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(LongestThought * _chance.NextDouble(), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
                await AskAsync().ConfigureAwait(false);
        }
    }

    private async Task AskAsync()
    {
        var (isStreamed, manner, isKeyed) = (_chance.Next(2) == 0, _chance.Next(10), _chance.Next(5) == 0);
        // Two callers are one user; within a moment both send the same request under the same key.
        var moment = Stopwatch.GetTimestamp() / (2 * Stopwatch.Frequency);
        var (user, key) = ($"user-{number / 2}", isKeyed ? $"moment-{moment}" : null);
        var question = isKeyed ? Question((int)(moment % 50), (int)(moment % Subjects.Length)) : Question(_chance.Next(50), _chance.Next(Subjects.Length));
        using var leaving = new CancellationTokenSource();
        if (manner == 0)
            leaving.CancelAfter(LongestPatience * _chance.NextDouble());
        var reads = manner == 1 ? 1 + _chance.Next(4) : int.MaxValue;
        var options = new LlmCallOptions { Tenant = $"tenant-{number / 2 % 5}", User = user, Feature = "soak", IdempotencyKey = key, MaxOutputTokens = 200, OnCompleted = findings.Close };
        var asked = Stopwatch.GetTimestamp();
        var outcome = Answered;
        try
        {
            var answer = isStreamed
                ? await ReadAsync(question, options, reads, leaving.Token).ConfigureAwait(false)
                : (await pipeline.Chat.GetResponseAsync(question, options, leaving.Token).ConfigureAwait(false)).ResponseId;
            if (key is not null && answer is not null)
                findings.Answer(user, key, answer);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            outcome = "cancelled by the caller";
        }
        catch (Exception exception)
        {
            outcome = exception.GetType().Name;
        }

        findings.End(outcome, Stopwatch.GetElapsedTime(asked) - SoakPipeline.Deadline);
    }

    /// <summary>Reads an answer and gives its id; <see langword="null"/> when it was left before its end.</summary>
    private async Task<string?> ReadAsync(string question, LlmCallOptions options, int most, CancellationToken leaving)
    {
        var (read, answer) = (0, default(string));
        await foreach (var update in pipeline.Chat.GetStreamingResponseAsync(question, options, leaving).ConfigureAwait(false))
        {
            answer ??= update.ResponseId;
            if (++read == most)
                return null;
        }

        return answer;
    }

    private static string Question(int order, int subject) => $"What about {Subjects[subject]} of order {order}? Tell me all that you know of it, please.";
}
