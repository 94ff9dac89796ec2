using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LlmKit.Control.Caching;

/// <summary>Sixteen numbers at once, with what every processor has: Arm's, and old ones.</summary>
internal readonly struct Vector128Dot : IInt8Dot<short>
{
    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref short query, ref byte row, int length)
    {
        var (a, b, c, d) = (Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero, Vector128<int>.Zero);
        for (nuint i = 0; i < (nuint)length; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref row, i));

            // 255 times 127 just fits 16 bits; the sum of two would not.
            var lowProducts = low.AsInt16() * Vector128.LoadUnsafe(ref query, i);
            var highProducts = high.AsInt16() * Vector128.LoadUnsafe(ref query, i + 8);
            a += Vector128.WidenLower(lowProducts);
            b += Vector128.WidenUpper(lowProducts);
            c += Vector128.WidenLower(highProducts);
            d += Vector128.WidenUpper(highProducts);
        }

        return Vector128.Sum(a + b + c + d);
    }
}
