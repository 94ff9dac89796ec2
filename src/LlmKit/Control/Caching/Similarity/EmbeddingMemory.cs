using LlmKit.Internal.Keys;

namespace LlmKit.Control.Caching;

/// <summary>Remembers the vectors of the texts embedded last, so that a question that misses twice is paid for once. Thread-safe.</summary>
/// <remarks>Two generations of a fixed size: when the younger is full it becomes the older, and the older is forgotten.</remarks>
internal sealed class EmbeddingMemory
{
    private const int GenerationSize = 512;

    private readonly Lock _lock = new();
    private Dictionary<Hash256, float[]> _young = [];
    private Dictionary<Hash256, float[]> _old = [];

    public static Hash256 KeyOf(string embedder, string text) => KeyWriter.KeyOf([embedder, text]);

    public float[]? Find(in Hash256 key)
    {
        lock (_lock)
        {
            if (_young.TryGetValue(key, out var vector))
                return vector;
            if (_old.TryGetValue(key, out vector))
                Add(key, vector);
            return vector;
        }
    }

    public void Remember(in Hash256 key, float[] vector)
    {
        lock (_lock)
            Add(key, vector);
    }

    private void Add(in Hash256 key, float[] vector)
    {
        if (_young.Count >= GenerationSize)
            (_old, _young) = (_young, []);
        _young[key] = vector;
    }
}
