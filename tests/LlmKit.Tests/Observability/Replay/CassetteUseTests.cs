using LlmKit.Observability.Replay;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Replay;

/// <summary>How a cassette is filled, reached, checked and shared.</summary>
public sealed class CassetteUseTests
{
    private readonly CassetteFolder _folder = new();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task AddStream_GivesItsPiecesStreamedAndTheirWholePlain()
    {
        using var cassette = Cassette.InMemory(options: new() { WrapAround = true, Redact = text => text.Replace("secret", "[x]", StringComparison.Ordinal) });
        cassette.AddStream(Asking.Question, new() { ModelId = "m" }, [new(ChatRole.Assistant, "Par"), new(null, "is sec"), new(null, "ret") { FinishReason = ChatFinishReason.Stop }]);
        var client = new CassetteChatClient(cassette, model: "m");

        var updates = await client.GetStreamingResponseAsync(Asking.Question).ToListAsync();
        var plain = await client.GetResponseAsync(Asking.Question);

        Assert.That(updates, Has.Count.EqualTo(3));
        Assert.That((updates.ToChatResponse().Text, plain.Text, plain.FinishReason), Is.EqualTo(("Paris [x]", "Paris [x]", (ChatFinishReason?)ChatFinishReason.Stop)));
    }

    [Test]
    public async Task AddEmbeddings_AreFoundByTheirTexts()
    {
        using var cassette = Cassette.InMemory();
        cassette.AddEmbeddings(["one", "two"], new() { ModelId = "e", Dimensions = 2 }, new([new(new float[] { 1, 0 }), new(new float[] { 0, 1 })]) { Usage = new() { InputTokenCount = 2 } }, scope: "s");
        await cassette.SaveAsync(_folder.File);

        using var read = _folder.Open(CassetteMode.Replay);
        using var scope = read.Scope("s");
        var vectors = await new CassetteEmbeddingGenerator(read, model: "e").GenerateAsync(["one", "two"], new() { Dimensions = 2 });

        Assert.That(vectors.Select(vector => vector.Vector.ToArray()), Is.EqualTo(new float[][] { [1, 0], [0, 1] }));
        Assert.That(vectors.Usage!.InputTokenCount, Is.EqualTo(2));
        read.AssertAllPlayed();
    }

    [Test]
    public async Task Cassette_OfAPipelineMadeWithAPath_IsReachedWithItsDrift([Values] bool routed, [Values] bool streamed)
    {
        using (var host = Host(CassetteMode.Record, "Paris", routed))
            await host.Chat.AskAsync(streamed);

        using var verifying = Host(CassetteMode.Verify, "It is Rome", routed);
        await verifying.Chat.AskAsync(streamed);
        var cassette = verifying.Chat.GetService<Cassette>()!;

        Assert.That((cassette.Mode, cassette.Drift.Worst), Is.EqualTo((CassetteMode.Verify, DriftLevel.Wording)));
        Assert.That(verifying.Chat.GetService(typeof(Cassette), "no such model"), Is.Null);
    }

    [Test]
    public void Cassette_OfAClientOrAGenerator_IsReached()
    {
        using var cassette = Cassette.InMemory();
        IEmbeddingGenerator<string, Embedding<float>> generator = new CassetteEmbeddingGenerator(cassette);

        Assert.That(((IChatClient?)null).WithCassette(cassette).GetService<Cassette>(), Is.SameAs(cassette));
        Assert.That(generator.GetService<Cassette>(), Is.SameAs(cassette));
        Assert.That(PipelineHost.For(new CassetteChatClient(cassette), builder => builder.UseResilience()).Chat.GetService<Cassette>(), Is.SameAs(cassette));
    }

    [Test]
    public void Open_WithSettingsOutsideTheirRanges_TellsThemAll()
    {
        var options = new CassetteOptions { Mode = (CassetteMode)9, UsageTolerance = -0.5, TimeProvider = null! };
        options.Normalizers.Add(null!);
        options.KeyProperties.Add(" ");

        var failure = Assert.Catch<CassetteException>(() => Cassette.Open(_folder.File, options))!;

        Assert.That(failure.Message, Is.EqualTo(
            "The mode '9' is none. Set CassetteOptions.Mode to one of Auto, Replay, Record, Passthrough, Verify. " +
            "The usage tolerance '-0.5' is not 0 or more. Set CassetteOptions.UsageTolerance to a share of the recorded tokens such as 0.2. " +
            "There is no clock. Set CassetteOptions.TimeProvider, or leave it at TimeProvider.System. " +
            "A normaliser is null. Add functions to CassetteOptions.Normalizers, or clear them. " +
            "The name of a key property is empty. Add names of additional properties to CassetteOptions.KeyProperties."));
        Assert.That(() => Cassette.InMemory(options: new() { UsageTolerance = double.NaN }), Throws.TypeOf<CassetteException>());
        Assert.That(() => Cassette.InMemory((CassetteMode)9), Throws.TypeOf<CassetteException>());
    }

