using System.Net.Sockets;
using System.Text.Json;

namespace LlmKit.Models;

/// <summary>Classifies what any provider over HTTP can throw; the provider packages know their own exceptions better and go first.</summary>
internal static class HttpFailures
{
    // Deeper chains are somebody's loop, not a cause.
    private const int MaxDepth = 8;

    /// <summary>Classifies an exception by its type and status, looking through wrappers.</summary>
    /// <param name="exception">What the provider's client threw.</param>
    /// <param name="callerToken">The caller's own token: a cancellation is a time-out unless the caller asked for it.</param>
    /// <returns>The failure, or <see langword="null"/> when nothing in the chain is known.</returns>
    internal static ModelFailure? Classify(Exception exception, CancellationToken callerToken)
    {
        var depth = 0;
        for (var cause = exception; cause is not null && depth < MaxDepth; cause = cause.InnerException, depth++)
            if (ClassifyOne(cause, callerToken) is { } failure)
                return failure;
        return null;
    }

    private static ModelFailure? ClassifyOne(Exception exception, CancellationToken callerToken) => exception switch
    {
        OperationCanceledException when callerToken.IsCancellationRequested => new() { Kind = ModelFailureKind.Cancelled },
        OperationCanceledException or TimeoutException => new() { Kind = ModelFailureKind.Timeout },
        HttpRequestException { StatusCode: { } status } => new() { Kind = KindOf((int)status), Status = (int)status },
        HttpRequestException or IOException or SocketException => new() { Kind = ModelFailureKind.Transient },
        // The provider's edge answered in place of the model, usually with an error page.
        JsonException => new() { Kind = ModelFailureKind.Transient },
        _ => null,
    };

    internal static ModelFailureKind KindOf(int status) => status switch
    {
        401 or 403 => ModelFailureKind.Unauthorized,
        402 => ModelFailureKind.QuotaExhausted,
        404 => ModelFailureKind.ModelNotFound,
        // 522 and 524 are the time-outs of a proxy that many providers stand behind.
        408 or 504 or 522 or 524 => ModelFailureKind.Timeout,
        409 or 425 => ModelFailureKind.Transient,
        429 => ModelFailureKind.RateLimited,
        503 or 529 => ModelFailureKind.Overloaded,
        501 or 505 => ModelFailureKind.InvalidRequest,
        >= 400 and < 500 => ModelFailureKind.InvalidRequest,
        >= 500 and < 600 => ModelFailureKind.Transient,
        _ => ModelFailureKind.Unknown,
    };
}
