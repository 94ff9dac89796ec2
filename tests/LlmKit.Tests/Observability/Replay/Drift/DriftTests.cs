using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Drift;

public sealed class DriftTests
{
    private static readonly FunctionCallContent Call = new("c1", "find", new Dictionary<string, object?> { ["city"] = "Rome" });

    [TestCase("Paris.", "Paris.", DriftLevel.None)]
    [TestCase("Paris.", "  paris", DriftLevel.Formatting)]
    [TestCase("at 2026-01-31T09:30:00Z", "at 2026-02-01T10:00:00Z", DriftLevel.Formatting)]
    [TestCase("Paris.", "It is Paris.", DriftLevel.Wording)]
    [TestCase("{\"a\":1,\"b\":\"x\"}", "{ \"b\": \"x\", \"a\": 1 }", DriftLevel.Formatting)]
    [TestCase("{\"a\":1}", "{\"a\":2}", DriftLevel.Wording)]
    [TestCase("{\"a\":1}", "{\"a\":\"1\"}", DriftLevel.Structure)]
    [TestCase("{\"a\":[1,2]}", "{\"a\":[3]}", DriftLevel.Wording)]
    [TestCase("{\"a\":1}", "{\"b\":1}", DriftLevel.Structure)]
    [TestCase("{\"a\":1}", "The answer is one.", DriftLevel.Structure)]
    public async Task Verify_OfAText_GivesItsLevel(string recorded, string live, DriftLevel level)
    {
        foreach (var streamed in new[] { false, true })
            Assert.That((await VerifyAsync(ScriptedAnswer.Text(recorded), ScriptedAnswer.Text(live), streamed)).Entries.Single().Level, Is.EqualTo(level));
    }

    [Test]
    public async Task Verify_OfHostedToolsAndApprovals_ComparesWhatTheyAreCalledWith([Values] bool streamed)
    {
        static ScriptedAnswer Asks(string id, string path) => Calls(new ToolApprovalRequestContent(id, new FunctionCallContent(id, "delete", new Dictionary<string, object?> { ["path"] = path })));
        static ScriptedAnswer Searches(string server) => Calls(new McpServerToolCallContent(server, "find", server));

        Assert.That((await VerifyAsync(Asks("1", "/a"), Asks("2", "/a"), streamed)).Worst, Is.EqualTo(DriftLevel.None));
        Assert.That((await VerifyAsync(Asks("1", "/a"), Asks("1", "/b"), streamed)).Worst, Is.EqualTo(DriftLevel.ToolCalls));
        Assert.That((await VerifyAsync(Searches("docs"), Searches("mail"), streamed)).Worst, Is.EqualTo(DriftLevel.ToolCalls));
    }

    [Test]
    public async Task Verify_OfToolCalls_ComparesNamesAndArgumentsInOrder([Values] bool streamed)
    {
        var other = new FunctionCallContent("another id", "find", new Dictionary<string, object?> { ["city"] = "Rome" });
        var elsewhere = new FunctionCallContent("c1", "find", new Dictionary<string, object?> { ["city"] = "Oslo" });

        Assert.That((await VerifyAsync(Calls(Call), Calls(other), streamed)).Worst, Is.EqualTo(DriftLevel.None));
        Assert.That((await VerifyAsync(Calls(Call), Calls(elsewhere), streamed)).Worst, Is.EqualTo(DriftLevel.ToolCalls));
        Assert.That((await VerifyAsync(Calls(Call, elsewhere), Calls(elsewhere, Call), streamed)).Worst, Is.EqualTo(DriftLevel.ToolCalls));
        Assert.That((await VerifyAsync(Calls(Call), Calls(), streamed)).Worst, Is.EqualTo(DriftLevel.ToolCalls));
    }

    [Test]
    public async Task Verify_OfOutcomes_TellsFailuresFromAnswers([Values] bool streamed)
    {
        var failure = ScriptedAnswer.Throws(Failures.Http(429));

        Assert.That((await VerifyAsync(ScriptedAnswer.Text("a"), failure, streamed)).Entries.Single().Note, Is.EqualTo("failed with RateLimited, was an answer"));
        Assert.That((await VerifyAsync(failure, ScriptedAnswer.Text("a"), streamed)).Entries.Single().Note, Is.EqualTo("answered, was RateLimited"));
        Assert.That((await VerifyAsync(failure, ScriptedAnswer.Throws(Failures.Http(503)), streamed)).Worst, Is.EqualTo(DriftLevel.Outcome));
        Assert.That((await VerifyAsync(failure, failure, streamed)).Worst, Is.EqualTo(DriftLevel.None));
        Assert.That((await VerifyAsync(ScriptedAnswer.Text("a"), ScriptedAnswer.Text("a") with { FinishReason = ChatFinishReason.Length }, streamed)).Entries.Single().Note, Is.EqualTo("finish reason length, was stop"));
    }

