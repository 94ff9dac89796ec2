using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace LlmKit.Soak.Cache;

/// <summary>A model in this process that tells the version of an article, in pieces and with pauses; now and then it fails.</summary>
internal sealed class ArticleModel(Articles articles, int seed) : IChatClient
{
    private const int LongestAnswer = 6_000;
    private const int LongestPause = 4;

    private readonly Lock _lock = new();
    private readonly Random _chance = new(seed);
    private long _asked;

    public long Asked => Interlocked.Read(ref _asked);

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var answer = Begin(messages);
        await PauseAsync(cancellationToken).ConfigureAwait(false);
        return new(new ChatMessage(ChatRole.Assistant, answer)) { FinishReason = ChatFinishReason.Stop };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var answer = Begin(messages);
        var piece = 1 + Next(answer.Length);
        for (var at = 0; at < answer.Length; at += piece)
        {
            await PauseAsync(cancellationToken).ConfigureAwait(false);
            yield return new(ChatRole.Assistant, answer.Substring(at, Math.Min(piece, answer.Length - at)));
        }

        yield return new(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    /// <summary>Reads the article as it is now. Who asks stands in the question, as it would for a prompt about a user.</summary>
    private string Begin(IEnumerable<ChatMessage> messages)
    {
        Interlocked.Increment(ref _asked);
        if (Next(50) == 0)
            throw new ArticleException();
        var all = messages.ToList();
        var who = all[0].Text.Split(' ');
        var article = int.Parse(all[^1].Text.Split(' ').First(word => word.Length > 0 && char.IsAsciiDigit(word[0])).TrimEnd('?', '.'), CultureInfo.InvariantCulture);
        return new Subject(who[0], who[1], article).Answer(articles.Read(article), Next(LongestAnswer));
    }

    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        var pause = Next(LongestPause);
        if (pause == 0)
            await Task.Yield();
        else
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
    }

    private int Next(int below)
    {
        lock (_lock)
            return _chance.Next(below);
    }
}

/// <summary>The model was not in the mood.</summary>
internal sealed class ArticleException() : Exception("The article cannot be told now.");
