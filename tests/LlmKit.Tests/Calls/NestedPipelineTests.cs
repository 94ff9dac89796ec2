using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class NestedPipelineTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));
    private readonly RecordingLedger _shared = new();

    [Test]
    public async Task Ask_PipelineAsAModel_JoinsTheCallAndCountsMoneyOnce()
    {
        using var host = Nested();

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = "acme" });

        Assert.That(call.Attempts.Select(attempt => attempt.Model), Is.EqualTo(["innermost"]));
        Assert.That(call.Cost, Is.EqualTo(12m));
        Assert.That(_shared.Holds.Select(hold => hold.Settled), Is.EqualTo(new decimal?[] { 12m }));
        Assert.That(_model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsForced_PassesItsGate()
    {
        using var host = Nested();

        var (response, _) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Model = "nested" });

        Assert.That(response.Text, Is.EqualTo("Paris"));
    }

    [Test]
    public async Task Ask_PipelineAsAModelThatIsExcluded_IsRefused()
    {
        using var host = Nested();

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { ExcludedModels = ["nested"] });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Ask_InnerPipelinesCostConstraint_HoldsInTheOuterCall()
    {
        using var host = Nested(inner => inner.WithConstraints(constraints => constraints.CostPerCall = 1));

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { MaxOutputTokens = 10 });

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Budget));
    }

    private PipelineHost Nested(Action<LlmPipelineBuilder>? more = null) => new(
        outer => outer.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner")).UseLedger(_shared),
        services =>
        {
            var inner = services.AddLlmPipeline("inner")
                .AddModel("innermost", _model, options => options.Price = new(1_000_000, 2_000_000))
                .UseLedger(_shared);
            more?.Invoke(inner);
        });
}
