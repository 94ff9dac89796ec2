using System.Numerics;

namespace LlmKit.Control.Caching;

/// <summary>One way to sum the products of a query and a row: for a struct, so that the scan's loop takes it in.</summary>
/// <typeparam name="TNumber">What the query's numbers are held in.</typeparam>
internal interface IInt8Dot<TNumber>
    where TNumber : unmanaged, IBinaryInteger<TNumber>
{
    /// <summary>Gets whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <param name="query">The first of the query's numbers, each from -127 to 127.</param>
    /// <param name="row">The first of the row's bytes.</param>
    /// <param name="length">How many there are of both: a multiple of 64, <see cref="VectorIndex{T}.MostDimensions"/> at most.</param>
    static abstract int Dot(ref TNumber query, ref byte row, int length);
}
