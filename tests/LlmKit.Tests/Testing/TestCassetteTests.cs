using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Testing;

public sealed class TestCassetteTests
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("llmkit-sources-");

    private string Source => Path.Combine(_folder.FullName, "TriageTests.cs");

    [TearDown]
    public void TearDown() => _folder.Delete(recursive: true);

    [Test]
    public async Task Open_RecordsBesideTheSourceAndReplaysFromThere()
    {
        await using (var recorder = TestCassette.Open(new() { Mode = CassetteMode.Record, ReadEnvironment = false }, source: Source))
            await new CassetteChatClient(recorder, new ScriptedChatClient(ScriptedAnswer.Text("Paris"))).GetResponseAsync(Asking.Question);

        using var cassette = TestCassette.Open(new() { Mode = CassetteMode.Replay, ReadEnvironment = false }, source: Source);

        Assert.That((await new CassetteChatClient(cassette).GetResponseAsync(Asking.Question)).Text, Is.EqualTo("Paris"));
        Assert.That(cassette.Path, Is.EqualTo(Path.Combine(_folder.FullName, "Cassettes", $"TriageTests.{nameof(Open_RecordsBesideTheSourceAndReplaysFromThere)}.cassette.json")));
    }

    [Test]
    public async Task Open_InATestOfAPipeline_RecordsOnceAndRunsTheSameAgain([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("Par", "is"));
        var first = await RunAsync(CassetteMode.Record);
        var second = await RunAsync(CassetteMode.Replay);

        Assert.That((second.Text, second.Cost, second.Attempts, model.Requests.Count), Is.EqualTo((first.Text, first.Cost, first.Attempts, 1)));
        Assert.That(first.Cost, Is.GreaterThan(0));

        async Task<(string Text, decimal Cost, int Attempts)> RunAsync(CassetteMode mode)
        {
            await using var cassette = TestCassette.Open(new() { Mode = mode, ReadEnvironment = false }, source: Source);
            using var host = PipelineHost.For(new CassetteChatClient(cassette, mode == CassetteMode.Replay ? null : model, "scripted-1"), builder => builder.UseResilience());
            var (response, call) = await host.Chat.AskAsync(streamed);
            cassette.AssertAllPlayed();
            return (response.Text, call.Cost, call.Attempts.Count);
        }
    }

    [Test]
    public void PathOf_ACase_HoldsItsNameAndNothingThatAFileMayNot() =>
        Assert.That(Path.GetFileName(TestCassette.PathOf("is it \"a/b\"?", "Test", Source)), Is.EqualTo("TriageTests.is-it--a-b--.cassette.json"));

    [Test]
    public void PathOf_ASourceThatIsElsewhere_FindsTheCopyInTheOutputOrSaysWhatToDo()
    {
        var name = $"copy-{Guid.NewGuid():N}";
        const string mapped = "/_/tests/Nowhere/TriageTests.cs";
        Assert.That(() => TestCassette.PathOf(name, source: mapped), Throws.TypeOf<CassetteException>().With.Message.Contains("DeterministicSourcePaths"));

        var copy = Path.Combine(AppContext.BaseDirectory, $"TriageTests.{name}.cassette.json");
        File.WriteAllText(copy, "{}");
        try
        {
            Assert.That(TestCassette.PathOf(name, source: mapped), Is.EqualTo(copy));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    [Test]
    public void PathOf_NoSource_IsRefused() =>
        Assert.That(() => TestCassette.PathOf(source: ""), Throws.ArgumentException);
}
