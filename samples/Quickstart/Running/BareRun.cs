using System.ClientModel;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Quickstart;

/// <summary>The same workload on the bare SDKs, their default retries on.</summary>
internal sealed class BareRun : IDisposable
{
    private readonly BareOpenAIChatClient _small;
    private readonly IChatClient _strong;

    public BareRun(Providers providers)
    {
        var openAI = new OpenAIClient(new ApiKeyCredential(providers.OpenAIKey!), new OpenAIClientOptions { Endpoint = providers.OpenAI });
        _small = new BareOpenAIChatClient(openAI.GetChatClient(Providers.SmallModel));
        var anthropic = new AnthropicClient { ApiKey = providers.AnthropicKey!, BaseUrl = providers.Anthropic!.ToString().TrimEnd('/') };
        _strong = anthropic.AsIChatClient(Providers.StrongModel);
    }

    public IChatClient ClientFor(WorkloadRequest request) =>
        SupportDesk.Feature(request.Feature).NeedsStrongModel ? _strong : _small;

    public void Dispose()
    {
        _small.Dispose();
        _strong.Dispose();
    }
}
