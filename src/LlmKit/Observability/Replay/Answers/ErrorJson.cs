using System.Text.Json.Nodes;
using LlmKit.Models;

namespace LlmKit.Observability.Replay;

/// <summary>Writes failures as JSON, redacted, and makes exceptions of them that are classified alike.</summary>
internal static class ErrorJson
{
    public static JsonObject Of(Exception exception, Func<Exception, ModelFailure?>? classify, RequestRules rules)
    {
        var failure = classify?.Invoke(exception) ?? ModelFailures.Find(exception);
        return new JsonObject { ["type"] = exception.GetType().FullName, ["message"] = rules.Redact(exception.Message) }
            .Put("failure", failure?.Kind.ToString())
            .Put("status", failure?.Status is { } status ? JsonValue.Create(status) : null)
            .Put("code", failure?.ProviderCode)
            .Put("retry_after_ms", failure?.RetryAfter is { } wait ? JsonValue.Create((long)wait.TotalMilliseconds) : null);
    }

    public static RecordedFailureException Read(JsonObject error)
    {
        var exception = new RecordedFailureException(error.Text("type") ?? "an unknown type", error.Text("message") ?? "");
        if (error.Text("failure") is not { } kind)
            return exception;
        ModelFailures.Record(exception, new()
        {
            Kind = Enum.TryParse<ModelFailureKind>(kind, out var known) ? known : throw new FormatException($"'{kind}' is no kind of failure"),
            Status = error["status"]?.GetValue<int>(),
            ProviderCode = error.Text("code"),
            RetryAfter = error["retry_after_ms"]?.GetValue<long>() is { } wait ? TimeSpan.FromMilliseconds(wait) : null,
        });
        return exception;
    }
}
