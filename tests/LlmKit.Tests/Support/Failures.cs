using System.Net;

namespace LlmKit.Tests.Support;

/// <summary>What providers throw.</summary>
internal static class Failures
{
    public static HttpRequestException Http(int status) => new("provider text", null, (HttpStatusCode)status);

    public static HttpRequestException Unreachable() => new(HttpRequestError.ConnectionError);
}
