using System.Diagnostics;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingContentTests
{
    private const string Marker = "M4RKER";

    [Test]
    public async Task Call_ContentOff_NoTextIsAnywhere([Values] bool alone, [Values] bool streamed, [Values] bool fails)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Stages = builder => builder.Use(inner => new OnceMoreClient(inner, () => new RetryStep(1))) };
        var answer = ScriptedAnswer.Text(Marker) with { Contents = [new FunctionCallContent("1", "tool", new Dictionary<string, object?> { ["q"] = Marker })] };
        if (fails)
            answer = ScriptedAnswer.Throws(new HttpRequestException(Marker));

        try
        {
            await traced.AskAsync(traced.Build(alone, answer), streamed, prompt: Marker);
        }
        catch (HttpRequestException) when (fails)
        {
        }

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        foreach (var reported in recorder.Children(span).Append(span))
            Assert.That(Texts(reported), Has.None.Contains(Marker));
        Assert.That(recorder.All("gen_ai.request.model", traced.Name).SelectMany(measurement => measurement.Tags.Select(Text)), Has.None.Contains(Marker));
    }

    [Test]
    public async Task Call_ContentOn_SpanHoldsTheConversation([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.CaptureContent = true };
        var client = traced.Build(alone: true, ScriptedAnswer.Text("It is ", "sunny."));
        var options = traced.CallOptions;
        options.Instructions = "Be brief.";
        ChatMessage[] messages = [new(ChatRole.System, "You know the weather."), new(ChatRole.User, "And in Paris?") { AuthorName = "ann" }];

        if (streamed)
            await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync();
        else
            await client.GetResponseAsync(messages, options);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(span.GetTagItem("gen_ai.system_instructions"), Is.EqualTo("""[{"type":"text","content":"Be brief."}]"""));
        Assert.That(span.GetTagItem("gen_ai.input.messages"), Is.EqualTo(
            """[{"role":"system","parts":[{"type":"text","content":"You know the weather."}]},{"role":"user","name":"ann","parts":[{"type":"text","content":"And in Paris?"}]}]"""));
        Assert.That(span.GetTagItem("gen_ai.output.messages"), Is.EqualTo(
            """[{"role":"assistant","parts":[{"type":"text","content":"It is sunny."}],"finish_reason":"stop"}]"""));
    }

    [Test]
    public void Messages_ToolsAndMedia_FollowTheSchema()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant, [
                new TextReasoningContent("thinking"),
                new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Paris", ["days"] = 2, ["at"] = JsonSerializer.Deserialize<JsonElement>("""{"lat":48.8,"tags":["a",null,true]}""") }),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "rain"), new FunctionResultContent("c2", null) { Exception = new InvalidOperationException("secret") }]),
            new(ChatRole.User, [new DataContent(new byte[] { 1, 2 }, "image/png"), new UriContent("https://u:p@files.example/a.pdf?key=secret", "application/pdf"), new HostedFileContent("f1")]),
            new(new ChatRole("critic"), [new ErrorContent("no") { ErrorCode = "e1" }, new UsageContent(new()), new HostedVectorStoreContent("v1")]),
        ];

        var json = new ContentJson(redact: null, 1_000, 100_000).Messages(messages)!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(Part(parsed, 0, 0), Is.EqualTo("""{"type":"reasoning","content":"thinking"}"""));
        Assert.That(Part(parsed, 0, 1), Is.EqualTo("""{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Paris","days":2,"at":{"lat":48.8,"tags":["a",null,true]}}}"""));
        Assert.That(Part(parsed, 1, 0), Is.EqualTo("""{"type":"tool_call_response","id":"c1","response":"rain"}"""));
        Assert.That(Part(parsed, 1, 1), Is.EqualTo("""{"type":"tool_call_response","id":"c2","response":"System.InvalidOperationException","llmkit.incomplete":true}"""));
        Assert.That(Part(parsed, 2, 0), Does.StartWith("""{"type":"blob","mime_type":"image/png","modality":"image","content":"","llmkit.omitted":{"bytes":2,"sha256":"a12871fee2"""));
        Assert.That(Part(parsed, 2, 1), Is.EqualTo("""{"type":"uri","uri":"https://files.example/a.pdf","llmkit.incomplete":true,"mime_type":"application/pdf","modality":"document"}"""));
        Assert.That(Part(parsed, 2, 2), Is.EqualTo("""{"type":"file","file_id":"f1","modality":"document"}"""));
        Assert.That(Part(parsed, 3, 0), Is.EqualTo("""{"type":"error","code":"e1","content":"no"}"""));
        Assert.That(Part(parsed, 3, 1), Is.EqualTo("""{"type":"vector_store","vector_store_id":"v1"}"""));
        Assert.That(parsed.RootElement[3].GetProperty("role").GetString(), Is.EqualTo("critic"));
    }

    [Test]
    public void Messages_ToolGivesParts_AreWrittenAsPartsWithoutBytesOrSecrets()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant, [new FunctionCallContent("c0", "crop", new Dictionary<string, object?> { ["of"] = new DataContent(new byte[] { 1, 2, 3 }, "image/png") })]),
            new(ChatRole.Tool, [
                new FunctionResultContent("c1", new DataContent(new byte[] { 1, 2, 3 }, "image/png")),
                new FunctionResultContent("c2", new UriContent("https://ann:hunter2@files.example/a.png?sig=hunter2", "image/png")),
                new FunctionResultContent("c3", new List<AIContent> { new TextContent(Marker), new UsageContent(new()), new DataContent(new byte[] { 1, 2, 3 }, "image/png") }),
                new FunctionResultContent("c4", new UsageContent(new())),
                new FunctionResultContent("c5", new Dictionary<string, object?> { ["image"] = "data:image/png;base64,AQID" }),
            ]),
        ];

        var json = new ContentJson(text => text.Replace(Marker, "X", StringComparison.Ordinal), 1_000, 100_000).Messages(messages)!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(json, Does.Not.Contain("AQID").And.Not.Contain("hunter2").And.Not.Contain(Marker));
        Assert.That(Part(parsed, 0, 0), Does.StartWith("""{"type":"tool_call","id":"c0","name":"crop","arguments":{"of":{"type":"blob","mime_type":"image/png","modality":"image","content":"","llmkit.omitted":{"bytes":3,"""));
        Assert.That(Part(parsed, 1, 0), Does.StartWith("""{"type":"tool_call_response","id":"c1","response":{"type":"blob","mime_type":"image/png","modality":"image","content":"","llmkit.omitted":{"bytes":3,"""));
        Assert.That(Part(parsed, 1, 1), Does.Contain("""{"type":"uri","uri":"https://files.example/a.png","llmkit.incomplete":true,"""));
        Assert.That(Part(parsed, 1, 2), Does.Contain("""[{"type":"text","content":"X"},{"type":"blob","""));
        Assert.That(Part(parsed, 1, 3), Is.EqualTo("""{"type":"tool_call_response","id":"c4","response":null}"""));
        Assert.That(Part(parsed, 1, 4), Is.EqualTo("""{"type":"tool_call_response","id":"c5","response":{"image":"data:image/png;base64,… [cut, 26 characters]"}}"""));
    }

    [Test]
    public void Messages_ResultThatHoldsItself_IsCut()
    {
        var result = new FunctionResultContent("c1", result: null);
        result.Result = new List<AIContent> { result };

        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([new(ChatRole.Tool, [result])])!;

        Assert.That(json, Does.Contain("[cut, no room]"));
    }

    [Test]
    public void Messages_CallsWithoutArguments_HaveNone()
    {
        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([new(ChatRole.Assistant, [
            new FunctionCallContent("c1", "now"), new McpServerToolCallContent("c2", "list", "docs"), new WebSearchToolCallContent("c3")])])!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(Part(parsed, 0, 0), Is.EqualTo("""{"type":"tool_call","id":"c1","name":"now"}"""));
        Assert.That(json, Does.Not.Contain("arguments").And.Not.Contain("queries"));
    }

    [TestCase("password", "hunter2", true)]
    [TestCase("X-Api-Key", "hunter2", true)]
    [TestCase("db_connection.string", "hunter2", true)]
    [TestCase("accessToken", "hunter2", true)]
    [TestCase("Set-Cookie", "hunter2", true)]
    [TestCase("pwd", 1234, true)]
    [TestCase("max_tokens", 1234, false)]
    [TestCase("has_password", true, false)]
    [TestCase("secret", null, false)]
    [TestCase("secretary", "Ann", false)]
    public void Messages_ValueByTheNameOfASecret_IsWithheld(string name, object? value, bool isWithheld)
    {
        var nested = new Dictionary<string, object?> { ["list"] = new object?[] { new Dictionary<string, object?> { [name] = value } } };
        var typed = new Dictionary<string, string?> { [name] = value?.ToString() };
        var written = $"\"{name}\":{(isWithheld ? "\"[withheld]\"" : JsonSerializer.Serialize(value))}";

        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([
            new(ChatRole.Assistant, [new FunctionCallContent("1", "login", nested)]),
            new(ChatRole.Tool, [new FunctionResultContent("1", JsonSerializer.SerializeToElement(nested))]),
            new(ChatRole.Tool, [new FunctionResultContent("2", JsonSerializer.SerializeToNode(nested))])])!;

        Assert.That(json.Split(written), Has.Length.EqualTo(4));
        if (isWithheld)
            Assert.That(new ContentJson(redact: null, 1_000, 100_000).Value(typed), Is.EqualTo($"{{{written}}}"));
    }

    [TestCase("{\"user\":\"änn\",\"keys\":[{\"api-key\":\"hunter2\"}]}", "{\"user\":\"änn\",\"keys\":[{\"api-key\":\"[withheld]\"}]}")]
    [TestCase(" [ {\"inner\":\"{\\\"password\\\":\\\"hunter2\\\"}\"}, {\"pwd\":1} ] ", "[{\"inner\":\"{\\\"password\\\":\\\"[withheld]\\\"}\"},{\"pwd\":\"[withheld]\"}]")]
    [TestCase("{ \"user\": \"ann\" }", "{ \"user\": \"ann\" }")]
    [TestCase("{ the password is in the safe }", "{ the password is in the safe }")]
    [TestCase("{\"\\ud83d\":\"hunter2\"}", "[redaction failed]")]
    public void Messages_TextThatIsJson_HasItsSecretsWithheld(string text, string written)
    {
        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([new(ChatRole.Tool, [
            new FunctionResultContent("1", text), new FunctionResultContent("2", JsonSerializer.SerializeToElement(text)), new FunctionResultContent("3", new List<AIContent> { new TextContent(text) })])])!;

        using var parsed = JsonDocument.Parse(json);
        var parts = parsed.RootElement[0].GetProperty("parts");
        Assert.That(new[] { parts[0].GetProperty("response"), parts[1].GetProperty("response"), parts[2].GetProperty("response")[0].GetProperty("content") }.Select(static response => response.GetString()), Has.All.EqualTo(written));
    }

    [Test]
    public void Tools_ParameterByTheNameOfASecret_IsDefinedAllTheSame()
    {
        var json = new ContentJson(redact: null, 1_000, 100_000).Tools([AIFunctionFactory.Create(static (string password) => password.Length, "login")])!;

        Assert.That(json, Does.Contain("\"password\":{\"type\":\"string\"}"));
    }

    [Test]
    public void Messages_ToolsOfTheProvider_FollowTheSchema()
    {
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant, [
                new McpServerToolCallContent("c1", "search", "docs") { Arguments = new Dictionary<string, object?> { ["q"] = Marker } },
                new McpServerToolResultContent("c1") { Outputs = [new TextContent("found")] },
                new CodeInterpreterToolCallContent("c2") { Inputs = [new TextContent("1+1")] },
                new CodeInterpreterToolResultContent("c2") { Outputs = [new TextContent("2")] },
                new ImageGenerationToolCallContent("c3"),
                new ImageGenerationToolResultContent("c3") { Outputs = [new UriContent("https://files.example/a.png", "image/png")] },
                new WebSearchToolCallContent("c4") { Queries = ["rain"] },
                new WebSearchToolResultContent("c4"),
            ]),
        ];

        var json = new ContentJson(text => text.Replace(Marker, "X", StringComparison.Ordinal), 1_000, 100_000).Messages(messages)!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(Part(parsed, 0, 0), Is.EqualTo("""{"type":"server_tool_call","id":"c1","name":"search","server_tool_call":{"type":"mcp","server_label":"docs","arguments":{"q":"X"}}}"""));
        Assert.That(Part(parsed, 0, 1), Is.EqualTo("""{"type":"server_tool_call_response","id":"c1","server_tool_call_response":{"type":"mcp","outputs":[{"type":"text","content":"found"}]}}"""));
        Assert.That(Part(parsed, 0, 2), Is.EqualTo("""{"type":"server_tool_call","id":"c2","name":"code_interpreter","server_tool_call":{"type":"code_interpreter","inputs":[{"type":"text","content":"1+1"}]}}"""));
        Assert.That(Part(parsed, 0, 3), Does.Contain("\"outputs\":[{\"type\":\"text\",\"content\":\"2\"}]"));
        Assert.That(Part(parsed, 0, 4), Is.EqualTo("""{"type":"server_tool_call","id":"c3","name":"image_generation","server_tool_call":{"type":"image_generation"}}"""));
        Assert.That(Part(parsed, 0, 5), Does.Contain("\"modality\":\"image\""));
        Assert.That(Part(parsed, 0, 6), Is.EqualTo("""{"type":"server_tool_call","id":"c4","name":"web_search","server_tool_call":{"type":"web_search","queries":["rain"]}}"""));
        Assert.That(Part(parsed, 0, 7), Is.EqualTo("""{"type":"server_tool_call_response","id":"c4","server_tool_call_response":{"type":"web_search"}}"""));
    }

    [TestCase("IMAGE/png", "image")]
    [TestCase("audio/wav", "audio")]
    [TestCase("video/mp4", "video")]
    [TestCase("application/pdf", "document")]
    [TestCase("text/csv", "document")]
    [TestCase("font/woff2", "other")]
    [TestCase("model/gltf+json", "other")]
    public void Messages_Media_AlwaysSayTheirModality(string type, string modality)
    {
        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([new(ChatRole.User, [new DataContent(new byte[] { 1 }, type), new UriContent("https://files.example/a", type), new HostedFileContent("f") { MediaType = type }])])!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(parsed.RootElement[0].GetProperty("parts").EnumerateArray().Select(part => part.GetProperty("modality").GetString()), Is.All.EqualTo(modality).And.Exactly(3).Items);
    }

    [TestCase("two words")]
    [TestCase("\"quoted\" \\ and\nlines\r\n\twith\u0001\u007fmore")]
    [TestCase("Größe 🧾")]
    [TestCase("ann@example.org wrote")]
    public void Messages_OfOneTextEach_AreWrittenAsAllOthers(string text)
    {
        var redacted = new List<string>();
        var json = new ContentJson(Redact, 1_000, 100_000);
        ChatMessage[] plain = [new(ChatRole.System, "Be brief."), new(ChatRole.User, text), new(ChatRole.Assistant, text + text)];
        // A part without a text is skipped, and has the message written part by part.
        ChatMessage[] parts = [.. plain.Select(static message => new ChatMessage(message.Role, [.. message.Contents, new TextContent("")]))];

        var written = json.Messages(plain);
        var asked = redacted.ToList();
        var answer = json.Answer(new(plain[1]) { FinishReason = ChatFinishReason.Length });

        Assert.That(written, Is.EqualTo(json.Messages(parts)).And.Not.Contains("ann@"));
        Assert.That(answer, Is.EqualTo(json.Answer(new(parts[1]) { FinishReason = ChatFinishReason.Length })).And.EndsWith("\"finish_reason\":\"length\"}]"));
        Assert.That(asked, Is.SupersetOf(plain.Select(static message => message.Text)));

        string Redact(string said)
        {
            redacted.Add(said);
            return said.Replace("ann@example.org", "[email]", StringComparison.Ordinal);
        }
    }

    [Test]
    public void Messages_OneOfSeveralPartsAmongOthers_NoTextIsRedactedTwice()
    {
        var redacted = new List<string>();
        var json = new ContentJson(said => { redacted.Add(said); return said; }, 1_000, 100_000);

        json.Messages([new(ChatRole.User, "one"), new(ChatRole.User, [new TextContent("two"), new TextContent("three")])]);

        Assert.That(redacted, Is.EquivalentTo(new[] { "one", "two", "three" }));
    }

    [Test]
    public void Messages_AnyTexts_AreValidJsonWithinTheCap() => Prop.ForAll<string[], int>((texts, size) =>
    {
        var cap = 4_096 + Math.Abs(size % 3) * 2_000;
        var messages = (texts ?? []).Select((text, i) => new ChatMessage(ChatRole.User, [
            new TextContent(string.Concat(Enumerable.Repeat(text ?? "", 40 * (i + 1)))),
            new FunctionCallContent(text ?? "", text ?? "", new Dictionary<string, object?> { [text ?? ""] = new[] { text, text } }),
            new FunctionResultContent(text ?? "", text),
        ])
        { AuthorName = text }).ToList();
        if (new ContentJson(redact: null, 1_000, cap).Messages(messages) is not { } json)
            return messages.Count == 0;
        using var parsed = JsonDocument.Parse(json);
        return parsed.RootElement.ValueKind == JsonValueKind.Array && System.Text.Encoding.UTF8.GetByteCount(json) <= cap;
    }).QuickCheckThrowOnFailure();

    [TestCase("\"],\"role\":\"system\"}")]
    [TestCase("\u0000\u001f\u2028</script>\\")]
    [TestCase("\ud83d")]
    [TestCase("\udc00 \ud83d\ude00")]
    public void Messages_HostileText_StaysInsideItsString(string text)
    {
        var json = new ContentJson(redact: null, 1_000, 100_000).Messages([new(ChatRole.User, text)])!;

        using var parsed = JsonDocument.Parse(json);
        Assert.That(parsed.RootElement.GetArrayLength(), Is.EqualTo(1));
        Assert.That(parsed.RootElement[0].GetProperty("role").GetString(), Is.EqualTo("user"));
        Assert.That(parsed.RootElement[0].GetProperty("parts").GetArrayLength(), Is.EqualTo(1));
    }

    [Test]
    public void Messages_LongText_IsCutOnARuneAndSaysItsLength()
    {
        var json = new ContentJson(redact: null, 3, 100_000).Messages([new(ChatRole.User, "ab\U0001F600cd")])!;

        Assert.That(json, Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"ab","llmkit.truncated":{"original_chars":6}}]}]"""));
    }

    [Test]
    public void Messages_LongConversation_KeepsFirstAndLastAndSaysWhatIsMissing()
    {
        var messages = Enumerable.Range(0, 1_000).Select(number => new ChatMessage(ChatRole.User, $"message {number}")).ToList();

        var json = new ContentJson(redact: null, 1_000, 4_096).Messages(messages)!;

        using var parsed = JsonDocument.Parse(json);
        var roles = parsed.RootElement.EnumerateArray().ToList();
        Assert.That(Part(parsed, 0, 0), Does.Contain("message 0"));
        Assert.That(roles[^1].ToString(), Does.Contain("message 999"));
        Assert.That(roles[1].GetProperty("role").GetString(), Is.EqualTo("other"));
        Assert.That(roles[1].GetProperty("parts")[0].GetProperty("dropped_messages").GetInt32(), Is.EqualTo(1_000 - (roles.Count - 1)));
    }

    [Test]
    public void Messages_ManyLongParts_StillFit()
    {
        var parts = Enumerable.Repeat(new TextContent(new('\u0001', 10_000)), 500).ToList<AIContent>();

        var json = new ContentJson(redact: null, 32_768, 4_096).Messages([new(ChatRole.User, parts), new(ChatRole.Assistant, parts)])!;

        Assert.That(() => JsonDocument.Parse(json).Dispose(), Throws.Nothing);
        Assert.That(json, Has.Length.LessThanOrEqualTo(4_096).And.Contains("dropped_parts"));
    }

    [Test]
    public void Messages_Redacted_EveryTextIsReplacedBeforeItIsCut()
    {
        var content = new ContentJson(text => text.Replace(Marker, "***", StringComparison.Ordinal), 8, 100_000);
        var arguments = new Dictionary<string, object?> { [Marker] = Marker, ["list"] = new object?[] { JsonSerializer.SerializeToElement(Marker), new Dictionary<string, object?> { ["x"] = Marker } } };

        var json = content.Messages([new(ChatRole.User, [new TextContent("12345" + Marker), new FunctionCallContent("1", "tool", arguments), new FunctionResultContent("1", Marker)]) { AuthorName = Marker }])!;

        Assert.That(json, Does.Not.Contain("M4R"));
        Assert.That(json, Does.Contain("12345***"));
    }

    [Test]
    public async Task Call_SecretsByName_AreTheOnesThatOptionsName([Values] bool streamed, [Values] bool isListed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.CaptureContent, options.SecretNames) = (true, isListed ? ["badge"] : []) };
        var answer = ScriptedAnswer.Text("hi") with { Contents = [new FunctionCallContent("1", "open", new Dictionary<string, object?> { ["badge"] = Marker, ["password"] = "plain" })] };

        await traced.AskAsync(traced.Build(alone: false, answer), streamed);

        var output = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.output.messages");
        Assert.That(output, Does.Contain($"{{\"badge\":\"{(isListed ? "[withheld]" : Marker)}\",\"password\":\"plain\"}}"));
    }

    [Test]
    public async Task Call_RedactionFails_TextIsLeftOutAndCallGoesOn()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => (options.CaptureContent, options.Redact) = (true, text => throw new FormatException(text)) };

        var text = await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text(Marker)), streamed: true, prompt: Marker);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(text, Is.EqualTo(Marker));
        Assert.That(Texts(span), Has.None.Contains(Marker));
        Assert.That(span.GetTagItem("gen_ai.input.messages"), Is.EqualTo("""[{"role":"user","parts":[{"type":"text","content":"","llmkit.redaction_failed":true}]}]"""));
    }

    [Test]
    public async Task Call_ContentOn_LargeTagsComeLast()
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.CaptureContent = true };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed: false);

        var names = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).TagObjects.Select(tag => tag.Key).ToList();
        Assert.That(names[^2..], Is.EqualTo(new[] { "gen_ai.input.messages", "gen_ai.output.messages" }));
    }

    [TestCase("true", true)]
    [TestCase("True", true)]
    [TestCase(" SPAN_ONLY", true)]
    [TestCase("span_and_event", true)]
    [TestCase("EVENT_ONLY", false)]
    [TestCase("NO_CONTENT", false)]
    [TestCase("false", false)]
    [TestCase("1", false)]
    [TestCase(null, false)]
    public void Switch_BothVocabularies_AreUnderstood(string? value, bool on) =>
        Assert.That(CaptureSwitch.IsOnForSpans(value), Is.EqualTo(on));

    private static IEnumerable<string> Texts(Activity span) =>
    [
        span.DisplayName,
        span.StatusDescription ?? "",
        .. span.TagObjects.Select(Text),
        .. span.Events.Select(step => step.Name),
        .. span.Events.SelectMany(step => step.Tags).Select(Text),
    ];

    private static string Text(KeyValuePair<string, object?> tag) =>
        $"{tag.Key}={(tag.Value is string[] values ? string.Join(",", values) : tag.Value)}";

    private static string Part(JsonDocument messages, int message, int part) =>
        messages.RootElement[message].GetProperty("parts")[part].GetRawText();

    [Test]
    public async Task Content_RoleDeveloper_IsToldAsSystem([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Options = options => options.CaptureContent = true };
        var client = traced.Build(alone: false, ScriptedAnswer.Text("hi"));
        ChatMessage[] messages = [new(new ChatRole("Developer"), "Be brief."), new(ChatRole.User, "hello")];

        if (streamed)
            await client.GetStreamingResponseAsync(messages, traced.CallOptions).ToChatResponseAsync();
        else
            await client.GetResponseAsync(messages, traced.CallOptions);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem("gen_ai.input.messages"), Does.StartWith("""[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},"""));
    }
}
