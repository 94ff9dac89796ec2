using Anthropic.Exceptions;
using LlmKit.Anthropic;
using LlmKit.Integration.Tests.Support;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Anthropic;

public sealed class AnthropicModelExtensionsTests
{
    [Test]
    public async Task AddAnthropicModel_Answer_IsMetered()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        using var services = Pipeline(wire);

        var answer = await services.GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(answer.Text, Is.EqualTo("Hello."));
        Assert.That(answer.GetCall()!.Model, Is.EqualTo("main"));
        Assert.That(wire.Sent.GetProperty("max_tokens").GetInt32(), Is.EqualTo(4096));
    }

    [Test]
    public void AddAnthropicModel_StreamWithoutStopReason_IsTruncated()
    {
        using var services = Pipeline(CannedWire.Streaming(AnthropicWire.Start + AnthropicWire.Text("half")));

        var failure = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetStreamingResponseAsync("hi").ToChatResponseAsync())!;

        Assert.That(failure.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Truncated));
    }

    [Test]
    public void AddAnthropicModel_Failure_IsClassifiedByTheContainersClock()
    {
        using var services = Pipeline(CannedWire.Answering(AnthropicWire.Error("overloaded_error"), 529, headers: ("retry-after", "Tue, 10 Mar 2026 12:00:30 GMT")));

        var exception = Assert.ThrowsAsync<AnthropicOverloadedException>(() => services.GetRequiredService<IChatClient>().GetResponseAsync("hi"))!;

        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure
        {
            Kind = ModelFailureKind.Overloaded,
            Status = 529,
            ProviderCode = "overloaded_error",
            RetryAfter = TimeSpan.FromSeconds(30),
            Model = "main",
        }));
    }

    [Test]
    public void AddAnthropicModel_ConnectionRefused_IsTransient()
    {
        using var services = Pipeline(CannedWire.Throwing(new HttpRequestException("refused")));

        var exception = Assert.CatchAsync(() => services.GetRequiredService<IChatClient>().GetResponseAsync("hi"))!;

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Transient));
    }

    [Test]
    public void AddAnthropicModel_ClassifierOfTheUsers_GoesFirstAndNotAlone([Values] bool streamed)
    {
        using var services = Pipeline(CannedWire.Answering(AnthropicWire.Error("overloaded_error"), 529), o => o.ClassifyFailure = _ => null);

        var exception = Assert.CatchAsync(() => AskAsync(services, streamed))!;

        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Overloaded));
    }

    [Test]
    public void AddAnthropicModel_ClassifierOfTheUsersThatKnowsBetter_Decides([Values] bool streamed)
    {
        using var services = Pipeline(
            CannedWire.Answering(AnthropicWire.Error("rate_limit_error"), 429, headers: ("retry-after", "7")),
            o => o.ClassifyFailure = e => e is AnthropicRateLimitException ? new() { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "ours" } : null);

        var exception = Assert.CatchAsync(() => AskAsync(services, streamed))!;

        Assert.That(exception.GetModelFailure(), Is.EqualTo(new ModelFailure { Kind = ModelFailureKind.QuotaExhausted, ProviderCode = "ours", Model = "main" }));
    }

    [Test]
    public void AddAnthropicModel_ClassifierOfTheUsersThatThrows_LeavesItToTheProvidersOwn([Values] bool streamed)
    {
        using var services = Pipeline(
            CannedWire.Answering(AnthropicWire.Error("invalid_request_error", "prompt is too long"), 400),
            o => o.ClassifyFailure = _ => throw new InvalidOperationException("bug"));

        var exception = Assert.CatchAsync(() => AskAsync(services, streamed))!;

        Assert.That(exception, Is.InstanceOf<AnthropicApiException>());
        Assert.That(exception.GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.ContextLengthExceeded));
    }

    [Test]
    public async Task AddAnthropicModel_Configuration_WinsOverCode()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        using var services = Pipeline(wire, configuration: new()
        {
            ["LlmKit:Default:Models:main:Endpoint"] = "http://config.test",
            ["LlmKit:Default:Models:main:ApiKey"] = "config-key",
            ["LlmKit:Default:Models:main:MaxOutputTokens"] = "900",
        });

        await services.GetRequiredService<IChatClient>().GetResponseAsync("hi");

        Assert.That(wire.Url!.Host, Is.EqualTo("config.test"));
        Assert.That(wire.Headers["Authorization"], Is.EqualTo("Bearer config-key"));
        Assert.That(wire.Sent.GetProperty("max_tokens").GetInt32(), Is.EqualTo(900));
    }

    [Test]
    public async Task AddAnthropicModel_OfAReproducibleFeature_IsSentNeitherTemperatureNorSeedAndSaysSo()
    {
        var wire = CannedWire.Answering(AnthropicWire.Message());
        var services = new ServiceCollection();
        services.AddLlmPipeline()
            .AddAnthropicModel("main", "claude-sonnet-4-5-20250929", o => (o.ApiKey, o.HttpClient) = (AnthropicWire.Key, wire.Client()))
            .UseSemanticCache()
            .UseVariability(v => v.Reproducible("extract"));
        using var provider = services.BuildServiceProvider();

        var answer = await provider.GetRequiredService<IChatClient>().GetResponseAsync("hi", new LlmCallOptions { Feature = "extract" });

        Assert.That((wire.Sent.TryGetProperty("temperature", out _), wire.Sent.TryGetProperty("seed", out _)), Is.EqualTo((false, false)));
        Assert.That(answer.GetCall().Steps.Select(step => step.Reason), Has.One.EqualTo("temperature, seed not taken by 'main'"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void AddAnthropicModel_SaidToTakeATemperature_IsRefused(bool byConfiguration)
    {
        using var services = byConfiguration
            ? Pipeline(CannedWire.Answering("{}"), configuration: new() { ["LlmKit:Default:Models:main:SamplingParameters"] = "Temperature" })
            : Pipeline(CannedWire.Answering("{}"), o => o.SamplingParameters = SamplingParameters.Temperature);

        Assert.That(() => services.GetRequiredService<IChatClient>(), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("'Temperature'").And.Message.Contains("SamplingParameters"));
    }

    [Test]
    public void AddAnthropicModel_EndpointThatCannotBeRead_IsAConfigurationError()
    {
        using var services = Pipeline(CannedWire.Answering("{}"), configuration: new() { ["LlmKit:Default:Models:main:Endpoint"] = "key-in-the-wrong-place" });

        Assert.That(() => services.GetRequiredService<IChatClient>(), Throws.TypeOf<LlmConfigurationException>()
            .With.Message.Contains("'Endpoint' is not an absolute URL").And.Message.Not.Contains("key-in"));
    }

    [Test]
    public void AddAnthropicModel_WithoutModelId_Throws() =>
        Assert.That(() => new ServiceCollection().AddLlmPipeline().AddAnthropicModel("main", " "), Throws.ArgumentException);

    private static Task<ChatResponse> AskAsync(ServiceProvider services, bool streamed)
    {
        var chat = services.GetRequiredService<IChatClient>();
        return streamed ? chat.GetStreamingResponseAsync("hi").ToChatResponseAsync() : chat.GetResponseAsync("hi");
    }

    private static ServiceProvider Pipeline(CannedWire wire, Action<AnthropicModelOptions>? configure = null, Dictionary<string, string?>? configuration = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(new NoonClock());
        if (configuration is not null) services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddLlmPipeline().AddAnthropicModel("main", "claude-test", o =>
        {
            (o.ApiKey, o.HttpClient) = (AnthropicWire.Key, wire.Client());
            configure?.Invoke(o);
        });
        return services.BuildServiceProvider();
    }
}
