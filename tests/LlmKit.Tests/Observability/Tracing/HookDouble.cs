namespace LlmKit.Tests.Observability.Tracing;

/// <summary>A hook that keeps what it was given and does what it is told.</summary>
internal sealed class HookDouble : IContentHook
{
    public List<RequestContent> Requests { get; } = [];

    public List<ResponseContent> Responses { get; } = [];

    public Action<RequestContent>? Asked { get; init; }

    public Action<ResponseContent>? Answered { get; init; }

    public void OnRequest(RequestContent content)
    {
        Requests.Add(content);
        Asked?.Invoke(content);
    }

    public void OnResponse(ResponseContent content)
    {
        Responses.Add(content);
        Answered?.Invoke(content);
    }
}
