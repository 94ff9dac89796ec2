using System.ClientModel;
using System.ClientModel.Primitives;
using LlmKit.Integration.Tests.Support;
using LlmKit.OpenAI;
using Microsoft.Extensions.AI;
using NUnit.Framework;
using OpenAI;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIConnectionTests
{
    private static IEnumerable<TestCaseData> Addresses()
    {
        yield return new("https://res.openai.azure.com", null, "small", "https://res.openai.azure.com/openai/v1/chat/completions");
        yield return new("https://res.openai.azure.com/", "preview", "small", "https://res.openai.azure.com/openai/v1/chat/completions?api-version=preview");
        yield return new("https://res.openai.azure.com/openai/v1/", null, "small", "https://res.openai.azure.com/openai/v1/chat/completions");
        yield return new("https://res.openai.azure.com", "2024-10-21", "my model", "https://res.openai.azure.com/openai/deployments/my%20model/chat/completions?api-version=2024-10-21");
        yield return new("https://res.openai.azure.com/openai/deployments/small", "2024-10-21", null, "https://res.openai.azure.com/openai/deployments/small/chat/completions?api-version=2024-10-21");
        yield return new("https://res.openai.azure.com/openai/deployments/small/chat/completions?api-version=2024-10-21", null, null, "https://res.openai.azure.com/openai/deployments/small/chat/completions?api-version=2024-10-21");
        yield return new("https://res.openai.azure.com/openai/deployments/prod", "2024-10-21", "small", "https://res.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2024-10-21");
        yield return new("https://gateway.test/team-a", "2024-10-21", "small", "https://gateway.test/team-a/openai/deployments/small/chat/completions?api-version=2024-10-21");
    }

    [TestCaseSource(nameof(Addresses))]
    public async Task GetResponseAsync_Azure_GoesToTheDeployment(string endpoint, string? version, string? modelId, string url)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var client = OpenAIWire.Client(wire, o => (o.AzureEndpoint, o.ApiVersion, o.ModelId) = (new(endpoint), version, modelId));

        await client.GetResponseAsync("hi");

        Assert.That(wire.Url!.AbsoluteUri, Is.EqualTo(url));
        Assert.That(wire.Headers["api-key"], Is.EqualTo(OpenAIWire.Key));
        Assert.That(wire.Headers, Does.Not.ContainKey("Authorization"));
        Assert.That(wire.Sent.GetProperty("model").GetString(), Is.EqualTo(modelId ?? "small"));
        Assert.That(client.GetService<ChatClientMetadata>()!.ProviderName, Is.EqualTo("azure.ai.openai"));
    }

    [Test]
    public async Task GetResponseAsync_AzureWithAnotherModel_GoesToItsDeployment()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var client = OpenAIWire.Client(wire, o => (o.AzureEndpoint, o.ApiVersion) = (new("https://res.openai.azure.com"), "2024-10-21"));

        await client.GetResponseAsync("hi", new() { ModelId = "large" });

        Assert.That(wire.Url!.AbsolutePath, Is.EqualTo("/openai/deployments/large/chat/completions"));
    }

    [Test]
    public async Task GetResponseAsync_AzureStream_KeepsTheApiVersion()
    {
        var wire = CannedWire.Streaming(OpenAIWire.Done);
        var client = OpenAIWire.Client(wire, o => (o.AzureEndpoint, o.ApiVersion) = (new("https://res.openai.azure.com"), "2024-10-21"));

        await foreach (var _ in client.GetStreamingResponseAsync("hi"))
        {
        }

        Assert.That(wire.Url!.Query, Is.EqualTo("?api-version=2024-10-21"));
    }

    [Test]
    public async Task GetResponseAsync_OpenAI_IsSignedAndAttributed()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());

        await OpenAIWire.Client(wire, o => (o.Organization, o.Project) = ("org-1", "proj-1")).GetResponseAsync("hi");

        Assert.That(wire.Url!.AbsoluteUri, Is.EqualTo("https://api.openai.com/v1/chat/completions"));
        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer " + OpenAIWire.Key));
        Assert.That(wire.Headers["OpenAI-Organization"], Is.EqualTo("org-1"));
        Assert.That(wire.Headers["OpenAI-Project"], Is.EqualTo("proj-1"));
    }

    [Test]
    public async Task GetResponseAsync_CompatibleEndpoint_IsUsed()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());

        await OpenAIWire.Client(wire, o => o.Endpoint = new("http://localhost:8000/v1")).GetResponseAsync("hi");

        Assert.That(wire.Url!.AbsoluteUri, Is.EqualTo("http://localhost:8000/v1/chat/completions"));
    }

    [TestCase(false, "OPENAI_API_KEY")]
    [TestCase(true, "AZURE_OPENAI_API_KEY")]
    public async Task Open_NoKeyInTheOptions_TakesTheEnvironments(bool azure, string variable)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var options = OpenAIWire.Options(wire);
        options.ApiKey = null;
        if (azure) options.AzureEndpoint = new("https://res.openai.azure.com");

        await new OpenAIChatClient(OpenAIConnection.Open(options, name => name == variable ? "from-env" : null)).GetResponseAsync("hi");

        Assert.That(wire.Headers[azure ? "api-key" : "Authorization"], Does.EndWith("from-env"));
    }

    [TestCase(false, "OPENAI_API_KEY")]
    [TestCase(true, "AZURE_OPENAI_API_KEY")]
    public void Open_NoKeyAnywhere_SaysWhatToSet(bool azure, string variable)
    {
        var options = new OpenAIModelOptions { ModelId = "small", AzureEndpoint = azure ? new("https://res.openai.azure.com") : null };

        Assert.That(() => OpenAIConnection.Open(options, _ => " "), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains("OpenAIModelOptions.ApiKey").And.Message.Contains($" {variable};").And.Message.Contains("'small'"));
    }

    [TestCase("\n")]
    [TestCase(" x")]
    [TestCase("é")]
    public void Open_KeyThatNoHeaderCanCarry_IsAnErrorWithoutTheKey(string tail)
    {
        var options = new OpenAIModelOptions { ModelId = "small", ApiKey = OpenAIWire.Key + tail };

        Assert.That(() => OpenAIConnection.Open(options, _ => null), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains("OpenAIModelOptions.ApiKey").And.Message.Not.Contains(OpenAIWire.Key));
    }

    [Test]
    public void Open_ContradictingOptions_NamesThemAll()
    {
        using var http = new HttpClient();
        var options = new OpenAIModelOptions
        {
            Endpoint = new("https://user:word@host.test/v1/chat/completions"),
            AzureEndpoint = new("ftp://res.test/openai/deployments/a"),
            HttpClient = http,
            Transport = new HttpClientPipelineTransport(http),
            ApiKey = OpenAIWire.Key,
        };

        Assert.That(() => OpenAIConnection.Open(options, _ => null), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains("AzureEndpoint are set").And.Message.Contains("Transport are set").And.Message.Contains("API version")
            .And.Message.Contains("'ftp'").And.Message.Contains("user name").And.Message.Contains("/chat/completions")
            .And.Message.Not.Contains("user:word").And.Message.Not.Contains(OpenAIWire.Key));
    }

    [Test]
    public void Open_NoModel_SaysSo() =>
        Assert.That(() => OpenAIConnection.Open(new() { ApiKey = OpenAIWire.Key, ApiVersion = "1" }, _ => null),
            Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no id").And.Message.Contains("'1'"));

    [Test]
    public async Task Open_ClientOfTheUsers_IsUsedWithoutAKey()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var own = new OpenAIClient(new ApiKeyCredential("own"), new() { Endpoint = new("https://own.test/v1"), Transport = new HttpClientPipelineTransport(wire.Client()) });

        var client = new OpenAIChatClient(OpenAIConnection.Open(new() { ModelId = "small", Client = own }, _ => null));
        await client.GetResponseAsync("hi");

        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer own"));
        Assert.That(client.GetService<OpenAIClient>(), Is.SameAs(own));
        Assert.That(client.GetService<ChatClientMetadata>()!.ProviderUri, Is.EqualTo(new Uri("https://own.test/v1")));
    }

    [Test]
    public async Task Open_AuthenticationPolicy_SignsWithoutAKey()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var options = new OpenAIModelOptions
        {
            ModelId = "small",
            AzureEndpoint = new("https://res.openai.azure.com"),
            Transport = new HttpClientPipelineTransport(wire.Client()),
            AuthenticationPolicy = ApiKeyAuthenticationPolicy.CreateHeaderApiKeyPolicy(new ApiKeyCredential("token"), "x-own"),
        };

        await new OpenAIChatClient(OpenAIConnection.Open(options, _ => null)).GetResponseAsync("hi");

        Assert.That(wire.Headers["x-own"], Is.EqualTo("token"));
        Assert.That(wire.Headers, Does.Not.ContainKey("api-key"));
    }

    [Test]
    public void ToString_OfTheOptions_HoldsNoKey() =>
        Assert.That(new OpenAIModelOptions { ApiKey = OpenAIWire.Key }.ToString(), Does.Not.Contain(OpenAIWire.Key));
}
