using System.Globalization;

namespace LlmKit.Models;

/// <summary>An exact amount of US dollars: a whole number of 1e-12 USD.</summary>
/// <remarks>
/// Immutable. The one rounding rule: a decimal that becomes money is rounded to the nearest 1e-12 USD, halves away from zero.
/// Prices per token become money once, so that everything after (multiplying by tokens, adding, subtracting) is exact.
/// </remarks>
public readonly record struct Money : IComparable<Money>
{
    private const decimal PicoPerUsd = 1_000_000_000_000m;
    private const decimal LargestUsd = 1_000_000_000_000_000m;

    // Two halves: a whole one would be kept at every sixteenth byte only, wherever money stands.
    private readonly ulong _low;
    private readonly long _high;

    private Money(Int128 pico)
    {
        _low = unchecked((ulong)pico);
        _high = (long)(pico >> 64);
    }

    /// <summary>Gets nothing: 0 USD.</summary>
    public static Money Zero => default;

    /// <summary>Gets the largest amount there is: a limit that nothing reaches.</summary>
    internal static Money MaxValue => new(Int128.MaxValue);

    internal Int128 Pico => new(unchecked((ulong)_high), _low);

    /// <summary>Gives the amount that is so many 1e-12 USD.</summary>
    internal static Money FromPico(Int128 pico) => new(pico);

    /// <summary>Converts an amount in US dollars.</summary>
    /// <param name="usd">The amount; its absolute value at most 1e15 USD.</param>
    /// <returns>The nearest amount in 1e-12 USD.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The amount is beyond 1e15 USD.</exception>
    public static Money FromUsd(decimal usd)
    {
        if (Math.Abs(usd) > LargestUsd)
            throw new ArgumentOutOfRangeException(nameof(usd), usd, $"The amount '{usd}' is beyond 1e15 USD. Give amounts in US dollars.");
        return new((Int128)Math.Round(usd * PicoPerUsd, MidpointRounding.AwayFromZero));
    }

    /// <summary>Gives the amount in US dollars, exactly.</summary>
    /// <returns>The amount with at most twelve decimals.</returns>
    public decimal ToUsd() => (decimal)Pico / PicoPerUsd;

    /// <inheritdoc/>
    public int CompareTo(Money other) => Pico.CompareTo(other.Pico);

    /// <summary>Gives the amount in US dollars with up to twelve decimals, culture-invariant.</summary>
    /// <returns>The amount and its currency.</returns>
    public override string ToString() => ToUsd().ToString("0.############", CultureInfo.InvariantCulture) + " USD";

    /// <summary>Adds two amounts.</summary>
    public static Money operator +(Money left, Money right) => new(left.Pico + right.Pico);

    /// <summary>Subtracts an amount.</summary>
    public static Money operator -(Money left, Money right) => new(left.Pico - right.Pico);

    /// <summary>Multiplies a price by a number of tokens.</summary>
    public static Money operator *(Money price, long tokens) => new(price.Pico * tokens);

    /// <summary>Compares two amounts.</summary>
    public static bool operator <(Money left, Money right) => left.Pico < right.Pico;

    /// <summary>Compares two amounts.</summary>
    public static bool operator >(Money left, Money right) => left.Pico > right.Pico;

    /// <summary>Compares two amounts.</summary>
    public static bool operator <=(Money left, Money right) => left.Pico <= right.Pico;

    /// <summary>Compares two amounts.</summary>
    public static bool operator >=(Money left, Money right) => left.Pico >= right.Pico;

    /// <summary>Gives how many whole tokens an amount buys.</summary>
    /// <param name="perToken">The price of one token; above zero.</param>
    /// <returns>0 or more.</returns>
    internal long TokensAt(Money perToken) =>
        Pico <= 0 ? 0 : (long)Int128.Min(Pico / perToken.Pico, long.MaxValue);
}
