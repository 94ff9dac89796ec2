using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlmKit.Control.Caching;

/// <summary>Compares a query with every row, at the speed of the memory where the processor allows.</summary>
internal static class Int8Scan
{
    // A query in 16 bits then takes 8 KB of the stack, and longer vectors are rare.
    private const int MostOnStack = 4_096;

    /// <summary>Finds the rows that are most like the query among the first so many.</summary>
    public static void Find(ReadOnlySpan<float> query, ReadOnlySpan<Int8Rows> chunks, int bound, ref RowCandidates candidates)
    {
        if (VnniDot.IsSupported)
            Find<VnniDot, sbyte>(query, chunks, bound, ref candidates);
        else if (Vector512Dot.IsSupported)
            Find<Vector512Dot, short>(query, chunks, bound, ref candidates);
        else if (Vector256Dot.IsSupported)
            Find<Vector256Dot, short>(query, chunks, bound, ref candidates);
        else
            Find<Vector128Dot, short>(query, chunks, bound, ref candidates);
    }

    /// <summary>Does the same with a given kernel.</summary>
    public static void Find<TDot, TNumber>(ReadOnlySpan<float> query, ReadOnlySpan<Int8Rows> chunks, int bound, ref RowCandidates candidates)
        where TDot : struct, IInt8Dot<TNumber>
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        var length = Int8Rows.Pad(query.Length);
        TNumber[]? rented = null;
        var numbers = length <= MostOnStack ? stackalloc TNumber[length] : (rented = ArrayPool<TNumber>.Shared.Rent(length)).AsSpan(0, length);
        Int8Quantizer.Quantize(query, numbers);
        var first = 0;
        foreach (var chunk in chunks)
        {
            if (first >= bound)
                break;
            Scan<TDot, TNumber>(numbers, chunk, first, Math.Min(bound - first, chunk.Capacity), ref candidates);
            first += chunk.Capacity;
        }

        if (rented is not null)
            ArrayPool<TNumber>.Shared.Return(rented);
    }

    // Optimised from the first call on: unoptimised, a scan takes twenty times as long.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scan<TDot, TNumber>(scoped ReadOnlySpan<TNumber> query, Int8Rows rows, int first, int count, ref RowCandidates candidates)
        where TDot : struct, IInt8Dot<TNumber>
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        var bias = Int8Rows.Bias * Sum(query);
        var bar = candidates.Bar;
        var stride = rows.Stride;
        var steps = rows.Steps[..count];
        ref var number = ref MemoryMarshal.GetReference(query);
        ref var row = ref MemoryMarshal.GetReference(rows.Bytes);
        for (var i = 0; i < steps.Length; i++)
        {
            Ahead.Fetch(ref row, stride);
            var score = (TDot.Dot(ref number, ref row, stride) - bias) * steps[i];
            if (score > bar)
            {
                candidates.Keep(first + i, score);
                bar = candidates.Bar;
            }

            row = ref Unsafe.Add(ref row, stride);
        }
    }

    private static int Sum<TNumber>(ReadOnlySpan<TNumber> numbers)
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        var sum = 0;
        foreach (var number in numbers)
            sum += int.CreateTruncating(number);
        return sum;
    }
}
