using System.ClientModel;
using System.Text.Json;

namespace LlmKit.OpenAI.Failures;

/// <summary>Replaces exceptions of the SDK that say too much or the wrong thing.</summary>
internal static class SdkErrors
{
    // The SDK's reason reader throws at one that OpenAI does not have: routers say "error" when the provider behind them broke off.
    private const string UnknownFinishReason = "Unknown ChatFinishReason";

    /// <summary>Gives a better exception, or <see langword="null"/> when this one is fine as it is.</summary>
    /// <param name="exception">What the SDK threw.</param>
    /// <param name="key">The key that no message may hold; servers echo it when they refuse it.</param>
    internal static Exception? Better(Exception exception, string? key) => exception switch
    {
        ClientResultException told when key is not null && told.Message.Contains(key, StringComparison.Ordinal)
            => new ClientResultException(told.Message.Replace(key, "***", StringComparison.Ordinal), told.GetRawResponse()),
        ArgumentOutOfRangeException { ActualValue: string reason } unknown when unknown.Message.StartsWith(UnknownFinishReason, StringComparison.Ordinal)
            => UnreadableAnswerException.WithFinishReason(ErrorBody.Named(reason)),
        JsonException or FormatException or ArgumentOutOfRangeException => UnreadableAnswerException.Malformed(exception),
        // A JSON value of another type than the SDK expects. The source tells it from the SDK's own complaints.
        InvalidOperationException { Source: { } source } when source.StartsWith("System.Text.Json", StringComparison.Ordinal) => UnreadableAnswerException.Malformed(exception),
        _ => null,
    };
}
