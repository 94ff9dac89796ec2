using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LlmKit.Control.Caching;

/// <summary>Asks the memory for rows before they are compared: the processor's own look ahead ends at a page.</summary>
internal static class Ahead
{
    private const int Line = 64;

    // Two pages: with one the next page's first lines come too late.
    private const int Distance = 8_192;

    /// <summary>Asks for as many bytes as a row has, at a distance behind it. Beyond the last row it has no effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Fetch(ref byte row, int length)
    {
        if (!Sse.IsSupported)
            return;
        for (var i = 0; i < length; i += Line)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref row, Distance + i)));
    }
}
