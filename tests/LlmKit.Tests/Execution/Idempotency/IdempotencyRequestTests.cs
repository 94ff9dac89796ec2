using System.Text;
using System.Text.RegularExpressions;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What makes a request under a key the same one: tools that the provider runs, foreign options, rounds of a tool loop, what rails removed.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed partial class IdempotencyRequestTests(bool streamed)
{
    private const string AskAnn = "write to ann@example.com";
    private const string AskBob = "write to bob@example.com";

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

    [Test]
    public async Task Ask_RedactedRequestAfterARestart_IsAskedAgainAndNotReplayed()
    {
        var store = new RestartedStore();
        await AskRedactedAsync(store, AskAnn);

        var bob = await AskRedactedAsync(store, AskBob);

        Assert.That(bob.Text, Is.EqualTo("answer to bob"));
        Assert.That(bob.Decisions.Skip(1), Is.EqualTo(new[] { "not-evaluated", "began", "remembered" }));
    }

    [TestCase(AskAnn, "write to [EMAIL]")]
    [TestCase("write to [EMAIL]", AskAnn)]
    public async Task Ask_RedactedOnlyOnOneSideOfARestart_IsAConflict(string before, string after)
    {
        var store = new RestartedStore();
        await AskRedactedAsync(store, before);

        var outcome = await AskRedactedAsync(store, after);

        Assert.That(outcome.Error, Is.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_NothingRedactedBeforeAndAfterARestart_IsReplayed()
    {
        var store = new RestartedStore();
        await AskRedactedAsync(store, "hi");

        var again = await AskRedactedAsync(store, "hi", "another answer");
        var other = await AskRedactedAsync(store, "ho");

        Assert.That(again.Text, Is.EqualTo("answer to ann"));
        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
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

    private async Task<Outcome> AskRedactedAsync(RestartedStore store, string prompt, string? answer = null)
    {
        answer ??= prompt == AskBob ? "answer to bob" : "answer to ann";
        using var host = PipelineHost.For(
            ScriptedAnswer.Text(answer),
            builder =>
            {
                builder.Services.AddSingleton<IIdempotencyStore>(store);
                builder.UseGuardrails(rails => rails.RedactPersonalData()).UseIdempotency();
            });
        return await Outcome.OfAsync(host.Chat, streamed, IdempotencyRig.Keyed(), prompt);
    }

    private async Task<string> TextAsync(IChatClient chat, params ChatMessage[] messages) => streamed
        ? (await chat.GetStreamingResponseAsync(messages, IdempotencyRig.Keyed()).ToListAsync()).ToChatResponse().Text
        : (await chat.GetResponseAsync(messages, IdempotencyRig.Keyed())).Text;

    /// <summary>Gives what is kept as if another process had kept it.</summary>
    private sealed partial class RestartedStore : IIdempotencyStore
    {
        private readonly Dictionary<string, string> _outcomes = [];

        public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) =>
            new(_outcomes.TryGetValue(key, out var outcome) ? Encoding.UTF8.GetBytes(Process().Replace(outcome, "\"process\":\"earlier\"")) : null);

        public ValueTask<bool> SaveAsync(string key, byte[] outcome, TimeSpan window, CancellationToken cancellationToken)
        {
            _outcomes[key] = Encoding.UTF8.GetString(outcome);
            return new(true);
        }

        [GeneratedRegex("\"process\":\"[0-9a-f]+\"")]
        private static partial Regex Process();
    }
}
