using System.Text.Json;
using LlmKit.Observability.Replay;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

#pragma warning disable MEAI001 // Tools that search for tools are part of a key too.

namespace LlmKit.Tests.Observability.Replay.Keys;

public sealed class RequestJsonTests
{
    private static readonly AIFunction Weather = AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather.");
    private static readonly AIFunction Time = AIFunctionFactory.Create(() => "now", "time");

    private static readonly AITool[] HostedTools =
    [
        new HostedWebSearchTool(),
        new HostedCodeInterpreterTool(),
        new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("f1")] },
        new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("v1")] },
        new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("v2")] },
        new HostedFileSearchTool { MaximumResultCount = 3 },
        new HostedImageGenerationTool(),
        new HostedImageGenerationTool { Options = new() { Count = 2 } },
        new HostedImageGenerationTool { Options = new() { ImageSize = new(64, 32) } },
        new HostedToolSearchTool(),
        new HostedToolSearchTool { DeferredTools = ["a"] },
        new HostedMcpServerTool("docs", "https://a.example"),
        new HostedMcpServerTool("docs", "https://b.example"),
        new HostedMcpServerTool("docs", "https://a.example") { AllowedTools = ["a"] },
        new HostedMcpServerTool("docs", "https://a.example") { ServerDescription = "d" },
        new HostedMcpServerTool("docs", "https://a.example") { ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire },
        new HostedMcpServerTool("docs", "https://a.example") { ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire },
        new HostedMcpServerTool("docs", "https://a.example") { ApprovalMode = HostedMcpServerToolApprovalMode.RequireSpecific(["a"], ["b"]) },
    ];

    private static readonly (string Name, Action<ChatOptions> Change)[] Changes =
    [
        ("model", options => options.ModelId = "other"),
        ("instructions", options => options.Instructions = "Be brief."),
        ("temperature", options => options.Temperature = 0.1f),
        ("top_p", options => options.TopP = 0.5f),
        ("top_k", options => options.TopK = 3),
        ("seed", options => options.Seed = 7),
        ("max tokens", options => options.MaxOutputTokens = 9),
        ("frequency", options => options.FrequencyPenalty = 1),
        ("presence", options => options.PresencePenalty = 1),
        ("stop", options => options.StopSequences = ["END"]),
        ("format", options => options.ResponseFormat = ChatResponseFormat.Json),
        ("schema", options => options.ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse("{\"type\":\"object\"}").RootElement)),
        ("reasoning", options => options.Reasoning = new() { Effort = ReasoningEffort.High }),
        ("tools", options => options.Tools = [Weather]),
        ("tool mode", options => (options.Tools, options.ToolMode) = ([Weather], ChatToolMode.RequireAny)),
        ("required tool", options => (options.Tools, options.ToolMode) = ([Weather], ChatToolMode.RequireSpecific("weather"))),
        ("chosen property", options => options.AdditionalProperties = new() { ["chosen"] = 1 }),
    ];

    [Test]
    public void Key_OfEveryOptionThatChangesAnAnswer_IsAnother()
    {
        var keys = Changes.Select(change =>
        {
            var options = new ChatOptions();
            change.Change(options);
            return Key(Asking.Question, options);
        }).Append(Key(Asking.Question, null)).ToList();

        Assert.That(keys, Is.Unique);
    }

    [Test]
    public void Key_OfWhatChangesNoAnswer_IsTheSame()
    {
        var options = new LlmCallOptions
        {
            Tenant = "acme",
            User = "u1",
            Feature = "f",
            MaxCost = 1,
            Priority = LlmPriority.Background,
            ConversationId = "c",
            RawRepresentationFactory = _ => new(),
            AdditionalProperties = new() { ["session"] = "s", ["llmkit.tenant"] = "t" },
        };

        Assert.That(Key([new(ChatRole.User, Asking.Question[0].Text) { MessageId = "m", CreatedAt = DateTimeOffset.UnixEpoch, RawRepresentation = new() }], options), Is.EqualTo(Key(Asking.Question, null)));
    }

    [Test]
    public void Key_OfTools_GoesByTheirNamesAndSchemas()
    {
        var key = Key(Asking.Question, new() { Tools = [Weather, Time] });

        Assert.That(Key(Asking.Question, new() { Tools = [Time, Weather] }), Is.EqualTo(key));
        Assert.That(Key(Asking.Question, new() { Tools = [Time, AIFunctionFactory.Create((int city) => city, "weather", "Tells the weather.")] }), Is.Not.EqualTo(key));
        Assert.That(Key(Asking.Question, new() { Tools = [Time, new HostedWebSearchTool()] }), Is.Not.EqualTo(key));
    }

    [Test]
    public void Key_OfHostedTools_GoesByTheirSettings()
    {
        var keys = HostedTools.Select(tool => Key(Asking.Question, new() { Tools = [tool] })).ToList();

        Assert.That(keys, Is.Unique);
    }

    [Test]
    public void Key_OfTools_DoesNotGoByTheirOrderOrHeaders()
    {
        var (one, other) = (HostedTools[3], HostedTools[4]);
        var server = new HostedMcpServerTool("docs", "https://a.example") { AllowedTools = ["b", "a"], Headers = new Dictionary<string, string> { ["Authorization"] = "x" } };
        var same = new HostedMcpServerTool("docs", "https://a.example") { AllowedTools = ["a", "b"] };

        Assert.That(Key(Asking.Question, new() { Tools = [one, other] }), Is.EqualTo(Key(Asking.Question, new() { Tools = [other, one] })));
        Assert.That(Key(Asking.Question, new() { Tools = [server] }), Is.EqualTo(Key(Asking.Question, new() { Tools = [same] })));
        Assert.That(Key(Asking.Question, new() { Tools = [new HostedWebSearchTool(new Dictionary<string, object?> { ["chosen"] = 1 })] }), Is.Not.EqualTo(Key(Asking.Question, new() { Tools = [new HostedWebSearchTool()] })));
    }

    [Test]
    public void Key_OfTheOtherNameForASystemMessage_IsTheSame() =>
        Assert.That(Key([new(new ChatRole("developer"), "a")], null), Is.EqualTo(Key([new(ChatRole.System, "a")], null)));

    [Test]
    public void Key_OfACallThatItsLoopHasRun_IsTheSame() => Assert.That(
        Key([new(ChatRole.Assistant, [new FunctionCallContent("c", "f") { InformationalOnly = true }])], null),
        Is.EqualTo(Key([new(ChatRole.Assistant, [new FunctionCallContent("c", "f")])], null)));

    [Test]
    public void Key_OfToolCalls_GoesByTheirOrderAndNotByTheirIds()
    {
        Assert.That(Key(Loop("call_x", "call_y"), null), Is.EqualTo(Key(Loop("7", "8"), null)));
        Assert.That(Key(Loop("a", "a"), null), Is.Not.EqualTo(Key(Loop("a", "b"), null)));

        static ChatMessage[] Loop(string one, string two) =>
        [
            new(ChatRole.Assistant, [new FunctionCallContent(one, "f", new Dictionary<string, object?> { ["b"] = 1, ["a"] = "x" }), new FunctionCallContent(two, "f", new Dictionary<string, object?> { ["a"] = "x", ["b"] = 1 })]),
            new(ChatRole.Tool, [new FunctionResultContent(one, "1"), new FunctionResultContent(two, "2")]),
        ];
    }

    [Test]
    public void Key_OfPieces_IsThatOfTheWhole() => Assert.That(
        Key([new(ChatRole.User, [new TextContent("What is "), new TextContent("the capital of France?"), new UsageContent(new())])], null),
        Is.EqualTo(Key(Asking.Question, null)));

    [Test]
    public void Key_OfData_GoesByItsBytesAndDoesNotHoldThem()
    {
        var request = RequestJson.Of([new(ChatRole.User, [new DataContent(new byte[] { 1, 2, 3 }, "image/png")])], (ChatOptions?)null, null, new(new()));

        Assert.That(CanonicalJson.Compact(request), Does.Contain("\"bytes\":3").And.Contain("\"sha256\":\"039058c6").And.Not.Contain("AQID"));
    }

    [TestCase("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301", "id 00000000-1111-2222-3333-444444444444")]
    [TestCase("at 2026-01-31T09:30:00Z", "at 2025-12-31 23:59:59.123+02:00")]
    [TestCase("in /var/folders/ab/x.txt", "in C:\\Users\\me\\AppData\\Local\\Temp\\y.txt")]
    public void Key_OfWhatChangesFromRunToRun_IsTheSame(string one, string other) =>
        Assert.That(Key([new(ChatRole.User, one)], null), Is.EqualTo(Key([new(ChatRole.User, other)], null)));

    [Test]
    public void Key_WithNormalizersOfOnesOwn_GoesByThem()
    {
        var options = new CassetteOptions();
        options.Normalizers.Clear();
        options.Normalizers.Add(CassetteNormalizers.WhiteSpace);
        options.Normalizers.Add(text => text.ToUpperInvariant());

        Assert.That(Key([new(ChatRole.User, " a  b\n")], null, options), Is.EqualTo(Key([new(ChatRole.User, "A B")], null, options)));
        Assert.That(Key([new(ChatRole.User, "2026-01-31T09:30:00Z")], null, options), Is.Not.EqualTo(Key([new(ChatRole.User, "2026-01-31T09:30:01Z")], null, options)));
    }

    [Test]
    public void Key_OfValuesWithoutJson_IsRefused() => Assert.That(
        () => Key([new(ChatRole.Tool, [new FunctionResultContent("c", new Action(() => { }))])], null),
        Throws.TypeOf<CassetteException>().With.Message.Contains("System.Action"));

    [Test]
    public void Redaction_RunsBeforeTheKey()
    {
        var options = new CassetteOptions { Redact = text => text.Replace("secret-1", "[key]", StringComparison.Ordinal).Replace("secret-2", "[key]", StringComparison.Ordinal) };

        Assert.That(Key([new(ChatRole.User, "use secret-1")], new() { Instructions = "secret-1" }, options), Is.EqualTo(Key([new(ChatRole.User, "use secret-2")], new() { Instructions = "secret-2" }, options)));
    }

    private static string Key(IEnumerable<ChatMessage> messages, ChatOptions? chat, CassetteOptions? options = null)
    {
        options ??= new();
        options.KeyProperties.Add("chosen");
        return CanonicalJson.KeyOf(RequestJson.Of(messages, chat, model: null, new(options)));
    }
}
