using LlmKit.Execution.Resilience;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using static LlmKit.Tests.Execution.Resilience.ResilienceBench;

namespace LlmKit.Tests.Execution.Resilience;

public class ResilienceOptionsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTimeProvider _clock = new();
    private readonly ScriptedChatClient _model = new(Fails());

    [Test]
    public void Constructor_EverythingIsWrong_TellsItAllAtOnce()
    {
        var options = new ResilienceOptions
        {
            MaxRetries = 11,
            BaseDelay = -Second,
            MaxDelay = TimeSpan.FromHours(1),
            MaxRetryAfter = -Second,
            RetryShare = 1.1,
            RetryFloor = -1,
            TotalTimeout = TimeSpan.Zero,
            AttemptTimeout = -Second,
            FirstContentTimeout = TimeSpan.FromDays(2),
            BetweenUpdatesTimeout = TimeSpan.Zero,
            FailureRatio = double.NaN,
            MinimumThroughput = 0,
            SamplingWindow = TimeSpan.Zero,
            BreakDuration = TimeSpan.Zero,
            HalfOpenProbes = 0,
        };

        var exception = Assert.Throws<LlmConfigurationException>(() => new ResilienceChatClient(_model, options));

        Assert.That(exception.Failures, Has.Count.EqualTo(15));
        Assert.That(exception.Failures, Is.All.EndsWith("."));
    }

    [TestCase(0)]
    [TestCase(1.5)]
    public void Constructor_RatioOutsideItsRange_IsRefused(double ratio)
    {
        var exception = Assert.Throws<LlmConfigurationException>(() => new ResilienceChatClient(_model, new() { FailureRatio = ratio }));

        Assert.That(exception.Message, Does.Contain("FailureRatio"));
    }

    [Test]
    public void Pipeline_ASettingIsWrong_IsNotBuilt()
    {
        using var services = Services([], options => options.MaxRetries = -1);

        Assert.Throws<LlmConfigurationException>(() => services.GetRequiredService<IChatClient>());
    }

    [Test]
    public async Task Pipeline_ConfigurationSetsValues_ItWinsOverCode()
    {
        using var services = Services(new() { ["LlmKit:Default:Resilience:MaxRetries"] = "0" }, options => options.MaxRetries = 5);

        await FailAsync(services);

        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Pipeline_EmptyValues_SwitchOff()
    {
        using var services = Services(
            new()
            {
                ["LlmKit:Default:Resilience:FailureRatio"] = "",
                ["LlmKit:Default:Resilience:TotalTimeout"] = "",
                ["LlmKit:Default:Resilience:MaxRetries"] = "10",
                ["LlmKit:Default:Resilience:BaseDelay"] = "00:00:08",
            },
            null);

        await FailAsync(services);
        await FailAsync(services);

        Assert.That(_model.Requests, Has.Count.EqualTo(22), "neither the total limit nor the circuit ended it early");
    }

    [Test]
    public async Task Pipeline_ConfigurationChanges_TheNextCallSeesIt()
    {
        using var services = Services(new() { ["LlmKit:Default:Resilience:MaxRetries"] = "0" }, null);
        var configuration = (IConfigurationRoot)services.GetRequiredService<IConfiguration>();
        await FailAsync(services);

        configuration["LlmKit:Default:Resilience:MaxRetries"] = "2";
        configuration.Reload();
        await FailAsync(services);

        Assert.That(_model.Requests, Has.Count.EqualTo(4));
    }

    [Test]
    public async Task Stages_UsedWithAnotherBuilder_Works()
    {
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).BuildServiceProvider();
        using var client = LlmStages.Resilience(options => options.MaxRetries = 1)(_model, services);

        var answer = client.GetResponseAsync("q");
        await _clock.EndAsync(answer);

        Assert.That(_model.Requests, Has.Count.EqualTo(2));
        Assert.That(client.GetService<CircuitSnapshot>()!.Model, Is.EqualTo("scripted-1"));
    }

    [Test]
    public void Dispose_Once_DisposesOfTheInnerClient()
    {
        new ResilienceChatClient(_model).Dispose();

        Assert.That(_model.Disposals, Is.EqualTo(1));
    }

    private ServiceProvider Services(Dictionary<string, string?> values, Action<ResilienceOptions>? configure) =>
        new ServiceCollection().AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddLlmPipeline().AddModel("m", _model).UseResilience(configure).Services.BuildServiceProvider();

    private async Task FailAsync(ServiceProvider services)
    {
        var answer = services.GetRequiredService<IChatClient>().GetResponseAsync("q");
        await _clock.EndAsync(answer);
        Assert.That(answer.IsFaulted);
    }
}
