using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using LlmKit.Models;

namespace LlmKit.Anthropic;

/// <summary>What one call was told that the SDK's exceptions do not say.</summary>
internal sealed class AnswerBox
{
    // An error is short; of an answer that is none, nothing else is asked.
    private const int MostKept = 8 * 1024;

    private int _status;
    private HttpResponseHeaders? _headers;
    private ArrayBufferWriter<byte>? _body;

    /// <summary>Gets or sets what a good answer says is left of the provider's limits.</summary>
    public ProviderLimits? Left { get; set; }

    /// <summary>Keeps what a failed answer says about coming back.</summary>
    public void Keep(HttpResponseMessage response) => (_status, _headers) = ((int)response.StatusCode, response.Headers);

    /// <summary>Keeps a part of an answer's body, up to what an error may have.</summary>
    public void Keep(ReadOnlySpan<byte> part)
    {
        _body ??= new();
        _body.Write(part[..Math.Min(part.Length, MostKept - _body.WrittenCount)]);
    }

    /// <summary>Gives how long to wait, or <see langword="null"/> when nothing was said.</summary>
    public TimeSpan? Wait(TimeProvider time) => _headers is null ? null : RetryAfter.Read(_status, First, time);

    /// <summary>Gives the body of an answer that came in place of a message, or nothing when it is not short JSON.</summary>
    public JsonElement Body()
    {
        try
        {
            return _body is null ? default : JsonElement.Parse(_body.WrittenSpan);
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private string? First(string name) => _headers!.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
