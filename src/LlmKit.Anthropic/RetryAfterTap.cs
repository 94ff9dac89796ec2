namespace LlmKit.Anthropic;

/// <summary>Catches the headers that say when to come back: the SDK's exceptions do not carry them.</summary>
/// <remarks>The box is opened by the method that makes the call and found through the flow of that call, so concurrent calls
/// on one client do not see each other's headers.</remarks>
internal sealed class RetryAfterTap : DelegatingHandler
{
    private static readonly AsyncLocal<RetryAfterBox?> Current = new();

    /// <summary>Directs what the calls of the current method catch into a box. It must be an async method, which ends the flow with itself.</summary>
    internal static void Into(RetryAfterBox box) => Current.Value = box;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (Current.Value is { } box && !response.IsSuccessStatusCode)
            box.Keep(response);
        return response;
    }
}
