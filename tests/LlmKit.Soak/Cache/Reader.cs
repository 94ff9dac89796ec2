using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak.Cache;

/// <summary>Somebody who asks about articles without a rest, and looks closely at each answer; one time in eight leaves early, one in sixteen wants a fresh answer.</summary>
internal sealed class Reader(CacheRig rig, CacheFindings findings, int number, int seed)
{
    public const string Torn = "torn or foreign";
    public const string Outdated = "invalidated before the call began";
    public const string Expired = "expired";
    public const string Failed = "failed";

    private const int Hot = 6;

    // Beside the spread of a tenth: what making the answer and a pause of the process may take.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);
    private static readonly string[] Wordings = ["What does article {0} say?", "what does  article {0} say", "What does the article {0} say?", "What is said in article {0} please?"];
    private readonly Random _chance = new(unchecked((seed * 7_919) + number));

    public async Task AskUntilAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await AskAsync().ConfigureAwait(false);
    }

    private async Task AskAsync()
    {
        // Half of the questions are about few articles, so that many ask at the same moment.
        var article = _chance.Next(2) == 0 ? _chance.Next(Hot) : _chance.Next(Articles.Count);
        var subject = new Subject($"tenant-{number % 3}", $"user-{number % 5}", article);
        var options = new LlmCallOptions { Tenant = subject.Tenant, User = subject.User, CacheTags = [Articles.TagOf(article)], OnCompleted = _ => findings.Count("closed") };
        options.Cache = _chance.Next(16) == 0 ? LlmCacheDirectives.NoRead : LlmCacheDirectives.None;
        ChatMessage[] messages =
        [
            new(ChatRole.System, $"{subject.Tenant} {subject.User} is asking."),
            new(ChatRole.User, string.Format(null, Wordings[_chance.Next(Wordings.Length)], article)),
        ];
        using var leaving = new CancellationTokenSource();
        var manner = _chance.Next(16);
        if (manner == 0)
            leaving.CancelAfter(_chance.Next(8));
        findings.Count("asked");
        var (least, began) = (rig.Articles.Published(article), Stopwatch.GetTimestamp());
        try
        {
            if (await ReadAsync(messages, options, _chance.Next(2) == 0, manner == 1, leaving.Token).ConfigureAwait(false) is { } answer)
                Judge(subject, answer, least, began);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            findings.Count("left");
        }
        catch (Exception exception) when (exception is ArticleException || exception.InnerException is ArticleException)
        {
            findings.Count("refused by the model");
        }
        catch (Exception exception)
        {
            findings.Break(Failed, exception.ToString());
        }
    }

    /// <summary>Reads an answer; <see langword="null"/> when it was left before its end.</summary>
    private async Task<(string Text, LlmCall Call)?> ReadAsync(ChatMessage[] messages, LlmCallOptions options, bool streamed, bool leaves, CancellationToken leaving)
    {
        if (!streamed)
        {
            var response = await rig.Chat.GetResponseAsync(messages, options, leaving).ConfigureAwait(false);
            return (response.Text, response.GetCall());
        }

        var text = "";
        LlmCall? call = null;
        await foreach (var update in rig.Chat.GetStreamingResponseAsync(messages, options, leaving).ConfigureAwait(false))
        {
            text += update.Text;
            call = update.GetCall() ?? call;
            if (!leaves)
                continue;
            findings.Count("left");
            return null;
        }

        return (text, call!);
    }

    private void Judge(Subject subject, (string Text, LlmCall Call) answer, long least, long began)
    {
        var step = answer.Call.Steps.OfType<CacheStep>().Last(step => step.Decision is not ("stored" or "not stored"));
        var how = $"{step.Decision} {step.Tier}";
        findings.Count(how);
        if (subject.Read(answer.Text) is not { } read)
            findings.Break(Torn, $"{subject} got by {how}: {answer.Text[..Math.Min(200, answer.Text.Length)]}");
        else if (read.Version < least)
            findings.Break(Outdated, $"{subject} got version {read.Version} and not {least}, by {how}");
        else if (Stopwatch.GetElapsedTime(read.Made, began) > (CacheRig.TimeToLive * 1.1) + Slack)
            findings.Break(Expired, $"{subject} got an answer {Stopwatch.GetElapsedTime(read.Made, began)} old, by {how}");
    }
}