    [Test]
    public async Task Verify_OfModelAndUsage_TellsBoth([Values] bool streamed)
    {
        var report = await VerifyAsync(ScriptedAnswer.Text("a", "b"), ScriptedAnswer.Text("ab") with { Usage = new() { TotalTokenCount = 18 } }, streamed, liveModel: "scripted-2");

        var entry = report.Entries.Single();
        Assert.That((entry.Level, entry.RecordedModel, entry.Model, entry.IsOtherModel), Is.EqualTo((DriftLevel.None, "scripted-1", "scripted-2", true)));
        Assert.That((entry.UsageChange, entry.IsUsageBeyondTolerance), Is.EqualTo((0.5, true)));
        Assert.That(report.ToText(), Does.Contain("model scripted-1 -> scripted-2, tokens +50 %").And.StartWith("1 compared, 1 exactly as recorded, 0 not asked for; worst: None\n"));
        Assert.That(report.HasDrift(), Is.False);
    }

    [Test]
    public async Task Verify_OfFingerprints_TellsWhenTheyDiffer([Values("system_fingerprint", "SystemFingerprint")] string name, [Values] bool streamed)
    {
        using var folder = new CassetteFolder();
        using var recorder = Cassette.InMemory();
        recorder.Add([new(ChatRole.User, "question")], null, Answer("fp1"));
        await recorder.SaveAsync(folder.File);

        using var cassette = folder.Open(CassetteMode.Verify);
        await AskAsync(new CassetteChatClient(cassette, new FixedChatClient(Answer("fp2"))), streamed);

        Assert.That(cassette.Drift.Entries.Single().IsOtherFingerprint);
        Assert.That(cassette.Drift.ToText(), Does.Contain("fingerprint fp1 -> fp2"));

        ChatResponse Answer(string fingerprint) => new(new ChatMessage(ChatRole.Assistant, "a")) { AdditionalProperties = new() { [name] = fingerprint } };
    }

    [Test]
    public async Task Verify_WithEmbeddings_MeasuresSimilarity()
    {
        var report = await VerifyAsync(ScriptedAnswer.Text("The capital is Paris"), ScriptedAnswer.Text("Paris is the capital"), streamed: false, options => options.Embeddings = new LexicalEmbeddingGenerator());

        Assert.That(report.Entries.Single().Similarity, Is.GreaterThan(0.5));
    }

    [Test]
    public async Task Verify_WhereItsEmbeddingsFail_LeavesTheCallAlone()
    {
        var report = await VerifyAsync(ScriptedAnswer.Text("a"), ScriptedAnswer.Text("b"), streamed: false, options => options.Embeddings = new CassetteEmbeddingGenerator(Cassette.InMemory()));

        Assert.That(report.Entries.Single(), Has.Property(nameof(DriftEntry.Level)).EqualTo(DriftLevel.Unrecorded).And.Property(nameof(DriftEntry.Note)).Contains(nameof(CassetteMissException)));
    }

    [Test]
    public async Task Verify_OfWhatWasRedacted_ComparesItRedacted([Values] bool streamed)
    {
        var report = await VerifyAsync(ScriptedAnswer.Text("key sk-", "1"), ScriptedAnswer.Text("key sk-1"), streamed, options => options.Redact = text => text.Replace("sk-1", "[key]", StringComparison.Ordinal));

        Assert.That(report.Worst, Is.EqualTo(DriftLevel.None));
    }

    [Test]
    public async Task Verify_WritesNothingAndTellsWhatIsMissing([Values] bool streamed)
    {
        using var folder = new CassetteFolder();
        await RecordAsync(folder, ScriptedAnswer.Text("a"), streamed, null);
        var written = folder.Text;

        using (var cassette = folder.Open(CassetteMode.Verify))
        {
            var answer = await AskAsync(new CassetteChatClient(cassette, new ScriptedChatClient(ScriptedAnswer.Text("live"))), streamed, "not recorded");

            Assert.That(answer, Is.EqualTo("live"));
            Assert.That(cassette.Drift.Entries.Single().Note, Is.EqualTo("no recording"));
            Assert.That(cassette.Drift.Unused, Has.Count.EqualTo(1));
            Assert.That(cassette.Drift.HasDrift());
        }

        Assert.That(folder.Text, Is.EqualTo(written));
    }

    private static ScriptedAnswer Calls(params AIContent[] calls) => ScriptedAnswer.Text("x") with { Contents = calls };

    private static async Task<DriftReport> VerifyAsync(ScriptedAnswer recorded, ScriptedAnswer live, bool streamed, Action<CassetteOptions>? configure = null, string liveModel = "scripted-1")
    {
        using var folder = new CassetteFolder();
        await RecordAsync(folder, recorded, streamed, configure);
        using var cassette = folder.Open(CassetteMode.Verify, configure);
        await AskAsync(new CassetteChatClient(cassette, new ScriptedChatClient((_, _) => live, modelId: liveModel)), streamed);
        return cassette.Drift;
    }

    private static async Task RecordAsync(CassetteFolder folder, ScriptedAnswer answer, bool streamed, Action<CassetteOptions>? configure)
    {
        using var recorder = folder.Open(CassetteMode.Record, configure);
        await AskAsync(new CassetteChatClient(recorder, new ScriptedChatClient(answer)), streamed);
    }

    private static async Task<string?> AskAsync(IChatClient client, bool streamed, string text = "question")
    {
        try
        {
            return streamed ? (await client.GetStreamingResponseAsync(text).ToChatResponseAsync()).Text : (await client.GetResponseAsync(text)).Text;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
