using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>Eight bits propose and the exact vectors decide: what is found is what a search of all exact vectors finds.</summary>
public sealed class VectorIndexRecallTests
{
    private const int Queries = 100;

    private readonly Random _random = new(1);
    private readonly Neighbour<VectorNote>[] _found = new Neighbour<VectorNote>[8];

    [TestCase(384)]
    [TestCase(1_536)]
    public void FindNearest_RandomDirections_FindsWhatAnExactSearchFinds(int dimensions)
    {
        var index = new VectorIndex<VectorNote>(dimensions);
        (VectorNote Item, float[] Exact)[] notes = [.. Enumerable.Range(0, 2_000).Select(_ => VectorNote.Direction(_random, dimensions)).Select(exact => (new VectorNote(exact), exact))];
        foreach (var (note, _) in notes)
            index.Add(note);

        var (first, eight) = (0, 0);
        for (var i = 0; i < Queries; i++)
        {
            var query = VectorNote.Direction(_random, dimensions);
            var best = notes.Select(note => (note.Item, Similarity: Dot(query, note.Exact))).OrderByDescending(note => note.Similarity).Take(8).ToArray();
            index.FindNearest(query, _found);
            first += _found[0].Item == best[0].Item ? 1 : 0;
            eight += _found.Count(neighbour => best.Any(note => note.Item == neighbour.Item));
            foreach (var neighbour in _found)
                Assert.That(neighbour.Similarity, Is.EqualTo(Dot(query, Array.Find(notes, note => note.Item == neighbour.Item).Exact)).Within(1e-3));
        }

        TestContext.Out.WriteLine($"first {first} of {Queries}, eight {eight} of {8 * Queries}");
        Assert.That(first, Is.GreaterThanOrEqualTo(Queries * 99 / 100));
        Assert.That(eight, Is.GreaterThanOrEqualTo(Queries * 8 * 99 / 100));
    }

    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    [TestCase(4_095)]
    [TestCase(4_096)]
    [TestCase(4_097)]
    [TestCase(8_193)]
    [TestCase(13_000)]
    public void FindNearest_AfterGrowth_FindsEach(int count)
    {
        var index = new VectorIndex<VectorNote>(64);
        VectorNote[] notes = [.. Enumerable.Range(0, count).Select(_ => new VectorNote(_random, 64))];
        foreach (var (slot, note) in notes.Index())
            Assert.That(index.Add(note), Is.EqualTo(slot));

        int[] borders = [0, 1, 2, 3, 4, 7, 8, 63, 64, 2_047, 2_048, 4_094, 4_095, 4_096, 4_097, 8_191, 8_192, 8_193, count - 1];
        foreach (var note in borders.Where(slot => slot < count).Select(slot => notes[slot]))
        {
            index.FindNearest(note.Numbers, _found);
            Assert.That(_found[0].Item, Is.SameAs(note));
        }

        Assert.That(index.Count, Is.EqualTo(count));
        Assert.That(index.Items, Is.EqualTo(notes));
    }

    private static float Dot(float[] left, float[] right) => System.Numerics.Tensors.TensorPrimitives.Dot(left, right);
}
