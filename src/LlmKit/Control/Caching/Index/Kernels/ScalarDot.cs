using System.Runtime.CompilerServices;

namespace LlmKit.Control.Caching;

/// <summary>Number by number: what the others are held against.</summary>
internal readonly struct ScalarDot : IInt8Dot<short>
{
    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Dot(ref short query, ref byte row, int length)
    {
        var sum = 0;
        for (var i = 0; i < length; i++)
            sum += Unsafe.Add(ref query, i) * Unsafe.Add(ref row, i);
        return sum;
    }
}
