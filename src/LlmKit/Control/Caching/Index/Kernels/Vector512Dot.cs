using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmKit.Control.Caching;

/// <summary>A cache line in two steps of AVX-512, where the processor does not slow down for it.</summary>
internal readonly struct Vector512Dot : IInt8Dot<short>
{
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref short query, ref byte row, int length)
    {
        var (a, b) = (Vector512<int>.Zero, Vector512<int>.Zero);
        for (nuint i = 0; i < (nuint)length; i += 64)
        {
            a += Products(ref query, ref row, i);
            b += Products(ref query, ref row, i + 32);
        }

        return Vector512.Sum(a + b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Products(ref short query, ref byte row, nuint at) =>
        Avx512BW.MultiplyAddAdjacent(Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref row, at)), Vector512.LoadUnsafe(ref query, at));
}
