namespace LlmKit.Anthropic;

/// <summary>Catches what the SDK's exceptions do not carry: the headers that say when to come back, and an error that came as an answer.</summary>
/// <remarks>The box is opened by the method that makes the call and found through the flow of that call, so concurrent calls
/// on one client do not see each other's answers.</remarks>
internal sealed class AnswerTap : DelegatingHandler
{
    private static readonly AsyncLocal<AnswerBox?> Current = new();

    /// <summary>Directs what the calls of the current method catch into a box. It must be an async method, which ends the flow with itself.</summary>
    internal static void Into(AnswerBox box) => Current.Value = box;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (Current.Value is not { } box)
            return response;
        if (!response.IsSuccessStatusCode)
        {
            box.Keep(response);
            return response;
        }

        box.Left = ProviderLimits.Read(name => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
            response.Content = await WatchedAsync(response.Content, box, cancellationToken).ConfigureAwait(false);
        return response;
    }

    private static async Task<HttpContent> WatchedAsync(HttpContent content, AnswerBox box, CancellationToken cancellationToken)
    {
        var body = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var watched = new StreamContent(new WatchedBody(body, box));
        foreach (var (name, values) in content.Headers)
            watched.Headers.TryAddWithoutValidation(name, values);
        return watched;
    }
}
