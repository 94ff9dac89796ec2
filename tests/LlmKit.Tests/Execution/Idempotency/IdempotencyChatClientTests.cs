using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Execution.Idempotency;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyChatClientTests(bool streamed)
{
    private static readonly Action<LlmCallOptions>[] OtherRequests =
    [
        options => options.Temperature = 0.5f,
        options => options.Tools = [AIFunctionFactory.Create(() => "sunny", "weather")],
        options => options.ConversationId = "conversation-2",
        options => options.Instructions = "Answer in French.",
        options => options.ExcludedModels = ["other"],
        options => options.Tools = [new HostedWebSearchTool()],
        options => options.AdditionalProperties = new() { ["style"] = new Version(2, 0) },
    ];

    [Test]
    public async Task Ask_SameKeyAgain_GivesTheFirstAnswerAndAsksAndPaysOnce()
    {
        using var rig = IdempotencyRig.Numbering();

        var first = await rig.AskAsync(streamed);
        var spent = rig.Spent;
        var second = await rig.AskAsync(streamed);

        Assert.That((first.Text, second.Text), Is.EqualTo(("answer 0", "answer 0")));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
        Assert.That((first.Decisions, second.Decisions), Is.EqualTo((new[] { "began", "remembered" }, new[] { "replayed" })));
        Assert.That((second.Call!.Model, second.Call.Cost, second.Call.Attempts.Count), Is.EqualTo(("model", 0m, 0)));
        Assert.That(second.Call.Marks, Is.EqualTo(AnswerMarks.Cached));
        Assert.That((rig.Spent, rig.Reserved), Is.EqualTo((spent, 0m)));
    }

    [Test]
    public async Task Ask_WholeAnswer_IsRepeatedByteForByteButForItsUsage()
    {
        using var rig = new IdempotencyRig(_ => ScriptedAnswer.Text(), client: new FixedChatClient(RichAnswer()));

        var (first, _) = await rig.Chat.AskAsync(streamed, IdempotencyRig.Keyed());
        var (second, _) = await rig.Chat.AskAsync(streamed, IdempotencyRig.Keyed());

        Assert.That(IdempotencyRig.Json(second), Is.EqualTo(IdempotencyRig.Json(first)));
        Assert.That(second.Usage, Is.Null);
        Assert.That(second.Messages[0].Contents, Has.None.SameAs(first.Messages[0].Contents[0]));
    }

    [Test]
    public async Task Ask_AnswerThatTheFirstReaderChanged_IsRepeatedAsItCame()
    {
        using var rig = IdempotencyRig.Numbering();
        var (first, _) = await rig.Chat.AskAsync(streamed, IdempotencyRig.Keyed());
        first.Messages[0].Contents.Clear();
        first.Messages.Add(new(ChatRole.Assistant, "forged"));

        var second = await rig.AskAsync(streamed, prompt: Asking.Question[0].Text);

        Assert.That(second.Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_OtherWayThanFirst_GivesTheSameText()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(!streamed);

        var second = await rig.AskAsync(streamed);

        Assert.That(second.Text, Is.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("order-8", "acme", "u1")]
    [TestCase("order-7", "other", "u1")]
    [TestCase("order-7", "acme", "u2")]
    [TestCase("order-7", "acme", null)]
    [TestCase("order-7", null, "u1")]
    [TestCase(null, "acme", "u1")]
    public async Task Ask_OtherKeyTenantOrUser_IsAskedAgain(string? key, string? tenant, string? user)
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed);

        var second = await rig.AskAsync(streamed, IdempotencyRig.Keyed(key, tenant, user));

        Assert.That(second.Text, Is.EqualTo("answer 1"));
    }

    [Test]
    public async Task Ask_OtherRequestUnderTheKey_IsAnErrorAndChangesNothing()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed);
        var spent = rig.Spent;

        var other = await rig.AskAsync(streamed, prompt: "something else, privately");
        var again = await rig.AskAsync(streamed);

        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
        Assert.That(other.Error!.Message, Does.Not.Contain("order-7").And.Not.Contain("privately"));
        Assert.That(other.Decisions, Is.EqualTo(new[] { "conflict" }));
        Assert.That((again.Text, rig.Spent), Is.EqualTo(("answer 0", spent)));
    }

    [Test]
    public async Task Ask_OtherOptionsUnderTheKey_AreAnError([Range(0, 6)] int change)
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed);
        var options = IdempotencyRig.Keyed();
        OtherRequests[change](options);

        var other = await rig.AskAsync(streamed, options);

        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_LabelsDeadlinesAndCacheDirectives_AreNoOtherRequest()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed);
        var options = IdempotencyRig.Keyed();
        options.Feature = "retry";
        options.Tags = new Dictionary<string, string> { ["try"] = "2" };
        options.MaxCost = 5;
        options.Cache = LlmCacheDirectives.Bypass;
        options.Deadline = rig.Clock.GetUtcNow().AddSeconds(10);

        var second = await rig.AskAsync(streamed, options);

        Assert.That(second.Text, Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_WindowIsOver_IsAskedAgain()
    {
        using var rig = IdempotencyRig.Numbering(options => options.Window = TimeSpan.FromMinutes(5));
        await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        var within = await rig.AskAsync(streamed);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));

        var after = await rig.AskAsync(streamed);

        Assert.That((within.Text, after.Text), Is.EqualTo(("answer 0", "answer 1")));
    }

    [Test]
    public async Task Ask_KeyInAdditionalProperties_IsUsed()
    {
        using var rig = IdempotencyRig.Numbering();
        var options = new ChatOptions { AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["llmkit.idempotency_key"] = "order-7" } };

        await rig.AskAsync(streamed, options);
        var second = await rig.AskAsync(streamed, options);

        Assert.That(second.Text, Is.EqualTo("answer 0"));
        Assert.That(rig.Model.Requests[0].Options!.AdditionalProperties, Is.Null.Or.Empty);
    }

    [Test]
    public async Task Ask_OtherHostedFileUnderTheKey_IsAnError()
    {
        using var rig = IdempotencyRig.Numbering();
        ChatMessage[] one = [new(ChatRole.User, [new TextContent("sum up"), new HostedFileContent("file-1")])];
        ChatMessage[] other = [new(ChatRole.User, [new TextContent("sum up"), new HostedFileContent("file-2")])];
        await TextAsync(rig, one);

        Assert.That(() => TextAsync(rig, other), Throws.TypeOf<IdempotencyConflictException>());
        Assert.That(await TextAsync(rig, one), Is.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_KeyThatAFrameworkReadFromJson_IsUsed()
    {
        using var rig = IdempotencyRig.Numbering();
        var key = Guid.NewGuid();
        object[] forms = [key, key.ToString(), JsonSerializer.SerializeToElement(key.ToString())];
        List<string> texts = [];

        foreach (var form in forms)
            texts.Add((await rig.AskAsync(streamed, new ChatOptions { AdditionalProperties = new() { ["llmkit.idempotency_key"] = form } })).Text);

        Assert.That(texts, Has.All.EqualTo("answer 0"));
    }

    [Test]
    public async Task Ask_KeyThatIsNoText_IsAnError()
    {
        using var rig = IdempotencyRig.Numbering();

        var outcome = await rig.AskAsync(streamed, new ChatOptions { AdditionalProperties = new() { ["llmkit.idempotency_key"] = 7 } });

        Assert.That(outcome.Error, Is.TypeOf<ArgumentException>());
    }

    [TestCase("")]
    [TestCase("  ")]
    public async Task Ask_BlankKey_IsAnErrorThatSaysWhatToDo(string key)
    {
        using var rig = IdempotencyRig.Numbering();

        var outcome = await rig.AskAsync(streamed, IdempotencyRig.Keyed(key));

        Assert.That(outcome.Error, Is.TypeOf<ArgumentException>().With.Message.Contains("LlmCallOptions.IdempotencyKey"));
    }

    [Test]
    public async Task Ask_RoundsOfAToolLoop_AreRequestsOfTheirOwnUnderOneKey()
    {
        using var rig = IdempotencyRig.Numbering();
        ChatMessage[] first = [new(ChatRole.User, "weather?")];
        ChatMessage[] second = [.. first, new(ChatRole.Assistant, [new FunctionCallContent("c1", "weather")]), new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")])];
        ChatMessage[] differs = [.. first, second[1], new(ChatRole.Tool, [new FunctionResultContent("c1", "rain")])];

        string[] texts = [await TextAsync(rig, first), await TextAsync(rig, second), await TextAsync(rig, first), await TextAsync(rig, second), await TextAsync(rig, differs)];

        Assert.That(texts, Is.EqualTo(new[] { "answer 0", "answer 1", "answer 0", "answer 1", "answer 2" }));
    }

    private static ChatResponse RichAnswer() => new(
    [
        new(ChatRole.Assistant,
        [
            new TextReasoningContent("Let me see.") { ProtectedData = "sealed" },
            new TextContent("Paris") { Annotations = [new CitationAnnotation { Title = "Atlas", Url = new("https://example.com/atlas") }] },
            new FunctionCallContent("c1", "map", new Dictionary<string, object?> { ["city"] = "Paris", ["zoom"] = 3 }),
            new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
        ]) { MessageId = "m1", AuthorName = "guide" },
    ])
    {
        ResponseId = "r1",
        ModelId = "model-1",
        CreatedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        FinishReason = ChatFinishReason.ToolCalls,
        Usage = new() { InputTokenCount = 3, OutputTokenCount = 4 },
        AdditionalProperties = new() { ["fingerprint"] = "fp_1" },
    };

    private async Task<string> TextAsync(IdempotencyRig rig, ChatMessage[] messages) => streamed
        ? (await rig.Chat.GetStreamingResponseAsync(messages, IdempotencyRig.Keyed()).ToListAsync()).ToChatResponse().Text
        : (await rig.Chat.GetResponseAsync(messages, IdempotencyRig.Keyed())).Text;
}
