using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline.Stages;

[TestFixture(false)]
[TestFixture(true)]
public sealed class StandaloneStageTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public async Task ToFactory_StageAlone_OpensAndClosesACall()
    {
        var completed = new List<LlmCall>();
        using var stage = TestStages.Greeting(options => options.Text = "alone").ToFactory()(_model, null!);

        var (response, call) = await stage.AskAsync(streamed, new LlmCallOptions { OnCompleted = completed.Add });

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Steps.Single().Decision, Is.EqualTo("alone"));
        Assert.That((call.Status, call.Pipeline), Is.EqualTo((CallStatus.Completed, "Greeting")));
        Assert.That(completed, Is.EqualTo([call]));
    }

    [Test]
    public async Task ToFactory_StagesAroundEachOther_ShareOneCall()
    {
        using var inner = TestStages.Greeting(options => options.Text = "inner").ToFactory()(_model, null!);
        using var outer = TestStages.Greeting(options => options.Text = "outer").ToFactory()(inner, null!);

        var (_, call) = await outer.AskAsync(streamed);

        Assert.That(call.Steps.Select(step => step.Decision), Is.EqualTo(["outer", "inner"]));
    }

    [Test]
    public async Task ToFactory_StageAroundAPipeline_SharesItsCall()
    {
        using var host = PipelineHost.For(_model);
        using var outer = TestStages.Greeting().ToFactory()(host.Chat, host.Services);

        var (_, call) = await outer.AskAsync(streamed);

        Assert.That((call.Pipeline, call.Attempts.Count, call.Cost), Is.EqualTo(("Greeting", 1, 12m)));
    }

    [Test]
    public void ToFactory_WrongSettings_Throws() =>
        Assert.That(() => TestStages.Greeting(options => options.Text = "").ToFactory()(_model, null!), Throws.InstanceOf<LlmConfigurationException>());

    [Test]
    public void ToFactory_NoInnerClient_Throws() =>
        Assert.That(() => TestStages.Greeting().ToFactory()(null!, null!), Throws.ArgumentNullException);
}
