using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Control.RateLimits;

public sealed class RateLimitOptionsTests
{
    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection([]).Build();

    [Test]
    public void Build_WithoutLimits_IsRefused() =>
        Assert.That(() => Build(_ => { }), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("no rate limit"));

    [Test]
    public void Build_WithSeveralMistakes_ListsThemAll() => Assert.That(
        () => Build(limits =>
        {
            limits.Limits["a"] = new() { Scope = (RateLimitScope)99, Requests = -1 };
            limits.Limits[" "] = new() { Requests = 1 };
            limits.Limits["b"] = null!;
            limits.Limits["c"] = new() { Requests = 1, Window = TimeSpan.Zero, Burst = 0 };
            limits.Limits["d"] = new();
            limits.Limits["e"] = new() { Scope = RateLimitScope.Tag, Requests = 1 };
            limits.Limits["f"] = new() { Scope = RateLimitScope.Model, Requests = 1 };
            limits.Limits["g"] = new() { Requests = 1, Only = "acme" };
            limits.Limits["h"] = new() { Scope = RateLimitScope.User, Requests = 1 };
            limits.Limits["h"].Overrides["nobody"] = new() { Tokens = 11_000_000_000 };
            limits.Queue = -1;
            limits.MaxWait = TimeSpan.Zero;
            limits.AgeAfter = TimeSpan.FromDays(1);
            limits.MissingIdentity = (MissingIdentity)99;
        }),
        Throws.TypeOf<LlmConfigurationException>().With.Property("Failures").Count.EqualTo(16));

    [Test]
    public async Task Configuration_OfALimitNamedInCode_ChangesWhatItSaysAndKeepsWhatWasTaken()
    {
        var changing = ChangingConfiguration.Of();
        using var host = Host(limits => limits.PerTenant("tenant", requests: 1), changing);
        await AskAsync(host);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());

        changing.Change("RateLimits:Limits:TENANT:Requests", "3");

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public async Task Configuration_OfALimitNotNamedInCode_AddsIt()
    {
        _configuration["LlmKit:Default:RateLimits:Limits:tier:Scope"] = "Tag";
        _configuration["LlmKit:Default:RateLimits:Limits:tier:Tag"] = "plan";
        _configuration["LlmKit:Default:RateLimits:Limits:tier:Requests"] = "1";
        _configuration["LlmKit:Default:RateLimits:Limits:tier:Overrides:gold:Requests"] = "2";
        using var host = Host(_ => { }, _configuration);

        Assert.That((await AskAsync(host, "free")).Error, Is.Null);
        Assert.That((await AskAsync(host, "free")).Error, Is.Not.Null);
        Assert.That((await AskAsync(host, "gold")).Error, Is.Null);
        Assert.That((await AskAsync(host, "gold")).Error, Is.Null);
        Assert.That((await AskAsync(host, "gold")).Error, Is.Not.Null);
    }

    private static PipelineHost Host(Action<RateLimitOptions> limits, IConfiguration configuration) =>
        new(builder => builder.AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("ok"))).UseRateLimits(limits), configuration: configuration);

    private static Task<Outcome> AskAsync(PipelineHost host, string plan = "free") =>
        Outcome.OfAsync(host.Chat, streamed: false, new LlmCallOptions { Tenant = "acme", Tags = new Dictionary<string, string> { ["plan"] = plan } });

    private void Build(Action<RateLimitOptions> limits)
    {
        using var host = Host(limits, _configuration);
        _ = host.Chat;
    }
}
