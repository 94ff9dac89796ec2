using System.Net;
using System.Text;
using System.Text.Json;

namespace LlmKit.Integration.Tests.Support;

/// <summary>Answers every request with one canned response and remembers what it was asked.</summary>
internal sealed class CannedWire : HttpMessageHandler
{
    private readonly Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> _answer;

    private CannedWire(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) => _answer = answer;

    public int Requests { get; private set; }

    public Uri? Url { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The body of the last request.</summary>
    public JsonElement Sent { get; private set; }

    public static CannedWire Answering(string body, int status = 200, string mediaType = "application/json", bool breaksOff = false,
        params (string Name, string Value)[] headers) => new((_, _) => Task.FromResult(Response(body, status, mediaType, breaksOff, headers)));

    /// <summary>Numbers its requests from 1 and answers each by its number, after giving way to others.</summary>
    public static CannedWire CountingUp(Func<int, (int Status, string Body, (string Name, string Value)[] Headers)> answer)
    {
        var last = 0;
        return new(async (_, _) =>
        {
            var (status, body, headers) = answer(Interlocked.Increment(ref last));
            await Task.Yield();
            return Response(body, status, "application/json", breaksOff: false, headers);
        });
    }

    public static CannedWire Streaming(string events, bool breaksOff = false) => Answering(events, mediaType: "text/event-stream", breaksOff: breaksOff);

    public static CannedWire Throwing(Exception exception) => new((_, _) => Task.FromException<HttpResponseMessage>(exception));

    public static CannedWire NeverAnswering() => new(async (_, token) =>
    {
        await Task.Delay(Timeout.Infinite, token);
        throw new InvalidOperationException("Unreachable.");
    });

    public HttpClient Client() => new(this) { Timeout = Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = request.Content is null ? "null" : await request.Content.ReadAsStringAsync(cancellationToken);
        lock (Headers)
        {
            Requests++;
            Url = request.RequestUri;
            Sent = JsonDocument.Parse(sent).RootElement;
            Headers.Clear();
            foreach (var (name, values) in request.Headers) Headers[name] = string.Join(",", values);
        }

        return await _answer(request, cancellationToken);
    }

    private static HttpResponseMessage Response(string body, int status, string mediaType, bool breaksOff, (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status)
        {
            Content = new StreamContent(new WireBody(Encoding.UTF8.GetBytes(body), breaksOff)),
        };
        response.Content.Headers.TryAddWithoutValidation("content-type", mediaType);
        foreach (var (name, value) in headers) response.Headers.TryAddWithoutValidation(name, value);
        return response;
    }
}
