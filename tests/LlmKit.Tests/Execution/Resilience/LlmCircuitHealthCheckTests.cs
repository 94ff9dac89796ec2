using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

public sealed class LlmCircuitHealthCheckTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(15);

    private readonly ManualTimeProvider _clock = new();
    private readonly Dictionary<string, ScriptedAnswer> _answers = new() { ["small"] = ScriptedAnswer.Text("ok"), ["strong"] = ScriptedAnswer.Text("ok") };

    [Test]
    public async Task Check_EveryCircuitIsClosed_IsHealthy()
    {
        using var services = Services();
        await AskAsync(services);
        _ = services.GetRequiredKeyedService<IChatClient>("desk");

        var entry = await CheckAsync(services);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Data.Keys, Is.EquivalentTo(["Default/small", "Default/strong", "desk/small"]));
    }

    [Test]
    public async Task Check_OneOfTwoModelsIsRefused_IsDegraded()
    {
        _answers["small"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services();
        await AskAsync(services);

        var entry = await CheckAsync(services);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.Contain("Default/small").And.Not.Contain("strong"));
        Assert.That(entry.Data["Default/small"], Does.StartWith("Open since").And.EndsWith("after Overloaded"));
    }

    [Test]
    public async Task Check_AllModelsOfAPipelineAreRefused_FailsAsRegistered([Values(HealthStatus.Unhealthy, HealthStatus.Degraded)] HealthStatus failure)
    {
        _answers["small"] = _answers["strong"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services(failure);
        await AskAsync(services);

        var entry = await CheckAsync(services);

        Assert.That(entry.Status, Is.EqualTo(failure));
        Assert.That(entry.Description, Does.Contain("Default").And.Not.Contain("desk"));
    }

    [TestCase(0.5, HealthStatus.Degraded)]
    [TestCase(0.6, HealthStatus.Healthy)]
    [TestCase(null, HealthStatus.Healthy)]
    public async Task Check_ManyRecentAttemptsFailed_IsDegradedFromTheShareOn(double? share, HealthStatus expected)
    {
        var number = 0;
        var model = new ScriptedChatClient((_, _) => number++ % 2 == 0 ? ResilienceBench.Fails(ModelFailureKind.Overloaded) : ScriptedAnswer.Text("ok"));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddSingleton<IChatClient>(model).AddLlmPipeline()
            .UseResilience(r => (r.MaxRetries, r.MinimumThroughput) = (0, 20)).Services.BuildServiceProvider();
        for (var i = 0; i < 6; i++)
            await AskAsync(services);

        var result = await new LlmCircuitHealthCheck(services) { DegradedAt = share }.CheckHealthAsync(new() { Registration = new("llm", _ => null!, null, null) });

        Assert.That(result.Status, Is.EqualTo(expected));
        Assert.That(result.Data.Single().Value, Does.EndWith(", 3 of 6 recent attempts failed"));
    }

    [TestCase(0)]
    [TestCase(1.1)]
    [TestCase(double.NaN)]
    public void Check_AShareOutsideItsRange_IsRefused(double share)
    {
        using var services = Services();

        Assert.That(() => new LlmCircuitHealthCheck(services) { DegradedAt = share }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Check_CircuitsOnlyObserve_FailsNothing()
    {
        _answers["small"] = _answers["strong"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services(observe: true);
        await AskAsync(services);

        var entry = await CheckAsync(services);

        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Data["Default/small"], Does.StartWith("Open since").And.Contains("observed only"));
    }

    [Test]
    public async Task Check_TheBreakIsOver_IsDegradedOnlySoThatSomebodyProbes()
    {
        _answers["small"] = _answers["strong"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services();
        await AskAsync(services);

        _clock.Advance(Break);

        Assert.That((await CheckAsync(services)).Status, Is.EqualTo(HealthStatus.Degraded));
    }

    [Test]
    public async Task Check_TheProbeSucceeded_IsHealthyAgain()
    {
        _answers["small"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services();
        await AskAsync(services);
        _answers["small"] = ScriptedAnswer.Text("ok");
        _clock.Advance(Break);

        await AskAsync(services);

        Assert.That((await CheckAsync(services)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task Check_PipelineWithoutCircuits_IsHealthy()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddLlmPipeline().AddModel("small", new ScriptedChatClient(ScriptedAnswer.Text("ok")));
        services.AddHealthChecks().AddCheck<LlmCircuitHealthCheck>("llm");
        using var provider = services.BuildServiceProvider();

        Assert.That((await CheckAsync(provider)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [TestCase(2, HealthStatus.Degraded, "3 of 6")]
    [TestCase(1, HealthStatus.Unhealthy, "6 of 6")]
    [TestCase(7, HealthStatus.Healthy, "1 of 6")]
    public async Task Check_PipelineWithoutCircuits_IsJudgedByWhatItsDoorSaw(int every, HealthStatus expected, string share)
    {
        var number = 0;
        var model = new ScriptedChatClient((_, _) => number++ % every == 0 ? ResilienceBench.Fails(ModelFailureKind.Overloaded) : ScriptedAnswer.Text("ok"));
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline().AddModel("small", model).Services.BuildServiceProvider();
        for (var i = 0; i < 6; i++)
            await AskAsync(services);

        var result = await JudgeAsync(services);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var later = await JudgeAsync(services);

        Assert.That(result.Status, Is.EqualTo(expected));
        Assert.That(result.Data["Default/small"], Is.EqualTo($"No circuit, {share} recent attempts failed"));
        Assert.That((later.Status, later.Data["Default/small"]), Is.EqualTo((HealthStatus.Healthy, (object)"No circuit, no recent attempts")));
    }

    [Test]
    public async Task Check_PipelineWithoutCircuitsWhereOneModelStillAnswers_IsDegradedOnly()
    {
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("small", new ScriptedChatClient(ResilienceBench.Fails(ModelFailureKind.Overloaded))).AddModel("strong", new ScriptedChatClient(ScriptedAnswer.Text("ok")))
            .UseRouter(r => r.Priority("small", "strong")).Services.BuildServiceProvider();
        for (var i = 0; i < 6; i++)
            await AskAsync(services);

        var result = await JudgeAsync(services);

        Assert.That(result.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(result.Description, Does.Contain("Default/small").And.Not.Contain("strong"));
    }

    [Test]
    public async Task Check_FailuresThatSayNothingOfTheModel_AreNotCounted()
    {
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_clock).AddLlmPipeline()
            .AddModel("small", new ScriptedChatClient(ResilienceBench.Fails(ModelFailureKind.InvalidRequest))).Services.BuildServiceProvider();
        for (var i = 0; i < 6; i++)
            await AskAsync(services);

        Assert.That((await JudgeAsync(services)).Data["Default/small"], Is.EqualTo("No circuit, no recent attempts"));
    }

    [Test]
    public async Task Check_PipelineWasDisposedOf_IsNotReportedAnyMore()
    {
        _answers["small"] = _answers["strong"] = ResilienceBench.Fails(ModelFailureKind.Overloaded);
        using var services = Services();
        await AskAsync(services);

        services.GetRequiredService<IChatClient>().Dispose();

        Assert.That((await CheckAsync(services)).Data, Is.Empty);
    }

    private static Task<HealthCheckResult> JudgeAsync(IServiceProvider services) =>
        new LlmCircuitHealthCheck(services) { DegradedAt = 0.25 }.CheckHealthAsync(new() { Registration = new("llm", _ => null!, null, null) });

    private static async Task AskAsync(IServiceProvider services)
    {
        try
        {
            await services.GetRequiredService<IChatClient>().GetResponseAsync("q");
        }
        catch (Exception exception) when (exception.GetModelFailure() is not null)
        {
            // Models fail where the test says so.
        }
    }

    private static async Task<HealthReportEntry> CheckAsync(IServiceProvider services) =>
        (await services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["llm"];

    private ServiceProvider Services(HealthStatus? failure = null, bool observe = false)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_clock);
        services.AddLlmPipeline().AddModel("small", Model("small")).AddModel("strong", Model("strong")).UseRouter().UseResilience(options => BreakAtOnce(options, observe));
        services.AddLlmPipeline("desk").AddModel("small", Model("small")).UseResilience(options => BreakAtOnce(options, observe));
        services.AddHealthChecks().AddCheck<LlmCircuitHealthCheck>("llm", failure);
        return services.BuildServiceProvider();
    }

    private ScriptedChatClient Model(string name) => new((_, _) => _answers[name], _clock);

    private static void BreakAtOnce(ResilienceOptions options, bool observe) =>
        (options.MaxRetries, options.MinimumThroughput, options.BreakDuration, options.ObserveCircuit) = (0, 1, Break, observe);
}
