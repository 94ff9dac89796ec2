using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>The index under additions and removals in any order, against a dictionary that is searched item by item.</summary>
public sealed class VectorIndexModelTests
{
    private const int Dimensions = 8;

    // Half a step of the query's and of the row's numbers, each at most 1/127, times the other's sum, at most the root of 8; and twice
    // that, as the right one's score may be too low and a wrong one's too high.
    private const double MostError = 2 * 2 * 0.5 / 127 * 2.83;

    [Test]
    public void FindNearest_AfterAnyChanges_IsNoWorseThanTheErrorOfEightBits() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(), operations =>
        {
            var run = new Run();
            return operations.All(operation => run.Do(new(operation)));
        }));

    private sealed class Run
    {
        private readonly VectorIndex<VectorNote> _index = new(Dimensions);
        private readonly Dictionary<int, VectorNote> _model = [];
        private readonly Neighbour<VectorNote>[] _found = new Neighbour<VectorNote>[8];
        private int _most;

        public bool Do(Random random)
        {
            var times = random.Next(16) == 0 ? random.Next(3_000) : random.Next(6);
            var adds = random.Next(2) == 0;
            for (var i = 0; i < times; i++)
            {
                if (!(adds ? Add(random) : Remove(random)))
                    return false;
            }

            return _index.Count == _model.Count && _index.Items.ToHashSet().SetEquals(_model.Values) && Finds(VectorNote.Direction(random, Dimensions));
        }

        /// <summary>A free slot is taken, and none beyond the most that were ever in use.</summary>
        private bool Add(Random random)
        {
            var note = new VectorNote(random, Dimensions);
            var slot = _index.Add(note);
            _most = Math.Max(_most, _model.Count + 1);
            return slot < _most && _model.TryAdd(slot, note);
        }

        private bool Remove(Random random)
        {
            if (_model.Count == 0)
                return true;
            var slot = random.Next(3) == 0 ? _model.Keys.Max() : _model.Keys.ElementAt(random.Next(Math.Min(50, _model.Count)));
            _index.Remove(slot);
            return _model.Remove(slot);
        }

        private bool Finds(float[] query)
        {
            var count = _index.FindNearest(query, _found);
            var best = _model.Values.Select(note => note.Similarity(query)).OrderDescending().Take(_found.Length).ToArray();
            var found = _found[..count];
            return count == best.Length
                && found.DistinctBy(neighbour => neighbour.Item).Count() == count
                && found.All(neighbour => _model.ContainsValue(neighbour.Item) && Math.Abs(neighbour.Similarity - neighbour.Item.Similarity(query)) < 1e-5)
                && found.Zip(best).All(pair => pair.First.Similarity >= pair.Second - MostError);
        }
    }
}