    [Test]
    public async Task Save_WhileAnAnswerIsStillToCome_LeavesItToTheNextSave()
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"{number}") with { Delay = TimeSpan.FromSeconds(number) }, clock);
        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            var client = new CassetteChatClient(recorder, model);
            await client.GetResponseAsync("fast");
            var slow = client.GetResponseAsync("slow");
            await recorder.SaveAsync();
            clock.Advance(TimeSpan.FromSeconds(1));
            await slow;
        }

        using var cassette = _folder.Open(CassetteMode.Replay);
        Assert.That(cassette.Count, Is.EqualTo(2));
    }

    [Test]
    public async Task Record_IntoOneFileFromTwoSides_NeverLosesWhatTheFirstWrote()
    {
        var first = _folder.Open(CassetteMode.Record);
        var second = _folder.Open(CassetteMode.Record);
        await AskAsync(first, "one");
        await AskAsync(second, "two");

        await first.DisposeAsync();

        Assert.That(async () => await second.DisposeAsync(), Throws.TypeOf<CassetteException>().With.Message.Contains("was written by something else").And.Message.Contains("share one Cassette"));
        Assert.That(_folder.Text, Does.Contain("to one").And.Not.Contain("to two"));
        await second.SaveAsync(_folder.File + ".copy");
        Assert.That(_folder.Files, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task Record_OfTheSameFromTwoSides_IsFine()
    {
        var first = _folder.Open(CassetteMode.Record);
        var second = _folder.Open(CassetteMode.Record);
        await AskAsync(first, "one");
        await AskAsync(second, "one");

        first.Dispose();
        Assert.That(second.Dispose, Throws.Nothing);
        await AskAsync(second, "more");
        Assert.That(second.Dispose, Throws.Nothing);

        Assert.That(_folder.Text, Does.Contain("to more"));
    }

    [Test]
    public async Task Record_OfAStreamThatItsCallerCancels_KeepsWhatWasRead()
    {
        using var cassette = Cassette.InMemory(CassetteMode.Record);
        using var cancellation = new CancellationTokenSource();
        var client = new CassetteChatClient(cassette, new ScriptedChatClient(ScriptedAnswer.Text("Par", "is") with { HangAfterChunks = 1 }));
        await using var updates = client.GetStreamingResponseAsync(Asking.Question, null, cancellation.Token).GetAsyncEnumerator();
        await updates.MoveNextAsync();
        var pending = updates.MoveNextAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await pending, Throws.InstanceOf<OperationCanceledException>());
        await cassette.SaveAsync(_folder.File);

        using var read = _folder.Open(CassetteMode.Replay);
        Assert.That(async () => await new CassetteChatClient(read).GetStreamingResponseAsync(Asking.Question).ToListAsync(), Throws.TypeOf<CassetteException>().With.Message.Contains("left it before its end"));
    }

    [Test]
    public async Task Record_OfAStreamWhoseReaderChangesIt_KeepsWhatTheModelSaid()
    {
        using (var recorder = _folder.Open(CassetteMode.Record))
        {
            var model = new ScriptedChatClient(ScriptedAnswer.Text("Paris") with { Contents = [new FunctionCallContent("c", "f", new Dictionary<string, object?> { ["city"] = "Rome" })] });
            await foreach (var update in new CassetteChatClient(recorder, model).GetStreamingResponseAsync(Asking.Question))
            {
                foreach (var text in update.Contents.OfType<TextContent>())
                    text.Text = "changed";
                foreach (var call in update.Contents.OfType<FunctionCallContent>())
                    (call.Arguments!["city"], call.InformationalOnly) = ("changed", true);
            }
        }

        using var cassette = _folder.Open(CassetteMode.Replay);
        var replayed = await new CassetteChatClient(cassette).GetResponseAsync(Asking.Question);

        Assert.That(replayed.Text, Is.EqualTo("Paris"));
        Assert.That(replayed.Messages.Single().Contents.OfType<FunctionCallContent>().Single().InformationalOnly, Is.False);
        Assert.That(_folder.Text, Does.Not.Contain("changed"));
    }

    [Test]
    public async Task Record_OfParallelStreamsOfOneRequest_KeepsEachWhole()
    {
        using var cassette = Cassette.InMemory(CassetteMode.Record);
        var client = new CassetteChatClient(cassette, new ScriptedChatClient((number, _) => ScriptedAnswer.Text("answer ", $"{number}")));
        await Parallel.ForAsync(0, 50, async (_, token) => await client.GetStreamingResponseAsync(Asking.Question, null, token).ToListAsync(token));
        await cassette.SaveAsync(_folder.File);

        using var read = _folder.Open(CassetteMode.Replay);
        var replaying = new CassetteChatClient(read);
        var texts = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForAsync(0, 50, async (_, token) => texts.Add((await replaying.GetResponseAsync(Asking.Question, null, token)).Text));

        Assert.That(texts, Is.EquivalentTo(Enumerable.Range(0, 50).Select(number => $"answer {number}")));
        read.AssertAllPlayed();
    }

    private PipelineHost Host(CassetteMode mode, string answer, bool routed) => PipelineHost.For(new ScriptedChatClient(ScriptedAnswer.Text(answer)), builder =>
    {
        if (routed)
            builder.AddModel("second", new ScriptedChatClient(ScriptedAnswer.Text("spare")), options => options.Price = ModelPrice.Free).UseRouter(router => router.Priority("model", "second"));
        builder.UseResilience().UseCassette(_folder.File, options => (options.Mode, options.ReadEnvironment) = (mode, false));
    });

    private static Task<ChatResponse> AskAsync(Cassette cassette, string question) =>
        new CassetteChatClient(cassette, new ScriptedChatClient((_, request) => ScriptedAnswer.Text("to " + request.Text))).GetResponseAsync(question);
}
