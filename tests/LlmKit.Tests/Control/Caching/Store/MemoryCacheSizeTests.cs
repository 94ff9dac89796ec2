using LlmKit.Control.Caching;
using LlmKit.Internal.Keys;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Store;

[NonParallelizable]
public sealed class MemoryCacheSizeTests
{
    private const int Entries = 20_000;
    private const int Dimensions = 384;

    private readonly ManualTimeProvider _time = new();
    private readonly CachePolicy _policy = new(new() { MaxEntries = 1_000_000, MaxBytes = long.MaxValue, MaxEntriesPerUser = 1_000_000 });

    [Test]
    public void Add_AnswersOfAKilobyteWithVectors_TakeLittle()
    {
        var store = new MemoryCacheStore(_time);
        var random = new Random(1);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Entries; i++)
            store.Add(Entry(i, random), _policy, store.Generation);

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Entries;

        TestContext.Out.WriteLine($"{each} B an entry, {store.Bytes / Entries} B as counted");
        Assert.That(each, Is.LessThan(3_500), "100,000 of them in 350 MB");
        Assert.That(store.Bytes / Entries, Is.GreaterThan(each), "the bound on bytes is on the safe side");
        Assert.That(store.Count, Is.EqualTo(Entries));
    }

    private CacheEntry Entry(int number, Random random)
    {
        var vector = new float[Dimensions];
        for (var i = 0; i < Dimensions; i++)
            vector[i] = (float)(random.NextDouble() - 0.5);
        var norm = System.Numerics.Tensors.TensorPrimitives.Norm(vector);
        System.Numerics.Tensors.TensorPrimitives.Divide(vector, norm, vector);
        var recorder = new AnswerRecorder(_policy);
        recorder.Record(new ChatResponse(new ChatMessage(ChatRole.Assistant, new string('a', 1_000) + number)) { FinishReason = ChatFinishReason.Stop, ModelId = "gpt-1" });
        return new()
        {
            Exact = KeyWriter.KeyOf([$"{number}"]),
            Space = new(1, 2, 3, 4),
            Text = SemanticText.Of(vector, $"How does the delivery of parcel number {number} to Germany work for new customers?"),
            Answer = recorder.Finish("small")!,
            Writer = $"acme\u001fuser-{number % 500}",
            Stored = _time.GetTimestamp(),
            Life = TimeSpan.FromHours(1),
        };
    }
}
