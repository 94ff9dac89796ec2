using System.Net;
using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>What the rails found binds a call, whoever is asked in the place of the first.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BoundDataTests(bool streamed)
{
    private const string Card = "My card is 4111 1111 1111 1111.";

    private readonly ScriptedChatClient _far = new(ScriptedAnswer.Text("Far."));
    private readonly ScriptedChatClient _home = new(ScriptedAnswer.Text("Home."));

    [Test]
    public async Task Ask_AModelThatIsSlow_IsHedgedOnlyWhereTheDataMayGo([Values] bool byRegion)
    {
        using var rig = Rig(ScriptedAnswer.Hangs(), byRegion);

        var (open, _) = await rig.FinishAsync(rig.AskAsync(streamed, "Hello"));
        var (bound, call) = await rig.FinishAsync(rig.AskAsync(streamed, Card));

        Assert.That((open.Text, bound.Text), Is.EqualTo(("Far.", "Home.")));
        Assert.That(_far.Requests, Has.Count.EqualTo(1));
        Assert.That(call.Steps.Select(step => step.Decision), Has.Some.EqualTo("hedge-won"));
    }

    [Test]
    public async Task Ask_AModelThatFails_IsFollowedOnlyByThoseWhereTheDataMayGo([Values] bool byRegion)
    {
        using var rig = Rig(ScriptedAnswer.Throws(new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable)), byRegion);

        var (open, _) = await rig.FinishAsync(rig.AskAsync(streamed, "Hello"));
        var (bound, call) = await rig.FinishAsync(rig.AskAsync(streamed, Card));

        Assert.That((open.Text, bound.Text), Is.EqualTo(("Far.", "Home.")));
        Assert.That(_far.Requests, Has.Count.EqualTo(1));
        Assert.That(call.Attempts.Select(attempt => attempt.Model).Distinct(), Is.EqualTo(new[] { "near", "home" }));
    }

    [Test]
    public async Task Ask_WhenAllWhereTheDataMayGoAreGone_AsksNobodyElse([Values] bool byRegion)
    {
        using var rig = Rig(ScriptedAnswer.Throws(new HttpRequestException("down", null, HttpStatusCode.ServiceUnavailable)), byRegion, withHome: false);

        Assert.That(async () => await rig.FinishAsync(rig.AskAsync(streamed, Card)), Throws.Exception);
        Assert.That(_far.Requests, Is.Empty);
        await Task.CompletedTask;
    }

    private GuardrailRig Rig(ScriptedAnswer near, bool byRegion, bool withHome = true) => new(
        rules => _ = byRegion
            ? rules.Flag(Rail.Request, TextDetectors.PaymentCard).KeepInRegions(["eu"], "CARD")
            : rules.Flag(Rail.Request, TextDetectors.PaymentCard).KeepOnModels(["near", "home"], "CARD"),
        inside: builder => builder
            .AddModel("near", new ScriptedChatClient(near), options => (options.Price, options.Region) = (new(1, 1), "eu"))
            .AddModel("far", _far, options => (options.Price, options.Region) = (new(1, 1), "us"))
            .AddModel("home", _home, options => (options.Price, options.Region) = (new(1, 1), "eu"))
            .UseRouter(router => router.Priority(withHome ? ["near", "far", "home"] : ["near", "far"]).Hedge(hedging => hedging.Delay = TimeSpan.FromSeconds(2))));
}
