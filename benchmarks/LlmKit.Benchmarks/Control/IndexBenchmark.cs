using BenchmarkDotNet.Attributes;
using LlmKit.Control.Caching;

namespace LlmKit.Benchmarks.Control;

/// <summary>How near does a search among 100,000 vectors come to the time that reading their bytes takes, and what does one more cost?</summary>
public class IndexBenchmark : StageBenchmark
{
    private const int Entries = 100_000;
    private const int Short = 384;
    private const int Long = 1_536;

    // Far from the last, so that each meets memory that no cache holds.
    private const int Stride = 7_919;

    private readonly Neighbour<VectorItem>[] _found = new Neighbour<VectorItem>[8];
    private VectorIndex<VectorItem> _index = new(Short);
    private float[] _query = [];
    private BytesInMemory _bytes = new(0);
    private VectorItem _item = null!;
    private int _slot;

    [GlobalSetup(Targets = [nameof(Scan384), nameof(Insert)])]
    public void FillShort() => Fill(Short);

    [GlobalSetup(Target = nameof(Scan1536))]
    public void FillLong() => Fill(Long);

    [GlobalSetup(Target = nameof(Read384))]
    public void TakeShort() => _bytes = new(Entries * Short);

    [GlobalSetup(Target = nameof(Read1536))]
    public void TakeLong() => _bytes = new(Entries * Long);

    [Benchmark(Description = "reading the bytes of 100,000 vectors of 384 dimensions"), BenchmarkCategory(Plain)]
    public int Read384() => _bytes.Sum();

    [Benchmark(Description = "the 8 nearest of 100,000 vectors of 384 dimensions"), BenchmarkCategory(Plain)]
    public int Scan384() => _index.FindNearest(_query, _found);

    [Benchmark(Description = "reading the bytes of 100,000 vectors of 1,536 dimensions"), BenchmarkCategory(Plain)]
    public int Read1536() => _bytes.Sum();

    [Benchmark(Description = "the 8 nearest of 100,000 vectors of 1,536 dimensions"), BenchmarkCategory(Plain)]
    public int Scan1536() => _index.FindNearest(_query, _found);

    [Benchmark(Description = "one of 100,000 vectors removed and another put in, 384 dimensions"), BenchmarkCategory(Plain)]
    public int Insert()
    {
        _slot = (_slot + Stride) % Entries;
        _index.Remove(_slot);
        return _index.Add(_item);
    }

    private void Fill(int dimensions)
    {
        var random = new Random(1);
        var items = VectorItem.Some(random, dimensions);
        _index = new(dimensions);
        for (var i = 0; i < Entries; i++)
            _index.Add(items[i % items.Length]);
        _item = items[0];
        _query = VectorItem.Unit(random, dimensions);
    }
}
