using System.Text.Json;
using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.AspNetCore.Traces;

/// <summary>Takes what a reader of the page says about an answer; from the page alone, or another site could make a reader's browser say it.</summary>
internal static class TraceScoring
{
    private const int MostBytes = 4_096;
    private const int MostName = 100;

    public static async Task ScoreAsync(HttpContext context)
    {
        if (!IsSameOrigin(context.Request))
            await TracePageGate.RefuseAsync(context, StatusCodes.Status403Forbidden, "Scores are taken from the page itself only: the request's Origin is another, or it does not say.").ConfigureAwait(false);
        else if (!context.Request.HasJsonContentType())
            await TracePageGate.RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the score as application/json.").ConfigureAwait(false);
        else if (context.Request.ContentLength is null or > MostBytes)
            await TracePageGate.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, "Send the score with its length, within 4,096 bytes.").ConfigureAwait(false);
        else if (await ReadAsync(context).ConfigureAwait(false) is not { } score)
            await TracePageGate.RefuseAsync(context, StatusCodes.Status400BadRequest, """Send a score such as {"value": 1, "name": "review"}, its value from 0 to 1.""").ConfigureAwait(false);
        else
        {
            var isKnown = await TraceReading.Of(context).ScoreAsync(TraceEndpoints.Value(context, "id"), score).ConfigureAwait(false);
            context.Response.StatusCode = isKnown ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        }
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is not null)
            return site == "same-origin";
        string? origin = request.Headers.Origin;
        return origin is not null && origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<TraceScore?> ReadAsync(HttpContext context)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Number || value.GetDouble() is not (>= 0 and <= 1))
                return null;
            var at = (context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
            return new(value.GetDouble(), at, Text(root, "label"), Text(root, "name") ?? "review", Text(root, "source") ?? "viewer");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MostName } text ? text : null;
}
