using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak;

/// <summary>Somebody who asks, thinks and asks again; one time in ten leaves early, one time in ten stops reading.</summary>
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
        var (isStreamed, manner) = (_chance.Next(2) == 0, _chance.Next(10));
        using var leaving = new CancellationTokenSource();
        if (manner == 0)
            leaving.CancelAfter(LongestPatience * _chance.NextDouble());
        var reads = manner == 1 ? 1 + _chance.Next(4) : int.MaxValue;
        var options = new LlmCallOptions { Tenant = $"tenant-{number % 5}", User = $"user-{number}", Feature = "soak", MaxOutputTokens = 200, OnCompleted = findings.Close };
        var asked = Stopwatch.GetTimestamp();
        var outcome = Answered;
        try
        {
            if (isStreamed)
                await ReadAsync(options, reads, leaving.Token).ConfigureAwait(false);
            else
                await pipeline.Chat.GetResponseAsync(Question(), options, leaving.Token).ConfigureAwait(false);
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

    private async Task ReadAsync(LlmCallOptions options, int most, CancellationToken leaving)
    {
        var read = 0;
        await foreach (var _ in pipeline.Chat.GetStreamingResponseAsync(Question(), options, leaving).ConfigureAwait(false))
        {
            if (++read == most)
                return;
        }
    }

    private string Question() => $"What about {Subjects[_chance.Next(Subjects.Length)]} of order {_chance.Next(50)}? Tell me all that you know of it, please.";
}
