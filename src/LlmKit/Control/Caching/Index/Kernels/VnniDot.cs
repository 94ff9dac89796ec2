using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmKit.Control.Caching;

/// <summary>A cache line in two instructions of AVX-VNNI: the fewest that wait for memory, so that the processor looks furthest ahead.</summary>
internal readonly struct VnniDot : IInt8Dot<sbyte>
{
    public static bool IsSupported => AvxVnni.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref sbyte query, ref byte row, int length)
    {
        // Each step adds to what the one before gave, and takes five cycles: four sums keep four steps under way.
        var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        nuint i = 0;
        for (; i + 128 <= (nuint)length; i += 128)
        {
            a = Add(a, ref query, ref row, i);
            b = Add(b, ref query, ref row, i + 32);
            c = Add(c, ref query, ref row, i + 64);
            d = Add(d, ref query, ref row, i + 96);
        }

        if (i < (nuint)length)
        {
            a = Add(a, ref query, ref row, i);
            b = Add(b, ref query, ref row, i + 32);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, ref sbyte query, ref byte row, nuint at) =>
        AvxVnni.MultiplyWideningAndAdd(sum, Vector256.LoadUnsafe(ref row, at), Vector256.LoadUnsafe(ref query, at));
}
