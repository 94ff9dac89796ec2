using System.Runtime.CompilerServices;

namespace LlmKit.Control.Caching;

/// <summary>Rows and the items that they belong to.</summary>
internal sealed class VectorChunk<T>(int dimensions, int capacity) : Int8Rows(dimensions, capacity)
    where T : class, IIndexedVector
{
    private readonly T?[] _items = new T?[capacity];

    public override long Size => base.Size + (Unsafe.SizeOf<nint>() * (long)_items.Length);

    public T? Item(int row) => Volatile.Read(ref _items[row]);

    public void Put(int row, T item)
    {
        Write(row, item.Vector);
        Volatile.Write(ref _items[row], item);
    }

    public void Drop(int row)
    {
        Volatile.Write(ref _items[row], null);
        Clear(row);
    }

    /// <summary>Gives a copy with room for more.</summary>
    public VectorChunk<T> Grown(int room)
    {
        var larger = new VectorChunk<T>(Stride, room);
        CopyTo(larger);
        _items.CopyTo(larger._items, 0);
        return larger;
    }
}
