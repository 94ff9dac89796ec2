using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

[TestFixture(false)]
[TestFixture(true)]
public sealed class LostCallTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public async Task Ask_DecoratorThatMakesNewOptionsUnderABudget_IsRefusedWithTheRemedy()
    {
        using var host = Host(new(), builder => builder.UseLedger(new RecordingLedger()));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_DecoratorThatMakesNewOptionsUnderACostConstraint_IsRefused([Values] bool withMaxCost, [Values] bool staged)
    {
        using var host = Host(
            withMaxCost ? new LlmCallOptions { MaxCost = 1_000_000 } : new(),
            builder => builder.WithConstraints(constraints => constraints.CostPerCall = 1_000_000),
            inside => Staged(inside, staged));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_DecoratorThatMakesOptionsWithACostOfTheirOwn_IsNotTakenForTheCall([Values] bool staged)
    {
        using var host = Host(new LlmCallOptions { MaxCost = 1_000_000 }, builder => builder.UseLedger(new RecordingLedger()), inside => Staged(inside, staged));

        var exception = await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("options.Clone()"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_CostThatNoCallHolds_IsRefusedRatherThanIgnored([Values] bool alone)
    {
        using var host = Host(new LlmCallOptions { MaxCost = 0.25m });
        using var model = Routers.Metered("model", _model);

        var exception = alone ? await model.FailAsync(streamed, new LlmCallOptions { MaxCost = 0.25m }) : await host.Chat.FailAsync(streamed);

        Assert.That(exception, Is.InstanceOf<AttemptRefusedException>().With.Message.Contains("'0.25'").And.Message.Contains("options.Clone()").And.Property("Reason").EqualTo(RefusalReason.Budget));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_DecoratorThatMakesNewOptionsWithoutABudget_Answers()
    {
        using var host = Host(new() { Temperature = 1 });

        var (response, call) = await host.Chat.AskAsync(streamed);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Attempts, Is.Empty);
    }

    [Test]
    public async Task Ask_NewOptionsWithIdentityAndARegisteredName_ReachTheProviderClean()
    {
        using var host = Host(new() { ModelId = "model", AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["mine"] = 1 } });

        await host.Chat.AskAsync(streamed);

        var sent = _model.Requests[0].Options!;
        Assert.That(sent.AdditionalProperties!.Keys, Is.EqualTo(["mine"]));
        Assert.That(sent.ModelId, Is.EqualTo("scripted-1"));
    }

    [Test]
    public async Task Ask_OurOptionsWithoutACall_ReachTheProviderPlain()
    {
        using var host = Host(new LlmCallOptions { Tenant = "acme" });

        await host.Chat.AskAsync(streamed);

        Assert.That(_model.Requests[0].Options, Is.Not.InstanceOf<LlmCallOptions>());
    }

    [Test]
    public async Task Ask_OptionsSent_HoldNothingOfOurs()
    {
        using var host = PipelineHost.For(_model);
        var options = new LlmCallOptions { Tenant = "acme", Temperature = 0.5f, AdditionalProperties = new() { ["LLMKIT.User"] = "u" } };

        await host.Chat.AskAsync(streamed, options);

        var sent = _model.Requests[0].Options!;
        Assert.That(sent, Is.Not.InstanceOf<LlmCallOptions>());
        Assert.That(sent.Temperature, Is.EqualTo(0.5f));
        Assert.That(sent.AdditionalProperties, Is.Null);
        Assert.That(LlmKit.Calls.LlmCall.TryGet(sent, out _), Is.False);
    }

    private static void Staged(LlmPipelineBuilder builder, bool staged)
    {
        if (staged)
            builder.UseRouter().UseResilience();
    }

    private PipelineHost Host(ChatOptions replaced, Action<LlmPipelineBuilder>? more = null, Action<LlmPipelineBuilder>? inside = null) => PipelineHost.For(_model, builder =>
    {
        more?.Invoke(builder);
        builder.Use(inner => new OptionsReplacingChatClient(inner, () => replaced));
        inside?.Invoke(builder);
    });
}
