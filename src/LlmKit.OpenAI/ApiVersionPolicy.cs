using System.ClientModel.Primitives;

namespace LlmKit.OpenAI;

/// <summary>Adds Azure's <c>api-version</c> to every request: the OpenAI SDK does not know it.</summary>
internal sealed class ApiVersionPolicy(string apiVersion) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        AddTo(message.Request);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        AddTo(message.Request);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void AddTo(PipelineRequest request)
    {
        var url = new UriBuilder(request.Uri!);
        var parameter = "api-version=" + Uri.EscapeDataString(apiVersion);
        url.Query = url.Query.Length > 1 ? url.Query[1..] + "&" + parameter : parameter;
        request.Uri = url.Uri;
    }
}
