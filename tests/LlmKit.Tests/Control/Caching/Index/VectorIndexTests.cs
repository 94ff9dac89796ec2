using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

public sealed class VectorIndexTests
{
    private readonly Random _random = new(1);
    private readonly Neighbour<VectorNote>[] _found = new Neighbour<VectorNote>[8];

    [Test]
    public void FindNearest_Empty_FindsNothing() =>
        Assert.That(new VectorIndex<VectorNote>(16).FindNearest(VectorNote.Direction(_random, 16), _found), Is.Zero);

    [Test]
    public void FindNearest_FewerThanWanted_FindsAllBestFirst()
    {
        var index = new VectorIndex<VectorNote>(16);
        var notes = Fill(index, 5, 16);
        var query = VectorNote.Direction(_random, 16);

        var count = index.FindNearest(query, _found);

        Assert.That(_found[..count].Select(neighbour => neighbour.Item), Is.EqualTo(notes.OrderByDescending(note => note.Similarity(query))));
    }

    [Test]
    public void FindNearest_TargetOfOne_FindsTheBest()
    {
        var index = new VectorIndex<VectorNote>(64);
        var notes = Fill(index, 50, 64);

        var count = index.FindNearest(notes[33].Numbers, _found.AsSpan(0, 1));

        Assert.That(count, Is.EqualTo(1));
        Assert.That(_found[0].Item, Is.SameAs(notes[33]));
    }

    [Test]
    public void FindNearest_TargetIsEmpty_FindsNothing()
    {
        var index = new VectorIndex<VectorNote>(16);
        Fill(index, 5, 16);

        Assert.That(index.FindNearest(VectorNote.Direction(_random, 16), []), Is.Zero);
    }

    [Test]
    public void FindNearest_NearDuplicates_AreOrderedByTheirExactVectors()
    {
        var index = new VectorIndex<VectorNote>(384);
        Fill(index, 500, 384);
        var query = VectorNote.Direction(_random, 384);
        VectorNote[] duplicates = [.. Enumerable.Range(0, 8).Select(i => new VectorNote(VectorNote.Near(_random, query, 0.002f * i)))];
        foreach (var note in duplicates.Reverse())
            index.Add(note);

        var count = index.FindNearest(query, _found);

        Assert.That(count, Is.EqualTo(8));
        Assert.That(_found.Select(neighbour => neighbour.Item), Is.EqualTo(duplicates.OrderByDescending(note => note.Similarity(query))));
        Assert.That(_found[7].Similarity, Is.GreaterThan(0.999f));
    }

    [Test]
    public void FindNearest_OfVectorsThatMeanNothing_FindsTheOthers()
    {
        var index = new VectorIndex<VectorNote>(16);
        index.Add(new([.. Enumerable.Repeat(float.NaN, 16)]));
        index.Add(new([.. Enumerable.Repeat(float.PositiveInfinity, 16)]));
        var note = Fill(index, 1, 16)[0];

        var count = index.FindNearest(note.Numbers, _found);

        Assert.That(_found[..count].Select(neighbour => neighbour.Item), Is.EqualTo([note]));
    }

    [Test]
    public void FindNearest_OtherDimensions_IsRefused() =>
        Assert.That(() => new VectorIndex<VectorNote>(16).FindNearest(new float[15], _found), Throws.ArgumentException.With.Message.Contains("15 dimensions and not 16"));

    [Test]
    public void Add_OtherDimensions_IsRefused()
    {
        var index = new VectorIndex<VectorNote>(16);

        Assert.That(() => index.Add(new(_random, 17)), Throws.ArgumentException.With.Message.Contains("17 dimensions and not 16"));
        Assert.That(index.Count, Is.Zero);
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(VectorIndex<VectorNote>.MostDimensions + 1)]
    public void Constructor_DimensionsOutOfRange_AreRefused(int dimensions) =>
        Assert.That(() => new VectorIndex<VectorNote>(dimensions), Throws.TypeOf<ArgumentOutOfRangeException>());

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(65)]
    [TestCase(4_096)]
    [TestCase(4_097)]
    [TestCase(VectorIndex<VectorNote>.MostDimensions)]
    public void FindNearest_AnyDimensions_FindsItsOwn(int dimensions)
    {
        var index = new VectorIndex<VectorNote>(dimensions);
        var notes = Fill(index, 6, dimensions);

        index.FindNearest(notes[4].Numbers, _found);

        Assert.That(_found[0].Similarity, Is.EqualTo(1).Within(2e-3));
        Assert.That(_found[0].Similarity, Is.EqualTo(notes[4].Similarity(notes[4].Numbers)).Within(1e-5));
    }

    [Test]
    public void Remove_ASlot_IsFoundNoMoreAndFilledNext()
    {
        var index = new VectorIndex<VectorNote>(64);
        var notes = Fill(index, 20, 64);

        index.Remove(7);
        index.Remove(3);

        Assert.That(index.Count, Is.EqualTo(18));
        Assert.That(index.Items, Is.EquivalentTo(notes.Except([notes[3], notes[7]])));
        index.FindNearest(notes[7].Numbers, _found);
        Assert.That(_found.Select(neighbour => neighbour.Item), Has.None.SameAs(notes[7]));
        Assert.That(index.Add(notes[7]), Is.EqualTo(3), "the lowest free slot");
    }

    [TestCase(-1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(100_000)]
    public void Remove_AFreeSlot_IsRefused(int slot)
    {
        var index = new VectorIndex<VectorNote>(8);
        Fill(index, 3, 8);
        index.Remove(2);

        Assert.That(() => index.Remove(slot), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(index.Count, Is.EqualTo(2));
    }

    private VectorNote[] Fill(VectorIndex<VectorNote> index, int count, int dimensions)
    {
        VectorNote[] notes = [.. Enumerable.Range(0, count).Select(_ => new VectorNote(_random, dimensions))];
        foreach (var note in notes)
            index.Add(note);
        return notes;
    }
}
