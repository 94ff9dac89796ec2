using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>Models that run in this process: their spans arrive as Internal, everything else as ever.</summary>
[NonParallelizable]
public sealed class LocalExportTests
{
    private const int Internal = 1;
    private const int Client = 3;

    [Test]
    public async Task Chat_InProcess_ArrivesAsInternal([Values] bool inProcess, [Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(options => options.InProcess = inProcess, Model());

        await exported.AskAsync("hello", streamed);

        var chat = exported.Chat();
        Assert.That((chat.Name, chat.Kind), Is.EqualTo(("chat gpt-m", inProcess ? Internal : Client)));
        Assert.That(exported.Children(chat).Single().Kind, Is.EqualTo(Internal));
        var durations = exported.Flush().Points.Where(point => point.Metric == "gen_ai.client.operation.duration" && "gpt-m".Equals(point.Attributes["gen_ai.request.model"])).ToList();
        Assert.That(durations, Has.Count.EqualTo(1));
        Assert.That(durations[0].Attributes["gen_ai.provider.name"], Is.EqualTo("scripted"));
    }

    [Test]
    public async Task Embeddings_InProcess_ArriveAsInternal([Values] bool inProcess)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model());
        using var generator = LlmTrace.Traced(new LexicalEmbeddingGenerator(), new() { InProcess = inProcess });

        await generator.GenerateAsync(["hello"], new() { ModelId = exported.Name });

        var span = exported.Flush().Spans.Single(span => span.Name == "embeddings " + exported.Name);
        Assert.That((span.Kind, span.Attributes["gen_ai.operation.name"]), Is.EqualTo((inProcess ? Internal : Client, "embeddings")));
    }

    private static ScriptedChatClient Model() => new((_, _) => ScriptedAnswer.Text("fine", " ", "day"), time: null, modelId: "gpt-m");
}
