using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.AspNetCore.Health;

/// <summary>Asks one model for a word, at most once in an interval. Thread-safe.</summary>
internal sealed class ModelProbe(string model, TimeSpan every, string? pipeline)
{
    private const int MostTokens = 16;
    private static readonly ChatMessage[] Question = [new(ChatRole.User, "Reply with the word OK.")];

    private readonly Lock _lock = new();
    private Task<string?>? _last;
    private long _askedAt;

    public string Name => pipeline is null ? model : $"{pipeline}/{model}";

    /// <summary>Gives what was wrong when the model was last asked.</summary>
    /// <returns>The kind of failure; <see langword="null"/> for none.</returns>
    public Task<string?> ResultAsync(IServiceProvider services, TimeProvider time, string tenant)
    {
        lock (_lock)
        {
            if (_last is null || (_last.IsCompleted && time.GetElapsedTime(_askedAt) >= every))
                (_last, _askedAt) = (AskAsync(services, tenant), time.GetTimestamp());
            return _last;
        }
    }

    // The answer is every check's, so no single check's token ends it: the pipeline's own limits on time do.
    private async Task<string?> AskAsync(IServiceProvider services, string tenant)
    {
        var options = new LlmCallOptions
        {
            Model = model,
            AllowFallback = false,
            MaxOutputTokens = MostTokens,
            Cache = LlmCacheDirectives.Bypass,
            Tenant = tenant,
            User = tenant,
            Feature = "health",
        };
        try
        {
            var chat = pipeline is null ? services.GetRequiredService<IChatClient>() : services.GetRequiredKeyedService<IChatClient>(pipeline);
            await chat.GetResponseAsync(Question, options, CancellationToken.None).ConfigureAwait(false);
            return null;
        }
        catch (AttemptRefusedException)
        {
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception.GetModelFailure()?.Kind.ToString() ?? exception.GetType().Name;
        }
    }
}
