using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What makes a request under a key the same one: tools that the provider runs, foreign options, rounds of a tool loop.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyRequestTests(bool streamed)
{
    private static readonly ChatMessage Weather = new(ChatRole.User, "weather?");
    private static readonly ChatMessage Calling = new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather")]);

    private static readonly AITool[][] HostedTools =
    [
        [new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("one")] }, new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("other")] }],
        [new HostedFileSearchTool { MaximumResultCount = 1 }, new HostedFileSearchTool { MaximumResultCount = 2 }],
        [new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("one")] }, new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("other")] }],
        [new HostedMcpServerTool("shop", "https://one.example"), new HostedMcpServerTool("shop", "https://other.example")],
        [new HostedMcpServerTool("shop", "https://one.example"), new HostedMcpServerTool("mall", "https://one.example")],
        [Shop(tool => tool.ServerDescription = "one"), Shop(tool => tool.ServerDescription = "other")],
        [Shop(tool => tool.AllowedTools = ["search"]), Shop(tool => tool.AllowedTools = ["search", "buy"])],
        [Shop(tool => tool.AllowedTools = []), Shop(_ => { })],
        [Shop(tool => tool.ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire), Shop(tool => tool.ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire)],
        [Shop(Approving("buy")), Shop(Approving("sell"))],
        [Shop(tool => tool.Headers = new Dictionary<string, string> { ["region"] = "eu" }), Shop(tool => tool.Headers = new Dictionary<string, string> { ["region"] = "us" })],
        [new HostedImageGenerationTool { Options = new() { Count = 1 } }, new HostedImageGenerationTool { Options = new() { Count = 2 } }],
    ];

    [Test]
    public async Task Ask_OtherMemberOfAHostedToolUnderTheKey_IsAnError([Range(0, 11)] int pair)
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed, With(HostedTools[pair][0]));

        var again = await rig.AskAsync(streamed, With(HostedTools[pair][0]));
        var other = await rig.AskAsync(streamed, With(HostedTools[pair][1]));

        Assert.That(again.Text, Is.EqualTo("answer 0"));
        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_OptionsOfAForeignClassUnderTheKey_AreComparedInWhatIsKnownOfThem()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed, Foreign("one", limit: 20));

        var ownMember = await rig.AskAsync(streamed, Foreign("other", limit: 20));
        var known = await rig.AskAsync(streamed, Foreign("one", limit: 30));
        var otherClass = await rig.AskAsync(streamed, new ChatOptions { MaxOutputTokens = 20, AdditionalProperties = Foreign("one", limit: 20).AdditionalProperties });

        Assert.That(ownMember.Text, Is.EqualTo("answer 0"), "it cannot be read");
        Assert.That(new[] { known.Error, otherClass.Error }, Has.All.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_RoundThatEndsWithAnotherWordOfTheUser_IsARequestOfItsOwn()
    {
        using var rig = IdempotencyRig.Numbering();
        ChatMessage[] round = [Weather, Calling, Result("sunny"), new(ChatRole.User, "Remember to be brief.")];

        string[] texts = [await TextAsync(rig.Chat, Weather), await TextAsync(rig.Chat, round), await TextAsync(rig.Chat, Weather), await TextAsync(rig.Chat, round)];

        Assert.That(texts, Is.EqualTo(new[] { "answer 0", "answer 1", "answer 0", "answer 1" }));
    }

    [Test]
    public async Task Ask_QuestionAfterALoopThatHasEnded_IsNoRound()
    {
        using var rig = IdempotencyRig.Numbering();
        ChatMessage[] history = [Weather, Calling, Result("sunny"), new(ChatRole.Assistant, "It is sunny.")];
        ChatMessage[] byTheProvider = [Weather, new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather") { InformationalOnly = true }, new FunctionResultContent("c1", "sunny"), new TextContent("It is sunny.")])];
        await TextAsync(rig.Chat, [.. history, new(ChatRole.User, "and tomorrow?")]);

        foreach (var before in new[] { history, byTheProvider })
            Assert.That(() => TextAsync(rig.Chat, [.. before, new(ChatRole.User, "and on Sunday?")]), Throws.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_RoundWithAnotherRedactedResult_IsARequestOfItsOwn()
    {
        using var rig = IdempotencyRig.Numbering();
        using var chat = new LlmKit.Control.Guardrails.GuardrailChatClient(rig.Chat, new GuardrailOptions().RedactPersonalData());
        ChatMessage[] one = [Weather, Calling, Result("ask ann@example.com")];
        ChatMessage[] other = [Weather, Calling, Result("ask bob@example.com")];

        string[] texts = [await TextAsync(chat, one), await TextAsync(chat, other), await TextAsync(chat, one), await TextAsync(chat, other)];

        Assert.That(texts, Is.EqualTo(new[] { "answer 0", "answer 1", "answer 0", "answer 1" }));
    }

    private static HostedMcpServerTool Shop(Action<HostedMcpServerTool> change)
    {
        var tool = new HostedMcpServerTool("shop", "https://one.example");
        change(tool);
        return tool;
    }

    private static Action<HostedMcpServerTool> Approving(string tool) => shop => shop.ApprovalMode = HostedMcpServerToolApprovalMode.RequireSpecific([tool], null);

    private static LlmCallOptions With(AITool tool)
    {
        var options = IdempotencyRig.Keyed();
        options.Tools = [tool];
        return options;
    }

    private static ForeignOptions Foreign(string secret, int limit) =>
        new() { Secret = secret, MaxOutputTokens = limit, AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["llmkit.idempotency_key"] = "order-7" } };

    private static ChatMessage Result(string text) => new(ChatRole.Tool, [new FunctionResultContent("c1", text)]);

    private async Task<string> TextAsync(IChatClient chat, params ChatMessage[] messages) => streamed
        ? (await chat.GetStreamingResponseAsync(messages, IdempotencyRig.Keyed()).ToListAsync()).ToChatResponse().Text
        : (await chat.GetResponseAsync(messages, IdempotencyRig.Keyed())).Text;
}
