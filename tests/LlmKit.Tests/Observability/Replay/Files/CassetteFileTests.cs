using LlmKit.Observability.Replay;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay.Files;

public sealed class CassetteFileTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task File_OfARecording_ReadsWellInADifference()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(
            [new(ChatRole.User, "first line\nsecond line")],
            new() { Temperature = 0.7f, ModelId = "m" },
            new(new ChatMessage(ChatRole.Assistant, "Déjà\nvu")) { FinishReason = ChatFinishReason.Stop, CreatedAt = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });

        await cassette.SaveAsync(_folder.File);

        Assert.That(_folder.Text, Is.EqualTo(
            """
            {
              "llmkit_cassette": 1,
              "recordings": [
                {
                  "answer": {
                    "finish": "stop",
                    "messages": [
                      {
                        "parts": [
                          {
                            "text": [
                              "Déjà",
                              "vu"
                            ],
                            "type": "text"
                          }
                        ],
                        "role": "assistant"
                      }
                    ]
                  },
                  "key": "KEY",
                  "request": {
                    "kind": "chat",
                    "messages": [
                      {
                        "parts": [
                          {
                            "text": [
                              "first line",
                              "second line"
                            ],
                            "type": "text"
                          }
                        ],
                        "role": "user"
                      }
                    ],
                    "model": "m",
                    "options": {
                      "temperature": 0.7
                    }
                  }
                }
              ]
            }

            """.ReplaceLineEndings("\n").Replace("KEY", KeyOf(_folder.Text), StringComparison.Ordinal)));
    }

    [Test]
    public async Task File_ReadAndWrittenAgain_IsTheSame()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, [new TextContent("a\n"), new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["text"] = new[] { "x" }, ["n"] = 1.50m })])), "scope");
        await cassette.SaveAsync(_folder.File);
        var written = _folder.Text;

        using var read = _folder.Open(CassetteMode.Replay);
        await read.SaveAsync();

        Assert.That(_folder.Text, Is.EqualTo(written));
    }

    [Test]
    public async Task Times_WhereAskedFor_AreKept()
    {
        using var cassette = Cassette.InMemory(options: new() { KeepTimes = true, TimeProvider = new LlmKit.Testing.ManualTimeProvider() });
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, "hi")) { CreatedAt = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await cassette.SaveAsync(_folder.File);

        using var read = _folder.Open(CassetteMode.Replay);
        var replayed = await new CassetteChatClient(read).GetResponseAsync(Asking.Question);

        Assert.That(replayed.CreatedAt, Is.EqualTo(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(_folder.Text, Does.Contain("\"recorded_at\": \"2026-01-01T00:00:00"));
    }

    [TestCase("", "line 1")]
    [TestCase("{\"llmkit_cassette\": 1,\n \"recordings\": [", "breaks at line 2, byte 17")]
    [TestCase("{\"llmkit_cassette\": 1,\n<<<<<<< HEAD\n", "line 2, byte 1, where versions were merged")]
    [TestCase("{\"llmkit_cassette\": 1, \"llmkit_cassette\": 1}", "breaks at")]
    [TestCase("{\"llmkit_cassette\": 1}", "no 'recordings'")]
    [TestCase("[]", "no JSON object")]
    [TestCase("{}", "no 'llmkit_cassette'")]
    [TestCase("{\"llmkit_cassette\": 2, \"recordings\": []}", "of version '2'")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{}]}", "recording 1")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{\"request\":{}, \"answer\":{\"messages\":[{\"parts\":[{\"type\":\"odd\"}]}]}}]}", "recording 1, which begins at line 1, cannot be read: 'odd' is no type of a part")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [\n{\"request\":{}, \"answer\":{\"messages\":[]}},\n[1],\n3]}", "recording 2, which begins at line 3, cannot be read: it is no object")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [\n\n{\"request\":{}}]}", "recording 1, which begins at line 3, cannot be read: its 'answer' is no object")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{\"request\":{}, \"answer\":{\"vectors\":[\"AAA=\"]}}]}", "a vector is cut short")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{\"request\":{}, \"answer\":{\"updates\":[{\"text\":\"a\",\"at\":-1}]}}]}", "'-1' is no time in milliseconds")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{\"request\":{}, \"answer\":{\"messages\":[{\"parts\":[{\"type\":\"text\",\"text\":5}]}]}}]}", "recording 1")]
    [TestCase("{\"llmkit_cassette\": 1, \"recordings\": [{\"request\":{}, \"answer\":{}}]}", "recording 1")]
    public void Open_OfAFileThatIsNone_SaysWhy(string content, string why)
    {
        File.WriteAllText(_folder.File, content);

        Assert.That(() => _folder.Open(CassetteMode.Replay), Throws.TypeOf<CassetteException>().With.Message.Contains(why).And.Message.Contains(_folder.File));
    }

    [Test]
    public async Task Open_OfATornFile_SaysWhy()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, "hi")));
        await cassette.SaveAsync(_folder.File);
        await File.WriteAllTextAsync(_folder.File, _folder.Text[..^40]);

        Assert.That(() => _folder.Open(CassetteMode.Replay), Throws.TypeOf<CassetteException>().With.Message.Contains("damaged"));
    }

    [Test]
    public async Task Recording_EditedByHand_IsFoundByWhatItNowSays()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, "hi")));
        await cassette.SaveAsync(_folder.File);
        await File.WriteAllTextAsync(_folder.File, _folder.Text.Replace("France", "Italy", StringComparison.Ordinal));

        using var read = _folder.Open(CassetteMode.Replay);

        Assert.That((await new CassetteChatClient(read).GetResponseAsync("What is the capital of Italy?")).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Open_OfAFileWithAByteOrderMark_ReadsIt()
    {
        using var cassette = Cassette.InMemory();
        cassette.Add(Asking.Question, null, new(new ChatMessage(ChatRole.Assistant, "hi")));
        await cassette.SaveAsync(_folder.File);
        await File.WriteAllTextAsync(_folder.File, _folder.Text.ReplaceLineEndings("\r\n"), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        using var read = _folder.Open(CassetteMode.Replay);

        Assert.That((await new CassetteChatClient(read).GetResponseAsync(Asking.Question)).Text, Is.EqualTo("hi"));
    }

    [Test]
    public async Task Value_AsDeepAsMayBe_ComesBack()
    {
        object? deep = "end";
        for (var i = 0; i < 47; i++)
            deep = new Dictionary<string, object?> { ["d"] = deep };
        var call = new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["d"] = deep });
        using var cassette = Cassette.InMemory();
        cassette.Add([new(ChatRole.Assistant, [new ToolApprovalRequestContent("r", call)])], null, new(new ChatMessage(ChatRole.Assistant, [new ToolApprovalRequestContent("r", call)])));
        await cassette.SaveAsync(_folder.File);

        using var read = _folder.Open(CassetteMode.Replay);
        var replayed = await new CassetteChatClient(read).GetResponseAsync([new(ChatRole.Assistant, [new ToolApprovalRequestContent("r", call)])]);

        Assert.That(replayed.Messages.Single().Contents.Single(), Is.TypeOf<ToolApprovalRequestContent>());
    }

    private static string KeyOf(string text) => text.Split("\"key\": \"")[1].Split('"')[0];
}
