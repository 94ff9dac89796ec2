using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmKit.Checks.Schemas.Values;

/// <summary>A decimal number as it is written, without rounding: a mantissa that does not end in zero, times a power of ten.</summary>
internal readonly record struct ExactNumber(BigInteger Mantissa, int Exponent)
{
    // Beyond what a double holds; it keeps the work for one number small.
    private const int MaxDigits = 400;

    public bool IsInteger => Exponent >= 0;

    /// <summary>Reads a number; null if it is none or has more digits, or a greater exponent, than 400.</summary>
    public static ExactNumber? Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number)
            return null;
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Length > MaxDigits)
            return null;

        var exponent = 0;
        var mark = raw.IndexOfAny((byte)'e', (byte)'E');
        if (mark >= 0 && (!int.TryParse(raw[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) || Math.Abs(exponent) > MaxDigits))
            return null;

        var digits = mark < 0 ? raw : raw[..mark];
        var mantissa = BigInteger.Zero;
        var point = digits.IndexOf((byte)'.');
        foreach (var digit in digits)
        {
            if (digit is >= (byte)'0' and <= (byte)'9')
                mantissa = mantissa * 10 + (digit - '0');
        }

        return Normalised(digits[0] == '-' ? -mantissa : mantissa, point < 0 ? exponent : exponent - (digits.Length - point - 1));
    }

    public int CompareTo(ExactNumber other)
    {
        var exponent = Math.Min(Exponent, other.Exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    public bool IsMultipleOf(ExactNumber divisor)
    {
        var exponent = Math.Min(Exponent, divisor.Exponent);
        return (Scaled(exponent) % divisor.Scaled(exponent)).IsZero;
    }

    private BigInteger Scaled(int exponent) => Mantissa * BigInteger.Pow(10, Exponent - exponent);

    private static ExactNumber Normalised(BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero)
            return new ExactNumber(BigInteger.Zero, 0);
        while (BigInteger.DivRem(mantissa, 10, out var rest) is var quotient && rest.IsZero)
            (mantissa, exponent) = (quotient, exponent + 1);
        return new ExactNumber(mantissa, exponent);
    }
}
