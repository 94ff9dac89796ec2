using System.Text.Json;
using Anthropic.Exceptions;
using LlmKit.Models;

namespace LlmKit.Anthropic.Failures;

/// <summary>Says what an exception of the Anthropic SDK means.</summary>
internal static class AnthropicFailures
{
    private const int MaxCodeLength = 64;

    /// <summary>Classifies an exception.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="box">What came with the failure and its exception does not say.</param>
    /// <param name="time">The clock for a Retry-After that is a date.</param>
    /// <returns>The failure, or <see langword="null"/> for an exception that is not the SDK's, or that only wraps a lost connection: plain HTTP rules apply to it.</returns>
    internal static ModelFailure? Classify(Exception exception, AnswerBox box, TimeProvider time) => exception switch
    {
        AnthropicApiException failed => Describe(failed.Body, (int)failed.StatusCode, box.Wait(time)),
        // An error event in a stream that had begun: it has a type but no status.
        AnthropicSseException failed => Describe(failed.Body, status: null, box.Wait(time)),
        // Not a message, but perhaps an error where one was due. The SDK does not say which.
        AnthropicInvalidDataException => Describe(box.Body(), status: null, wait: null),
        _ => null,
    };

    private static ModelFailure Describe(JsonElement body, int? status, TimeSpan? wait)
    {
        var (type, message) = ErrorOf(body);
        var kind = KindOf(type, message);
        if (kind == ModelFailureKind.Unknown)
            kind = status is { } known ? ModelFailure.KindOf(known) : ModelFailureKind.Transient;
        return new()
        {
            Kind = kind,
            Status = status,
            ProviderCode = type,
            RetryAfter = wait,
        };
    }

    private static ModelFailureKind KindOf(string? type, string message) => type switch
    {
        "overloaded_error" => ModelFailureKind.Overloaded,
        "rate_limit_error" => ModelFailureKind.RateLimited,
        "timeout_error" => ModelFailureKind.Timeout,
        "billing_error" => ModelFailureKind.QuotaExhausted,
        "authentication_error" or "permission_error" => ModelFailureKind.Unauthorized,
        "not_found_error" => ModelFailureKind.ModelNotFound,
        "invalid_request_error" => KindOfInvalid(message),
        "request_too_large" => ModelFailureKind.InvalidRequest,
        _ => ModelFailureKind.Unknown,
    };

    // One type stands for all of these; only the sentence tells them apart.
    private static ModelFailureKind KindOfInvalid(string message) =>
        Says(message, "prompt is too long") || Says(message, "context limit") || Says(message, "context window") ? ModelFailureKind.ContextLengthExceeded
        : Says(message, "credit balance is too low") || Says(message, "API usage limits") ? ModelFailureKind.QuotaExhausted
        : Says(message, "content filtering policy") ? ModelFailureKind.ContentFiltered
        : ModelFailureKind.InvalidRequest;

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static (string? Type, string Message) ErrorOf(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
            return (null, "");

        var type = Text(error, "type");
        return (IsWord(type) ? type : null, Text(error, "message") ?? "");
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsWord(string? type) =>
        type is { Length: > 0 and <= MaxCodeLength } && type.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
