using System.Reflection;
using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

[TestFixture(false)]
[TestFixture(true)]
public sealed class CallOpeningTests(bool streamed)
{
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Par", "is"));

    [Test]
    public async Task Ask_CallersOptions_AreNotChanged()
    {
        using var host = PipelineHost.For(_model);
        var options = new LlmCallOptions { Tenant = "acme", AdditionalProperties = new() { ["mine"] = 1 } };

        await host.Chat.AskAsync(streamed, options);

        Assert.That(options.Call, Is.Null);
        Assert.That(options.MaxOutputTokens, Is.Null);
        Assert.That(options.ModelId, Is.Null);
        Assert.That(options.AdditionalProperties!.Keys, Is.EqualTo(["mine"]));
    }

    [Test]
    public async Task Ask_ForeignOptionsThatShareTheirDictionary_AreNotChanged()
    {
        using var host = PipelineHost.For(_model);
        var options = new ForeignOptions { Secret = "kept", AdditionalProperties = new() { ["mine"] = 1, ["llmkit.tenant"] = "acme" } };

        var (_, call) = await host.Chat.AskAsync(streamed, options);

        Assert.That(options.AdditionalProperties.Keys, Is.EquivalentTo(["mine", "llmkit.tenant"]));
        Assert.That(call.Tenant, Is.EqualTo("acme"));
    }

    [Test]
    public async Task Ask_ForeignOptions_ReachTheModelAsTheirOwnType()
    {
        using var host = PipelineHost.For(_model);

        await host.Chat.AskAsync(streamed, new ForeignOptions { Secret = "kept" });

        Assert.That(((ForeignOptions)_model.Requests[0].Options!).Secret, Is.EqualTo("kept"));
        Assert.That(_model.Requests[0].Options!.AdditionalProperties, Is.Null);
    }

    [Test]
    public async Task Ask_LazyMessages_AreEnumeratedOnce()
    {
        using var host = PipelineHost.For(_model, builder => builder.AddStage(TestStages.Passing("a")).AddStage(TestStages.Passing("b")));
        var messages = new CountedMessages();

        if (streamed)
            await host.Chat.GetStreamingResponseAsync(messages).ToListAsync();
        else
            await host.Chat.GetResponseAsync(messages);

        Assert.That(messages.Enumerations, Is.EqualTo(1));
        Assert.That(_model.Requests[0].Text, Is.EqualTo("one\ntwo"));
    }

    [Test]
    public async Task Ask_OptionsOfAClosedCall_OpenAnotherCall()
    {
        ChatOptions? kept = null;
        using var host = PipelineHost.For(_model, builder => builder.Use((inner, _) => new InspectingChatClient(inner, options => kept ??= options)));
        var (_, first) = await host.Chat.AskAsync(streamed);

        var (_, second) = await host.Chat.AskAsync(streamed, kept);

        Assert.That(second, Is.Not.SameAs(first));
        Assert.That(first.Attempts, Has.Count.EqualTo(1));
        Assert.That(second.Attempts, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Ask_StageThatThrowsWhenTheCallOpens_ClosesTheCall()
    {
        var closed = new List<CallStatus>();
        using var host = PipelineHost.For(_model, builder => builder.UseAtOpening(_ => throw new InvalidOperationException("no identity")));

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { OnCompleted = call => closed.Add(call.Status) });

        Assert.That(closed, Is.EqualTo([CallStatus.Failed]));
        Assert.That(exception.GetCall()!.IsClosed, Is.True);
    }

    [Test]
    public async Task Ask_OptionsChangedWhileTheCallRuns_KeepTheirFirstOnCompleted()
    {
        var told = new List<string>();
        var options = new LlmCallOptions { OnCompleted = _ => told.Add("first") };
        using var host = PipelineHost.For(_model, builder => builder.Use((inner, _) => new InspectingChatClient(inner, _ => options.OnCompleted = _ => told.Add("second"))));

        await host.Chat.AskAsync(streamed, options);

        Assert.That(told, Is.EqualTo(["first"]));
    }

    [Test]
    public void Clone_EveryAddedMember_IsCopied()
    {
        var options = new LlmCallOptions
        {
            Tenant = "t",
            User = "u",
            Feature = "f",
            Tags = new Dictionary<string, string> { ["a"] = "b" },
            Interaction = new(),
            IdempotencyKey = "k",
            Priority = LlmPriority.Interactive,
            Deadline = DateTimeOffset.MaxValue,
            MaxCost = 1,
            Cache = LlmCacheDirectives.NoRead,
            CacheMaxAge = TimeSpan.FromHours(1),
            CacheTags = ["d"],
            Model = "m",
            ExcludedModels = ["x"],
            AllowFallback = false,
            OnCompleted = _ => { },
        };

        var clone = (LlmCallOptions)options.Clone();

        foreach (var member in typeof(LlmCallOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
        {
            Assert.That(member.GetValue(options), Is.Not.Null.And.Not.EqualTo(member.GetValue(new LlmCallOptions())), $"{member.Name} is not set by this test");
            Assert.That(member.GetValue(clone), Is.EqualTo(member.GetValue(options)), member.Name);
        }
    }

    [Test]
    public void Ask_NullMessages_Throws()
    {
        using var host = PipelineHost.For(_model);
        var chat = host.Chat;

        if (streamed)
            Assert.That(() => chat.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!), Throws.ArgumentNullException);
        else
            Assert.That(() => chat.GetResponseAsync((IEnumerable<ChatMessage>)null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task Ask_NoMessagesAndEmptyTexts_ReachTheModel()
    {
        using var host = PipelineHost.For(_model);

        await host.Chat.GetResponseAsync([]);
        await host.Chat.GetResponseAsync(new ChatMessage(ChatRole.User, (string?)null));

        Assert.That(_model.Requests, Has.Count.EqualTo(2));
    }
}
