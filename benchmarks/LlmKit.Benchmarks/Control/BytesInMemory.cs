using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmKit.Benchmarks.Control;

/// <summary>So many bytes, and the least that can be done with them: reading all of them once.</summary>
internal sealed class BytesInMemory
{
    private const int Line = 64;
    private const int Ahead = 8_192;

    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly int _length;

    public BytesInMemory(int length)
    {
        _length = length;
        _bytes = GC.AllocateUninitializedArray<byte>(length + Line, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (Line - 1));
        _bytes.AsSpan().Fill(1);
    }

    /// <summary>Sums the bytes, four cache lines at once, and asks for them ahead as the index does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe int Sum()
    {
        var (a, b, c, d) = (Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero, Vector512<int>.Zero);
        ref var first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), _start);
        for (nuint i = 0; i < (nuint)_length; i += 4 * Line)
        {
            for (nuint line = 0; line < 4 && Sse.IsSupported; line++)
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref first, i + Ahead + (line * Line))));
            a += Vector512.LoadUnsafe(ref first, i).AsInt32();
            b += Vector512.LoadUnsafe(ref first, i + Line).AsInt32();
            c += Vector512.LoadUnsafe(ref first, i + (2 * Line)).AsInt32();
            d += Vector512.LoadUnsafe(ref first, i + (3 * Line)).AsInt32();
        }

        return Vector512.Sum(a + b + c + d);
    }
}
