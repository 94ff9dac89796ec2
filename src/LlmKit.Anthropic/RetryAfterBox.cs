using System.Net.Http.Headers;
using LlmKit.Models;

namespace LlmKit.Anthropic;

/// <summary>What one call was told about coming back.</summary>
internal sealed class RetryAfterBox
{
    private int _status;
    private HttpResponseHeaders? _headers;

    /// <summary>Keeps what a failed answer says.</summary>
    public void Keep(HttpResponseMessage response) => (_status, _headers) = ((int)response.StatusCode, response.Headers);

    /// <summary>Gives how long to wait, or <see langword="null"/> when nothing was said.</summary>
    public TimeSpan? Wait(TimeProvider time) => _headers is null ? null : RetryAfter.Read(_status, First, time);

    private string? First(string name) => _headers!.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
