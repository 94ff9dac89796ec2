using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LlmKit.Simulator;

namespace LlmKit.Integration.Tests.Simulator;

/// <summary>Sends requests to the simulator without any SDK.</summary>
internal sealed class RawClient(ProviderSimulator simulator) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = simulator.BaseUri, Timeout = Timeout.InfiniteTimeSpan };

    public static string OpenAI(string text, string model = "small", bool stream = false, string more = "") =>
        $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}],"stream":{{(stream ? "true" : "false")}}{{more}}}""";

    public static string Anthropic(string text, string model = "strong", bool stream = false, string more = "") =>
        $$"""{"model":"{{model}}","max_tokens":1000,"messages":[{"role":"user","content":"{{text}}"}],"stream":{{(stream ? "true" : "false")}}{{more}}}""";

    public Task<HttpResponseMessage> OpenAIAsync(string body, CancellationToken cancellationToken = default) =>
        PostAsync("v1/chat/completions", body, cancellationToken: cancellationToken);

    public Task<HttpResponseMessage> AnthropicAsync(string body, CancellationToken cancellationToken = default) =>
        PostAsync("v1/messages", body, cancellationToken: cancellationToken);

    public async Task<HttpResponseMessage> PostAsync(string path, string body, string? header = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (header is null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sample.Key);
        else
            request.Headers.Add(header, Sample.Key);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>Reads the data of all events; what follows a broken connection is simply missing.</summary>
    public static async Task<List<string>> EventsAsync(HttpResponseMessage response)
    {
        var events = new List<string>();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    events.Add(line["data: ".Length..]);
            }
        }
        catch (IOException)
        {
            events.Add("(broken)");
        }

        return events;
    }

    /// <summary>The text of an OpenAI stream's events.</summary>
    public static string TextOf(IEnumerable<string> events) => string.Concat(events
        .Where(data => data.StartsWith('{'))
        .Select(data => JsonNode.Parse(data)!["choices"] is JsonArray { Count: > 0 } choices ? (string?)choices[0]!["delta"]?["content"] : null));

    public void Dispose() => _http.Dispose();
}
