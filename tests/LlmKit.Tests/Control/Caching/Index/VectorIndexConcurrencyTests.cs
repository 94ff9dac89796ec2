using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>One thread changes the index while another searches it.</summary>
public sealed class VectorIndexConcurrencyTests
{
    private const int Dimensions = 96;
    private const int Searches = 3_000;

    private readonly VectorIndex<VectorNote> _index = new(Dimensions);

    [Test]
    public async Task FindNearest_WhileItemsComeAndGo_GivesEachItsOwnSimilarity()
    {
        var random = new Random(1);
        VectorNote[] passing = [.. Enumerable.Range(0, 300).Select(_ => new VectorNote(random, Dimensions))];
        var staying = new VectorNote(random, Dimensions);
        _index.Add(staying);
        var isOver = false;

        await Together.RunAsync(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                    ComeAndGo(passing, random);
            },
            () =>
            {
                try
                {
                    for (var i = 0; i < Searches; i++)
                        Search(i % 2 == 0 ? staying : passing[i % passing.Length], staying);
                }
                finally
                {
                    Volatile.Write(ref isOver, true);
                }
            });

        Assert.That(_index.Items, Is.EqualTo([staying]));
    }

    [Test]
    public async Task FindNearest_WhileItGrowsAndShrinks_FindsWhatStays()
    {
        var random = new Random(2);
        VectorNote[] passing = [.. Enumerable.Range(0, 9_000).Select(_ => new VectorNote(random, Dimensions))];
        var staying = new VectorNote(random, Dimensions);
        _index.Add(staying);

        await Together.RunAsync(
            () => ComeAndGo(passing, random),
            () =>
            {
                for (var i = 0; i < Searches / 10; i++)
                    Search(staying, staying);
            });

        Assert.That(_index.Count, Is.EqualTo(1));
    }

    private void ComeAndGo(VectorNote[] notes, Random random)
    {
        var slots = notes.Select(_index.Add).ToArray();
        random.Shuffle(slots);
        foreach (var slot in slots)
            _index.Remove(slot);
    }

    private void Search(VectorNote sought, VectorNote staying)
    {
        var found = new Neighbour<VectorNote>[8];
        var query = sought.Numbers;

        var count = _index.FindNearest(query, found);

        var neighbours = found[..count];
        Assert.That(neighbours.All(neighbour => Math.Abs(neighbour.Similarity - neighbour.Item.Similarity(query)) < 1e-5), "each has its own similarity");
        Assert.That(neighbours.DistinctBy(neighbour => neighbour.Item).Count(), Is.EqualTo(count));
        Assert.That(neighbours.Select(neighbour => neighbour.Similarity), Is.Ordered.Descending);
        if (ReferenceEquals(sought, staying))
            Assert.That(neighbours[0].Item, Is.SameAs(staying));
    }
}
