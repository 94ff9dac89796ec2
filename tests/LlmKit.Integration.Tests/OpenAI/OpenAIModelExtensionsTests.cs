using System.ClientModel;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using LlmKit.OpenAI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.OpenAI;

public sealed class OpenAIModelExtensionsTests
{
    [Test]
    public async Task AddOpenAIModel_Answer_IsMetered()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        using var services = Pipeline(wire);

        var answer = await services.GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(answer.Text, Is.EqualTo("Hello."));
        Assert.That(answer.GetCall()!.Model, Is.EqualTo("main"));
        Assert.That(wire.Sent.GetProperty("model").GetString(), Is.EqualTo("small"));
        Assert.That(wire.Sent.GetProperty("max_completion_tokens").GetInt32(), Is.EqualTo(4096));
    }

    [Test]
    public async Task AddOpenAIModel_Stream_EndsWhole()
    {
        using var services = Pipeline(CannedWire.Streaming(OpenAIWire.TextChunk("Hello.") + OpenAIWire.Chunk("{}", "stop") + OpenAIWire.UsageChunk() + OpenAIWire.Done));

        var answer = await services.GetRequiredService<IChatClient>().GetStreamingResponseAsync("hi").ToChatResponseAsync();

        Assert.That(answer.Text, Is.EqualTo("Hello."));
        Assert.That(answer.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public void AddOpenAIModel_StreamWithoutFinishReason_IsTruncated()
    {
        using var services = Pipeline(CannedWire.Streaming(OpenAIWire.TextChunk("half")));

        var failure = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetStreamingResponseAsync("hi").ToChatResponseAsync())!;

        Assert.That(failure.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Truncated));
    }

    [Test]
    public void AddOpenAIModel_Failure_IsClassifiedByTheContainersClock()
    {
        using var services = Pipeline(CannedWire.Answering("""{"error":{"code":"rate_limit_exceeded"}}""", 429, headers: ("retry-after", "Tue, 10 Mar 2026 12:00:30 GMT")));

        var exception = Assert.ThrowsAsync<ClientResultException>(() => services.GetRequiredService<IChatClient>().GetResponseAsync("hi"))!;

        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure
        {
            Kind = ModelFailureKind.RateLimited,
            Status = 429,
            ProviderCode = "rate_limit_exceeded",
            RetryAfter = TimeSpan.FromSeconds(30),
            Model = "main",
        }));
    }

    [Test]
    public void AddOpenAIModel_ConnectionRefused_IsTransient()
    {
        using var services = Pipeline(CannedWire.Throwing(new HttpRequestException("refused")));

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetResponseAsync("hi"))!;

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Transient));
    }

    [Test]
    public void AddOpenAIModel_ClassifierOfTheUsers_GoesFirstAndNotAlone()
    {
        using var services = Pipeline(CannedWire.Answering("{}", 503), o => o.ClassifyFailure = _ => null);

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetResponseAsync("hi"))!;

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Overloaded));
    }

    [Test]
    public void AddOpenAIModel_ClassifierOfTheUsersThatKnowsBetter_Decides([Values] bool streamed)
    {
        using var services = Pipeline(
            CannedWire.Answering("""{"error":{"code":"rate_limit_exceeded"}}""", 429, headers: ("retry-after", "7")),
            o => o.ClassifyFailure = e => e is ClientResultException { Status: 429 } ? new() { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "ours" } : null);

        var exception = Assert.CatchAsync(() => AskAsync(services, streamed))!;

        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "ours", Model = "main" }));
    }

    [Test]
    public void AddOpenAIModel_ClassifierOfTheUsersThatThrows_LeavesItToTheProvidersOwn([Values] bool streamed)
    {
        using var services = Pipeline(
            CannedWire.Answering("""{"error":{"code":"insufficient_quota"}}""", 429, headers: ("retry-after", "7")),
            o => o.ClassifyFailure = _ => throw new InvalidOperationException("bug"));

        var exception = Assert.CatchAsync(() => AskAsync(services, streamed))!;

        Assert.That(exception, Is.TypeOf<ClientResultException>());
        Assert.That((exception.GetModelFailure()!.Kind, exception.GetModelFailure()!.RetryAfter), Is.EqualTo((ModelFailureKind.QuotaExhausted, TimeSpan.FromSeconds(7))));
    }

    [Test]
    public async Task AddOpenAIModel_Configuration_WinsOverCode()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        using var services = Pipeline(wire, o => (o.Endpoint, o.Organization) = (new("http://code.test/v1"), "from-code"), new()
        {
            ["LlmKit:Default:Models:main:Endpoint"] = "http://config.test/v1",
            ["LlmKit:Default:Models:main:ApiKey"] = "config-key",
            ["LlmKit:Default:Models:main:ModelId"] = "config-model",
            ["LlmKit:Default:Models:main:SendMaxTokens"] = "false",
            ["LlmKit:Default:Models:main:Project"] = "config-project",
        });

        await services.GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(wire.Url!.Host, Is.EqualTo("config.test"));
        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer config-key"));
        Assert.That(wire.Headers["OpenAI-Project"], Is.EqualTo("config-project"));
        Assert.That(wire.Headers["OpenAI-Organization"], Is.EqualTo("from-code"));
        Assert.That(wire.Sent.GetProperty("model").GetString(), Is.EqualTo("config-model"));
        Assert.That(wire.Sent.TryGetProperty("max_completion_tokens", out _), Is.True);
    }

    [TestCase("Endpoint", "key-in-the-wrong-place", "'Endpoint' is not an absolute URL")]
    [TestCase("AzureEndpoint", "key-in-the-wrong-place", "'AzureEndpoint' is not an absolute URL")]
    [TestCase("SendMaxTokens", "often", "not true or false")]
    [TestCase("Dimensions", "many", "not a whole number")]
    public void AddOpenAIModel_SettingThatCannotBeRead_IsAConfigurationError(string setting, string value, string message)
    {
        using var services = Pipeline(CannedWire.Answering("{}"), configuration: new() { [$"LlmKit:Default:Models:main:{setting}"] = value });

        Assert.That(() => services.GetRequiredService<IChatClient>(), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains(message).And.Message.Contains("'main'").And.Message.Not.Contains("key-in"));
    }

    [Test]
    public async Task AddOpenAIModel_ClientOfItsOwn_StaysUsableAfterTheContainer()
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        using var http = wire.Client();
        using (var services = Pipeline(wire, o => o.HttpClient = http))
            await services.GetRequiredService<IChatClient>().GetResponseAsync("hi");

        using var again = Pipeline(wire, o => o.HttpClient = http);

        Assert.That((await again.GetRequiredService<IChatClient>().GetResponseAsync("hi")).Text, Is.EqualTo("Hello."));
    }

    [Test]
    public void AddOpenAIModel_WithoutModelId_Throws() =>
        Assert.That(() => new ServiceCollection().AddLlmPipeline().AddOpenAIModel("main", " "), Throws.ArgumentException);

    [TestCase("gpt-4o-2024-08-06", true)]
    [TestCase("o3-2025-04-16", false)]
    [TestCase("gpt-5-mini-2025-08-07", false)]
    public async Task AddOpenAIModel_OfAReproducibleFeature_IsSentTemperatureAndSeedWhereItTakesThem(string modelId, bool taken)
    {
        var wire = CannedWire.Answering(OpenAIWire.Completion());
        var services = new ServiceCollection();
        services.AddLlmPipeline()
            .AddOpenAIModel("main", modelId, o => (o.ApiKey, o.HttpClient) = (OpenAIWire.Key, wire.Client()))
            .UseSemanticCache()
            .UseVariability(v => v.Reproducible("extract"));
        using var provider = services.BuildServiceProvider();

        var answer = await provider.GetRequiredService<IChatClient>().GetResponseAsync("hi", new LlmCallOptions { Feature = "extract" });

        Assert.That((wire.Sent.TryGetProperty("temperature", out _), wire.Sent.TryGetProperty("seed", out _)), Is.EqualTo((taken, taken)));
        Assert.That(answer.AdditionalProperties!["SystemFingerprint"], Is.EqualTo("fp_1"));
    }

    [Test]
    public async Task AddOpenAIEmbeddings_Generator_IsTheStages()
    {
        var wire = CannedWire.Answering("""{"data":[{"index":0,"embedding":[1,2]}],"model":"embed","usage":{"prompt_tokens":1,"total_tokens":1}}""");
        IEmbeddingGenerator<string, Embedding<float>>? generator = null;
        var collection = new ServiceCollection();
        collection.AddLlmPipeline()
            .AddOpenAIModel("main", "small", o => (o.ApiKey, o.HttpClient) = (OpenAIWire.Key, wire.Client()))
            .AddOpenAIEmbeddings("vectors", "embed", o => (o.ApiKey, o.HttpClient, o.Dimensions) = (OpenAIWire.Key, wire.Client(), 2))
            .Use((inner, context) =>
            {
                generator = context.GetEmbeddings("vectors");
                return inner;
            });
        using var services = collection.BuildServiceProvider();
        services.GetRequiredService<IChatClient>();

        var vectors = await generator!.GenerateAsync(["text"]);

        Assert.That(vectors[0].Vector.ToArray(), Is.EqualTo(new float[] { 1, 2 }));
        Assert.That(wire.Sent.GetProperty("dimensions").GetInt32(), Is.EqualTo(2));
    }

    private static Task<ChatResponse> AskAsync(ServiceProvider services, bool streamed)
    {
        var chat = services.GetRequiredService<IChatClient>();
        return streamed ? chat.GetStreamingResponseAsync("hi").ToChatResponseAsync() : chat.GetResponseAsync("hi");
    }

    private static ServiceProvider Pipeline(CannedWire wire, Action<OpenAIModelOptions>? configure = null, Dictionary<string, string?>? configuration = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new NoonClock());
        if (configuration is not null) services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddLlmPipeline().AddOpenAIModel("main", "small", o =>
        {
            (o.ApiKey, o.HttpClient) = (OpenAIWire.Key, wire.Client());
            configure?.Invoke(o);
        });
        return services.BuildServiceProvider();
    }
}
