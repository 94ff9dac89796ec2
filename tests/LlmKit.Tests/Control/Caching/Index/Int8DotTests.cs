using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

/// <summary>All kernels that this processor has give the sum that plain arithmetic gives.</summary>
public sealed class Int8DotTests
{
    private delegate int Kernel(sbyte[] query, byte[] row);

    private static readonly Kernel[] Kernels =
    [
        .. Supported<ScalarDot, short>(),
        .. Supported<Vector128Dot, short>(),
        .. Supported<Vector256Dot, short>(),
        .. Supported<Vector512Dot, short>(),
        .. Supported<VnniDot, sbyte>(),
    ];

    [Test]
    public void Dot_AnyNumbersOfAnyLength_IsTheirSum() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var length = 1 + random.Next(2_000);
            var query = new sbyte[Int8Rows.Pad(length)];
            var row = new byte[query.Length];
            random.NextBytes(row);
            for (var i = 0; i < length; i++)
                query[i] = (sbyte)random.Next(-127, 128);

            return Kernels.All(kernel => kernel(query, row) == Sum(query, row));
        }));

    [Test]
    public void Dot_ExtremesOfTheMostDimensions_DoesNotOverflow(
        [Values(-127, 127)] int number, [Values(0, 1, 255)] int value, [Values(64, 128, 192, 4_096, VectorIndex<VectorNote>.MostDimensions)] int length)
    {
        var query = Enumerable.Repeat((sbyte)number, length).ToArray();
        var row = Enumerable.Repeat((byte)value, length).ToArray();

        Assert.That(Kernels.Select(kernel => (long)kernel(query, row)), Is.All.EqualTo(Sum(query, row)));
    }

    [Test]
    public void Dot_ExtremesThatAlternate_IsTheirSum([Values(1, 2, 3, 16, 33)] int period)
    {
        var query = Enumerable.Range(0, 2_048).Select(i => (sbyte)(i / period % 2 == 0 ? 127 : -127)).ToArray();
        var row = Enumerable.Range(0, 2_048).Select(i => (byte)(i / period % 2 == 0 ? 255 : 0)).ToArray();

        Assert.That(Kernels.Select(kernel => (long)kernel(query, row)), Is.All.EqualTo(Sum(query, row)));
    }

    [Test]
    public void Find_EachKernel_ProposesTheSameRows()
    {
        var random = new Random(7);
        Int8Rows[] chunks = [Rows(random, 200, 100), Rows(random, 200, 60)];
        var query = VectorNote.Direction(random, 200);

        var expected = Propose<ScalarDot, short>(query, chunks);

        Assert.That(expected, Has.Length.EqualTo(RowCandidates.Most).And.Some.GreaterThanOrEqualTo(100).And.All.LessThan(150));
        Assert.That(Propose<Vector128Dot, short>(query, chunks), Is.EqualTo(expected));
        Assert.That(Propose<Vector256Dot, short>(query, chunks), Is.EqualTo(expected));
        Assert.That(Propose<Vector512Dot, short>(query, chunks), Is.EqualTo(expected));
        Assert.That(Propose<VnniDot, sbyte>(query, chunks), Is.EqualTo(expected));
    }

    private static int[] Propose<TDot, TNumber>(float[] query, Int8Rows[] chunks)
        where TDot : struct, IInt8Dot<TNumber>
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        if (!TDot.IsSupported)
            return Propose<ScalarDot, short>(query, chunks);
        var candidates = new RowCandidates(new float[RowCandidates.Most], new int[RowCandidates.Most]);
        Int8Scan.Find<TDot, TNumber>(query, chunks, bound: 150, ref candidates);
        return candidates.Slots.ToArray();
    }

    private static Int8Rows Rows(Random random, int dimensions, int count)
    {
        var rows = new Int8Rows(dimensions, count);
        for (var row = 0; row < count; row++)
            rows.Write(row, new VectorNote(random, dimensions).Vector);
        return rows;
    }

    private static IEnumerable<Kernel> Supported<TDot, TNumber>()
        where TDot : struct, IInt8Dot<TNumber>
        where TNumber : unmanaged, IBinaryInteger<TNumber>
    {
        if (TDot.IsSupported)
            yield return static (query, row) => TDot.Dot(ref query.Select(TNumber.CreateChecked).ToArray()[0], ref row[0], row.Length);
    }

    private static long Sum(sbyte[] query, byte[] row) => query.Zip(row, (number, value) => (long)number * value).Sum();
}
