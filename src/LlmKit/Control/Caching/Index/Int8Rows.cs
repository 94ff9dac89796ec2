using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LlmKit.Control.Caching;

/// <summary>A run of vectors as rows of bytes, each with the value of its step.</summary>
/// <remarks>
/// A byte holds a number from -127 to 127 plus <see cref="Bias"/>, as some processors multiply unsigned with signed bytes only. Rows begin
/// at whole cache lines; what fills them up meets zeros of the query. A free row's step is not a number, so that its score exceeds none.
/// Written under the index's lock and read without one: who reads a row that is being written gets a wrong score and nothing worse.
/// </remarks>
internal class Int8Rows
{
    public const int Bias = 128;

    private const int Line = 64;

    // Smaller ones would fragment the pinned heap, and are fast wherever they lie.
    private const int LeastPinned = 64 * 1024;

    private readonly byte[] _bytes;
    private readonly float[] _steps;
    private readonly int _start;

    public Int8Rows(int dimensions, int capacity)
    {
        Stride = Pad(dimensions);
        var length = Stride * capacity;
        if (length < LeastPinned)
        {
            _bytes = new byte[length];
        }
        else
        {
            _bytes = GC.AllocateUninitializedArray<byte>(length + Line - 1, pinned: true);
            _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Line - 1));
        }

        _steps = new float[capacity];
        Array.Fill(_steps, float.NaN);
    }

    public int Capacity => _steps.Length;

    public int Stride { get; }

    public ReadOnlySpan<float> Steps => _steps;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Stride * Capacity);

    /// <summary>Gets the bytes of memory that the rows take.</summary>
    public virtual long Size => _bytes.Length + (sizeof(float) * (long)_steps.Length);

    /// <summary>Gives the length of a vector's row, in whole cache lines.</summary>
    public static int Pad(int dimensions) => (dimensions + Line - 1) & -Line;

    public void Write(int row, ReadOnlySpan<Half> vector)
    {
        var numbers = ArrayPool<float>.Shared.Rent(vector.Length);
        var single = numbers.AsSpan(0, vector.Length);
        TensorPrimitives.ConvertToSingle(vector, single);
        var bytes = _bytes.AsSpan(_start + (row * Stride), Stride);
        _steps[row] = Int8Quantizer.Quantize(single, MemoryMarshal.Cast<byte, sbyte>(bytes));
        TensorPrimitives.Add(bytes, (byte)Bias, bytes);
        ArrayPool<float>.Shared.Return(numbers);
    }

    public void Clear(int row) => _steps[row] = float.NaN;

    protected void CopyTo(Int8Rows larger)
    {
        Bytes.CopyTo(larger._bytes.AsSpan(larger._start));
        _steps.CopyTo(larger._steps, 0);
    }
}
