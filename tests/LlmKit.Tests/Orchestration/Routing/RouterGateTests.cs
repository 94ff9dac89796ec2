using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing;

/// <summary>Who may and can take a request: asked before the call and again for every fallback.</summary>
public class RouterGateTests
{
    private readonly ScriptedChatClient _a = new(ScriptedAnswer.Text("from a"));
    private readonly ScriptedChatClient _b = new(ScriptedAnswer.Text("from b"));

    [Test]
    public async Task Ask_TooLargeForTheFirstWindow_IsAnsweredByTheNext([Values] bool streamed)
    {
        using var rig = Rig(model => model.ContextWindow = 50);

        var outcome = await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), prompt: new string('x', 400));

        Assert.That(outcome.Text, Is.EqualTo("from b"));
        Assert.That(_a.Requests, Is.Empty);
        Assert.That(outcome.Decisions, Is.EqualTo(new[] { "skipped", "chosen" }));
    }

    [Test]
    public async Task Ask_TooLargeForTheFallbacksWindow_IsNotSentToIt([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("large", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("small", _b, model => model.ContextWindow = 50).UseRouter());

        var outcome = await Outcome.OfAsync(rig.Chat, streamed, BudgetRig.Call(), prompt: new string('x', 400));

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ThatNeedsACapability_SkipsTheModelsWithoutIt([Values] bool streamed)
    {
        using var rig = Rig(model => model.Capabilities = ModelCapabilities.None);
        var options = BudgetRig.Call();
        options.Tools = [AIFunctionFactory.Create(() => 1, "tool")];

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_BoundToARegion_SkipsTheModelsElsewhere([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", _a, model => model.Region = "us").AddPriced("b", _b, model => model.Region = "eu")
            .Use(inner => new FactAddingChatClient(inner, ModelGates.RegionsFact, new[] { "eu" })).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_WhenEveryModelIsElsewhere_IsRefusedAndSentNowhere([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", _a).AddPriced("b", _b)
            .Use(inner => new FactAddingChatClient(inner, ModelGates.RegionsFact, new[] { "eu" })).UseRouter());

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Gate).And.Message.Contains("region"));
        Assert.That(_a.Requests.Concat(_b.Requests), Is.Empty);
    }

    [Test]
    public async Task Ask_ByATenantWithAnAllowList_UsesOnlyThoseModels([Values] bool streamed)
    {
        using var rig = Rig(router: router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["b"] });

        var listed = await rig.AskAsync(streamed);
        var unlisted = await rig.AskAsync(streamed, BudgetRig.Call(tenant: "beta"));

        Assert.That((listed.Text, unlisted.Text), Is.EqualTo(("from b", "from a")));
    }

    [Test]
    public async Task Ask_ByATenantWhoseOnlyModelFails_FallsBackToNoOther([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b)
            .UseRouter(router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["a"] }));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WithoutATenantWhereModelsAreAllowedByTenant_IsRefusedByDefault([Values] bool streamed)
    {
        using var rig = Rig(router: router => router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["b"] });

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(tenant: null));

        Assert.That(outcome.Error, Is.TypeOf<MissingIdentityException>().With.Message.Contains("LlmCallOptions.Tenant"));
        Assert.That(((MissingIdentityException)outcome.Error!).Reason, Is.EqualTo(RefusalReason.Gate));
        Assert.That(_a.Requests.Concat(_b.Requests), Is.Empty);
    }

    [Test]
    public async Task Ask_WithoutATenantWhereThatIsSkipped_MayUseAllModels([Values] bool streamed)
    {
        using var rig = Rig(router: router =>
        {
            router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = ["b"] };
            router.MissingIdentity = MissingIdentity.Skip;
        });

        var outcome = await rig.AskAsync(streamed, BudgetRig.Call(tenant: null));

        Assert.That(outcome.Text, Is.EqualTo("from a"));
    }

    [TestCase("b", null, "from b")]
    [TestCase(null, "a", "from b")]
    public async Task Ask_ForcingOrExcludingModels_IsObeyed(string? forced, string? excluded, string text)
    {
        using var rig = Rig();
        var options = BudgetRig.Call();
        options.Model = forced;
        options.ExcludedModels = excluded is null ? null : [excluded];

        var outcome = await rig.AskAsync(streamed: false, options);

        Assert.That(outcome.Text, Is.EqualTo(text));
    }

    [Test]
    public async Task Ask_ForcingAModelThatFails_TriesNoOther([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b).UseRouter());
        var options = BudgetRig.Call();
        options.Model = "a";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ForcingAnUnknownModel_IsRefused([Values] bool streamed)
    {
        using var rig = Rig();
        var options = BudgetRig.Call();
        options.ModelId = "gpt-nobody-registered";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Message.Contains("'gpt-nobody-registered'"));
    }

    [Test]
    public async Task Ask_InAConversationThatAModelHolds_GoesToThatModel([Values] bool streamed)
    {
        var a = new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503)), ScriptedAnswer.Text("from a"));
        var b = new ScriptedChatClient(ScriptedAnswer.Text("from b") with { ConversationId = "c1" });
        using var rig = new BudgetRig(builder => builder.AddPriced("a", a).AddPriced("b", b).UseRouter());
        await rig.AskAsync(streamed);
        var options = BudgetRig.Call();
        options.ConversationId = "c1";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Text, Is.EqualTo("from b"));
    }

    [Test]
    public async Task Ask_InAConversationWhenItsModelFails_FallsBackToNoOther([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b).UseRouter());
        var options = BudgetRig.Call();
        options.ConversationId = "c1";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_WithAFileOfTheProviderWhenTheModelFails_FallsBackToNoOther([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("a", ScriptedAnswer.Throws(Failures.Http(503))).AddPriced("b", _b).UseRouter());
        ChatMessage[] messages = [new(ChatRole.User, [new HostedFileContent("file-1")])];

        var ask = () => streamed ? rig.Chat.GetStreamingResponseAsync(messages, BudgetRig.Call()).ToChatResponseAsync() : rig.Chat.GetResponseAsync(messages, BudgetRig.Call());

        await Assert.ThatAsync(ask, Throws.TypeOf<HttpRequestException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_InAConversationWhenItsModelsCircuitIsOpen_FallsBackToNoOther([Values] bool streamed)
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("a", new EagerlyThrowingChatClient(new AttemptRefusedException(RefusalReason.CircuitOpen, "a", "open"))).AddPriced("b", _b).UseRouter());
        var options = BudgetRig.Call();
        options.ConversationId = "c1";

        var outcome = await rig.AskAsync(streamed, options);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>());
        Assert.That(_b.Requests, Is.Empty);
    }

    private BudgetRig Rig(Action<ModelOptions>? a = null, Action<RouterOptions>? router = null) =>
        new(builder => builder.AddPriced("a", _a, a).AddPriced("b", _b).UseRouter(router));
}
