using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Index;

public sealed class Int8RowsTests
{
    [Test]
    public void Write_AVector_KeepsEachNumberToHalfAStep()
    {
        var note = new VectorNote(new Random(1), 100);
        var rows = new Int8Rows(100, 3);

        rows.Write(1, note.Vector);

        var numbers = rows.Bytes.Slice(rows.Stride, rows.Stride).ToArray().Select(value => value - Int8Rows.Bias).ToArray();
        Assert.That(numbers.Max(Math.Abs), Is.EqualTo(127));
        Assert.That(numbers.Skip(100), Is.All.Zero);
        foreach (var (number, exact) in numbers.Zip(note.Numbers))
            Assert.That(number * rows.Steps[1], Is.EqualTo(exact).Within(rows.Steps[1] * 0.5001f));
    }

    [Test]
    public void Steps_OfRowsThatAreFree_AreNotNumbers()
    {
        var rows = new Int8Rows(4, 3);
        rows.Write(0, new VectorNote(new Random(1), 4).Vector);
        rows.Write(1, new VectorNote(new Random(2), 4).Vector);

        rows.Clear(0);

        Assert.That(rows.Steps.ToArray().Select(float.IsNaN), Is.EqualTo([true, false, true]));
    }

    [TestCase(1, ExpectedResult = 64)]
    [TestCase(64, ExpectedResult = 64)]
    [TestCase(65, ExpectedResult = 128)]
    [TestCase(384, ExpectedResult = 384)]
    public int Pad_Dimensions_IsInWholeLines(int dimensions) => Int8Rows.Pad(dimensions);
}
