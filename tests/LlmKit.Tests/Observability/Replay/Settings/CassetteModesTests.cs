using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Settings;

public sealed class CassetteModesTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Auto_RecordsOnceAndReplaysThen([Values] bool streamed)
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Text("hi"));
        for (var i = 0; i < 2; i++)
        {
            await using var cassette = _folder.Open(CassetteMode.Auto);
            using var client = new CassetteChatClient(cassette, model);
            _ = streamed ? (await client.GetStreamingResponseAsync(Asking.Question).ToListAsync()).Count : (await client.GetResponseAsync(Asking.Question)).Messages.Count;
        }

        Assert.That(model.Requests, Has.Count.EqualTo(1));
    }

    [TestCase("true")]
    [TestCase("1")]
    [TestCase("woodpecker")]
    public void Auto_OnABuildServerWithoutAFile_PaysForNothing(string server) => Assert.That(
        () => _folder.Open(CassetteMode.Auto, environment: new() { ["CI"] = server }),
        Throws.TypeOf<CassetteException>().With.Message.Contains("There is no cassette").And.Message.Contains("LLMKIT_CASSETTE_MODE=Record"));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("False")]
    public void Auto_ElsewhereWithoutAFile_Records(string server)
    {
        using var cassette = _folder.Open(CassetteMode.Auto, environment: new() { ["CI"] = server });

        Assert.That(cassette.Mode, Is.EqualTo(CassetteMode.Record));
    }

    [Test]
    public void Environment_WhereItNamesAMode_Wins()
    {
        using var cassette = _folder.Open(CassetteMode.Replay, environment: new() { ["LLMKIT_CASSETTE_MODE"] = "record", ["CI"] = "1" });
        using var deaf = _folder.Open(CassetteMode.Passthrough, options => options.ReadEnvironment = false, new() { ["LLMKIT_CASSETTE_MODE"] = "record" });

        Assert.That((cassette.Mode, deaf.Mode), Is.EqualTo((CassetteMode.Record, CassetteMode.Passthrough)));
    }

    [TestCase("recrod")]
    [TestCase("3")]
    public void Environment_WhereItNamesNoMode_IsAnError(string mode) => Assert.That(
        () => _folder.Open(CassetteMode.Replay, environment: new() { ["LLMKIT_CASSETTE_MODE"] = mode }),
        Throws.TypeOf<CassetteException>().With.Message.Contains("Auto, Replay, Record, Passthrough, Verify"));

    [Test]
    public void WithCassette_WithoutAClient_Replays()
    {
        Assert.That(() => CassetteExtensions.WithCassette(null, _folder.File, CassetteMode.Replay, options => options.ReadEnvironment = false), Throws.TypeOf<CassetteException>());

        using (var recording = new ScriptedChatClient(ScriptedAnswer.Text("hi")).WithCassette(_folder.File, CassetteMode.Record, options => options.ReadEnvironment = false))
            _ = recording.GetResponseAsync(Asking.Question).Result;
        using var replaying = CassetteExtensions.WithCassette(null, _folder.File, CassetteMode.Replay, options => options.ReadEnvironment = false);

        Assert.That(replaying.GetResponseAsync(Asking.Question).Result.Text, Is.EqualTo("hi"));
    }
}
