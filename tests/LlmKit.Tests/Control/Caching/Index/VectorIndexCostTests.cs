using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>What an index takes of the memory.</summary>
public sealed class VectorIndexCostTests
{
    private readonly Random _random = new(1);

    [TestCase(384, 40)]
    [TestCase(384, 5_000)]
    [TestCase(1_536, 40)]
    [TestCase(4_096, 40)]
    public void FindNearest_AnyNumber_AllocatesNothing(int dimensions, int count)
    {
        var index = new VectorIndex<VectorNote>(dimensions);
        Fill(index, count, dimensions);
        var query = VectorNote.Direction(_random, dimensions);
        var found = new Neighbour<VectorNote>[8];

        Assert.That(Allocated.By(() => index.FindNearest(query, found)), Is.Zero);
    }

    [Test]
    public void Bytes_OneShortVector_AreFew()
    {
        var index = new VectorIndex<VectorNote>(384);

        Fill(index, 1, 384);

        Assert.That(index.Bytes, Is.LessThan(8 * 1024));
    }

    [Test]
    public void Bytes_ManyShortVectors_AreLittleMoreThanTheirRows()
    {
        var index = new VectorIndex<VectorNote>(384);

        Fill(index, 100_000, 384);

        Assert.That(index.Bytes, Is.InRange(100_000 * 384, 45_000_000));
    }

    [Test]
    public void Bytes_OfWhatIsAllocated_AreAllCounted()
    {
        var note = new VectorNote(_random, 384);
        new VectorIndex<VectorNote>(384).Add(note);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var index = new VectorIndex<VectorNote>(384);
        index.Add(note);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(index.Bytes, Is.EqualTo(allocated).Within(200));
    }

    [Test]
    public void Bytes_AfterMostWereRemoved_AreGivenBack()
    {
        var index = new VectorIndex<VectorNote>(64);
        Fill(index, 20_000, 64);
        var full = index.Bytes;

        for (var slot = 100; slot < 20_000; slot++)
            index.Remove(slot);

        Assert.That(index.Bytes, Is.LessThan(full / 2));
    }

    private void Fill(VectorIndex<VectorNote> index, int count, int dimensions)
    {
        VectorNote[] notes = [.. Enumerable.Range(0, Math.Min(count, 100)).Select(_ => new VectorNote(_random, dimensions))];
        for (var i = 0; i < count; i++)
            index.Add(notes[i % notes.Length]);
    }
}
