using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Recording;

/// <summary>What becomes of the template that a request was made from, and of what was put into it.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class RecordedPromptTests(bool streamed)
{
    private static readonly LlmPrompt Greeting = new()
    {
        Name = "greet",
        Version = "7",
        Template = "Greet {{name}} of {{town}}, {{age}}, since {{day}}.",
        Variables = new Dictionary<string, object?> { ["name"] = "Ann", ["town"] = "Ulm", ["age"] = 42, ["day"] = new DateOnly(2026, 1, 2), ["more"] = new List<object?> { "x", 1 } },
    };

    [Test]
    public async Task Record_WithAPrompt_HoldsTemplateAndVariablesApart()
    {
        using var rig = Rig();

        await AskAsync(rig, Greeting);

        var record = await Single(rig);
        Assert.That((record.PromptName, record.PromptVersion), Is.EqualTo(("greet", "7")));
        Assert.That(Text(record.Prompt), Is.EqualTo("""{"template":"Greet {{name}} of {{town}}, {{age}}, since {{day}}."}"""));
        Assert.That(Text(record.PromptVariables), Is.EqualTo("""{"name":"Ann","town":"Ulm","age":42,"day":"01/02/2026","more":["x",1]}"""));
    }

    [Test]
    public async Task Call_WithAPrompt_ShowsItToNoProviderSpanOrLogAndLeavesTheOptionsAlone()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("ok"));
        var logs = new RememberingLogs();
        var told = new StringBuilder();
        var feature = Guid.NewGuid().ToString();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == LlmKitDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem(LlmKitDiagnostics.FeatureTag), feature))
                    told.AppendJoin('\n', span.TagObjects).AppendJoin('\n', span.Events.SelectMany(one => one.Tags));
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", model).WithTraces(options => options.Content = true).UseTracing(tracing => (tracing.CaptureContent, tracing.EmitEvents) = (true, true)),
            more: services => services.AddSingleton<ILoggerFactory>(logs));
        var options = BudgetRig.Call(feature: feature).WithPrompt(Greeting with { Template = "template1 {{name}}" });

        await rig.AskAsync(streamed, options);

        Assert.That(model.Requests.Single().Options!.AdditionalProperties, Is.Null);
        Assert.That(told.ToString(), Does.Contain("greet").And.Not.Contain("template1").And.Not.Contain("Ulm"));
        Assert.That(string.Join('\n', logs.Messages), Does.Not.Contain("template1").And.Not.Contain("Ulm"));
        Assert.That(options.AdditionalProperties!.Keys, Is.EquivalentTo(new[] { "llmkit.prompt.name", "llmkit.prompt.version", "llmkit.prompt" }));
    }

    [Test]
    public async Task Record_WithoutContent_HasTheNamesOnly()
    {
        using var rig = Rig(content: false);

        await AskAsync(rig, Greeting);

        var record = await Single(rig);
        Assert.That((record.PromptName, record.Prompt, record.PromptVariables), Is.EqualTo(("greet", (TraceMessage?)null, (TraceMessage?)null)));
    }

    [Test]
    public async Task Record_WithARedaction_HoldsWhatItLeavesOfTemplateAndEachValue()
    {
        using var rig = Rig(redact: static text => text.Replace("Ann", "<NAME>", StringComparison.Ordinal).Replace("Greet", "<VERB>", StringComparison.Ordinal).Replace("x", "<X>", StringComparison.Ordinal));

        await AskAsync(rig, Greeting);

        var record = await Single(rig);
        Assert.That(Text(record.Prompt), Does.Contain("<VERB> {{name}}"));
        Assert.That(Text(record.PromptVariables), Does.Contain("\"name\":\"<NAME>\"").And.Contain("\"town\":\"Ulm\"").And.Contain("[\"<X>\",1]"));
    }

    [Test]
    public async Task Record_WhereOnlyTheWholeTellsASecret_HoldsNoValue()
    {
        using var rig = Rig(redact: static text => text.Replace("Password: hunter2", "Password: <SECRET>", StringComparison.Ordinal));

        await AskAsync(rig, new() { Name = "login", Template = "Password: {{password}}", Variables = new Dictionary<string, object?> { ["password"] = "hunter2", ["unused"] = 7 } });

        Assert.That(Text((await Single(rig)).PromptVariables), Is.EqualTo("""{"password":"[withheld]","unused":"[withheld]"}"""));
    }

    [Test]
    public async Task Record_WithARedactionThatThrows_HoldsNoText()
    {
        using var rig = Rig(redact: static _ => throw new FormatException());

        await AskAsync(rig, Greeting);

        var record = await Single(rig);
        Assert.That(Text(record.Prompt), Is.EqualTo("""{"template":"","llmkit.redaction_failed":true}"""));
        Assert.That(Text(record.PromptVariables), Does.Not.Contain("Ulm").And.Not.Contain("42"));
    }

    [Test]
    public async Task Record_OfAPromptThatIsTooLarge_HoldsItCutAndIsWholeJson()
    {
        using var rig = Rig(mostText: 1_000_000);
        var variables = Enumerable.Range(0, 3_000).ToDictionary(i => $"v{i}", _ => (object?)new string('y', 2_000));

        await AskAsync(rig, new() { Name = "large", Template = new string('x', 900_000), Variables = variables });

        var record = await Single(rig);
        using var template = JsonDocument.Parse(record.Prompt!.Json);
        using var values = JsonDocument.Parse(record.PromptVariables!.Json);
        Assert.That(template.RootElement.GetProperty("llmkit.truncated").GetProperty("original_chars").GetInt32(), Is.EqualTo(900_000));
        Assert.That(record.Contents.Sum(content => content.Json.Length), Is.LessThan(1 << 20));
        Assert.That(record.Input.Single().Text, Is.EqualTo("hi"), "the conversation has room all the same");
    }

    [Test]
    public async Task Record_WithAValueThatCannotBeWritten_LosesItAlone()
    {
        using var rig = Rig();

        await AskAsync(rig, Greeting with { Variables = new Dictionary<string, object?> { ["a"] = "x", ["b"] = new Unspeakable() } });

        var record = await Single(rig);
        Assert.That((record.PromptVariables, record.Input.Single().Text, record.Output.Single().Text, record.Prompt is null), Is.EqualTo(((TraceMessage?)null, "hi", "ok", false)));
    }

    [Test]
    public async Task Export_OfRecordsWithPrompts_HasTheVariablesInTheMetadata()
    {
        using var rig = Rig();
        await AskAsync(rig, Greeting);
        using var stream = new MemoryStream();

        await Traces(rig).ExportDatasetAsync(new(), stream);

        using var line = JsonDocument.Parse(stream.ToArray());
        var metadata = line.RootElement.GetProperty("metadata");
        Assert.That((metadata.GetProperty("promptName").GetString(), metadata.GetProperty("promptVariables").GetProperty("town").GetString()), Is.EqualTo(("greet", "Ulm")));
    }

    [Test]
    public async Task Diff_OfTwoRequestsFromOneTemplate_NamesTheVariableThatDiffers()
    {
        using var rig = Rig();
        var one = await AskAsync(rig, Greeting);
        var other = await AskAsync(rig, Greeting with { Version = "8", Variables = new Dictionary<string, object?>(Greeting.Variables) { ["town"] = "Bonn" } });

        var diff = await Traces(rig).DiffAsync(one, other);

        Assert.That(diff!.Request, Is.EqualTo(new[] { new TraceDifference("promptVariables.town", "Ulm", "Bonn") }));
    }

    [Test]
    public async Task Files_OfManyCallsFromOneTemplate_HoldItOnceAndFindItAgain()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string last = "";
            using (var rig = Rig(directory: folder.FullName))
            {
                for (var i = 0; i < 5; i++)
                    last = await AskAsync(rig, Greeting with { Variables = new Dictionary<string, object?> { ["name"] = $"Ann{i}" } });
                await Traces(rig).FlushAsync();
            }

            var lines = folder.GetFiles().SelectMany(file => File.ReadAllLines(file.FullName)).ToList();
            using var again = new FileTraceStore(new() { Directory = folder.FullName });
            var record = (await again.GetAsync(last))!;
            Assert.That(lines.Count(line => line.Contains("Greet {{name}}", StringComparison.Ordinal)), Is.EqualTo(1));
            Assert.That((Text(record.PromptVariables), record.IsIncomplete), Is.EqualTo(("""{"name":"Ann4"}""", false)));
            Assert.That(Text(record.Prompt), Does.Contain("Greet {{name}}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static BudgetRig Rig(bool content = true, Func<string, string>? redact = null, int mostText = 32_768, string? directory = null) => new(builder => builder
        .AddPriced("model", ScriptedAnswer.Text("ok"))
        .WithTraces(options => (options.Content, options.Directory) = (content, directory))
        .UseTracing(tracing => (tracing.Redact, tracing.MaxTextLength) = (redact, mostText)));

    private async Task<string> AskAsync(BudgetRig rig, LlmPrompt prompt) => (await rig.AskAsync(streamed, BudgetRig.Call().WithPrompt(prompt))).Call!.Id;

    private static LlmTraces Traces(BudgetRig rig) => rig.Services.GetRequiredService<LlmTraces>();

    private static async Task<TraceRecord> Single(BudgetRig rig) => (await Traces(rig).GetAsync((await Traces(rig).ListAsync()).Traces.Single().Id))!;

    private static string? Text(TraceMessage? content) => content is null ? null : Encoding.UTF8.GetString(content.Json.Span);

    private sealed class Unspeakable
    {
        public override string ToString() => throw new NotSupportedException();

        public string Value => throw new NotImplementedException();
    }
}
