using System.Runtime.CompilerServices;

namespace LlmKit.Models;

/// <summary>Estimated tokens by their kind, in units of 1/64 token.</summary>
[InlineArray(Length)]
internal struct TokenMix
{
    /// <summary>How many kinds there are.</summary>
    public const int Length = (int)TokenKind.Tools + 1;

    /// <summary>The units of one token.</summary>
    public const int Unit = 64;

    private long _units;

    /// <summary>Gets the units of all kinds together.</summary>
    public readonly long Sum
    {
        get
        {
            var sum = 0L;
            foreach (var units in this)
                sum += units;
            return sum;
        }
    }

    public void Add(TokenKind kind, long units) => this[(int)kind] += units;

    /// <summary>Adds another's units under one kind, whatever they were there.</summary>
    public void AddAs(TokenKind kind, in TokenMix other) => Add(kind, other.Sum);

    /// <summary>Rounds the sum to whole tokens, in the kind that has the most.</summary>
    public void Round()
    {
        var (most, sum) = (0, 0L);
        for (var kind = 0; kind < Length; kind++)
        {
            sum += this[kind];
            if (this[kind] > this[most])
                most = kind;
        }

        this[most] += Tokens(sum) * Unit - sum;
    }

    /// <summary>Gives whole tokens, rounded to the nearest.</summary>
    public static long Tokens(long units) => (units + Unit / 2) / Unit;
}
