using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlmKit.Control.Caching;

/// <summary>A cache line in four steps of AVX2.</summary>
internal readonly struct Vector256Dot : IInt8Dot<short>
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref short query, ref byte row, int length)
    {
        var (a, b, c, d) = (Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero, Vector256<int>.Zero);
        for (nuint i = 0; i < (nuint)length; i += 64)
        {
            a += Products(ref query, ref row, i);
            b += Products(ref query, ref row, i + 16);
            c += Products(ref query, ref row, i + 32);
            d += Products(ref query, ref row, i + 48);
        }

        return Vector256.Sum(a + b + c + d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(ref short query, ref byte row, nuint at) =>
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref row, at)), Vector256.LoadUnsafe(ref query, at));
}
