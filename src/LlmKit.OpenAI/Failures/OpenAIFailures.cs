using System.ClientModel;
using System.ClientModel.Primitives;
using LlmKit.Models;

namespace LlmKit.OpenAI.Failures;

/// <summary>Says what an exception of the OpenAI SDK means. Servers that imitate OpenAI imitate its errors badly, so codes go
/// first, then what is known of their sentences, then the status.</summary>
internal static class OpenAIFailures
{
    /// <summary>Classifies an exception.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="time">The clock for a Retry-After that is a date.</param>
    /// <returns>The failure, or <see langword="null"/> for an exception that is not the SDK's: plain HTTP rules apply to it.</returns>
    internal static ModelFailure? Classify(Exception exception, TimeProvider time) => exception switch
    {
        ClientResultException { Status: 0, InnerException: null } => new() { Kind = ModelFailureKind.Transient },
        ClientResultException { Status: 0 } => null,
        ClientResultException failed => Describe(failed.Status, Body(failed.GetRawResponse()), Wait(failed.GetRawResponse(), time), time),
        UnreadableAnswerException { Error: { } error } => Describe(error.Status ?? 0, error, wait: null, time),
        UnreadableAnswerException => new() { Kind = ModelFailureKind.Transient },
        _ => null,
    };

    private static ModelFailure Describe(int status, ErrorBody? body, TimeSpan? wait, TimeProvider time)
    {
        var kind = body is null ? ModelFailureKind.Unknown : ErrorKinds.Of(body, status);
        if (kind == ModelFailureKind.Unknown)
            // An error inside an answer that blames nobody: the request was taken, so the server was not well.
            kind = status == 0 ? ModelFailureKind.Transient : ModelFailure.KindOf(status);
        return new()
        {
            Kind = kind,
            Status = status == 0 ? null : status,
            ProviderCode = body?.Code,
            RetryAfter = wait ?? (body is null ? null : RetryAfter.Read(status, body.Header, time)),
        };
    }

    private static ErrorBody? Body(PipelineResponse? response)
    {
        try
        {
            return response is null ? null : ErrorBody.Parse(response.Content.ToMemory());
        }
        catch (InvalidOperationException)
        {
            return null; // The body was never read: the status has to do.
        }
    }

    private static TimeSpan? Wait(PipelineResponse? response, TimeProvider time)
    {
        return response is null ? null : RetryAfter.Read(response.Status, name => response.Headers.TryGetValue(name, out var value) ? value : null, time);
    }
}
