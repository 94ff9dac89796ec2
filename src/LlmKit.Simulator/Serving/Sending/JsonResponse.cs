using System.Text;
using Microsoft.AspNetCore.Http;

namespace LlmKit.Simulator.Serving.Sending;

/// <summary>Writes a JSON body, whole or in part.</summary>
internal static class JsonResponse
{
    public static async Task WriteAsync(HttpResponse response, string json, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes and flushes a part of the body; its length is not announced.</summary>
    public static async Task WritePartAsync(HttpResponse response, string part, CancellationToken cancellationToken)
    {
        if (!response.HasStarted)
            response.ContentType = "application/json";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(part), cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
