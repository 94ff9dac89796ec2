using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class IdentityTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [Test]
    public async Task Ask_IdentityFromEverywhere_TakesTheNearestOfEach()
    {
        using var host = Host(new("delegate", "delegate", "delegate"));
        using var scope = LlmScope.Begin(tenant: "scope", user: "scope");
        var options = new LlmCallOptions { Tenant = "options", AdditionalProperties = new() { ["llmkit.tenant"] = "property", ["llmkit.user"] = "property" } };

        var (_, call) = await host.Chat.AskAsync(streamed, options);

        Assert.That(call.Identity, Is.EqualTo(new CallIdentity("options", "property", "delegate")));
    }

    [Test]
    public async Task Ask_PlainOptionsWithProperties_TakesThemAndStripsThem()
    {
        using var host = Host();
        var options = new ChatOptions { AdditionalProperties = new() { ["LlmKit.Tenant"] = "acme", ["other"] = 1 } };

        var (_, call) = await host.Chat.AskAsync(streamed, options);

        Assert.That(call.Tenant, Is.EqualTo("acme"));
        Assert.That(_model.Requests[0].Options!.AdditionalProperties!.Keys, Is.EqualTo(["other"]));
    }

    [Test]
    public async Task Ask_BlankIdentity_IsNone()
    {
        using var host = Host();

        var (_, call) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Tenant = " ", User = "" });

        Assert.That(call.Identity, Is.EqualTo(default(CallIdentity)));
    }

    [Test]
    public async Task Stream_EnumeratedOutsideTheScope_KeepsTheScopeOfTheRequest()
    {
        using var host = Host();
        IAsyncEnumerable<ChatResponseUpdate> stream;
        using (LlmScope.Begin(tenant: "then"))
            stream = host.Chat.GetStreamingResponseAsync(Asking.Question);
        using var now = LlmScope.Begin(tenant: "now");

        var updates = await stream.ToListAsync();

        Assert.That(updates[^1].GetCall()!.Tenant, Is.EqualTo("then"));
    }

    [Test]
    public void Begin_NestedScope_InheritsWhatItDoesNotSet()
    {
        using var outer = LlmScope.Begin(tenant: "acme", user: "u1");

        using var inner = LlmScope.Begin(user: "u2");

        Assert.That(inner.Identity, Is.EqualTo(new CallIdentity("acme", "u2", null)));
    }

    [Test]
    public void Dispose_NestedScope_RestoresTheOuterOne()
    {
        using var outer = LlmScope.Begin(tenant: "acme");

        LlmScope.Begin(tenant: "other").Dispose();

        Assert.That(LlmScope.Current, Is.SameAs(outer));
    }

    [Test]
    public async Task Ask_ScopeWithInteraction_JoinsIt()
    {
        using var host = Host();
        using var scope = LlmInteraction.Begin(out var interaction);

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Interaction, Is.SameAs(interaction));
    }

    private PipelineHost Host(CallIdentity fallback = default) => PipelineHost.For(_model, builder => builder.WithIdentity(_ => () => fallback));
}
