namespace LlmKit.Control.Guardrails;

/// <summary>How much of an answer may pass: its length, and how often it may say the same.</summary>
internal sealed class AnswerLimits
{
    public const string LengthRule = "answer-length";
    public const string RepetitionRule = "answer-repetition";

    private readonly int? _most;
    private readonly RepetitionWatch? _repetition;
    private int _length;

    private AnswerLimits(int? most, int? repeats)
    {
        _most = most;
        _repetition = repeats is { } length ? new(length) : null;
    }

    /// <summary>Gets the rule whose limit was reached; <see langword="null"/> while none was.</summary>
    public string? Reached { get; private set; }

    public static AnswerLimits? Of(GuardrailPolicy policy) =>
        policy.MostAnswerLength is null && policy.MostRepetition is null ? null : new(policy.MostAnswerLength, policy.MostRepetition);

    /// <summary>Takes the next piece; gives what of it may pass, the very piece where all of it may.</summary>
    public string Take(string piece)
    {
        if (Reached is not null)
            return "";
        var allowed = piece.Length;
        if (_repetition?.EndOfSense(piece) is { } sense)
            (allowed, Reached) = (sense, RepetitionRule);
        if (_most is { } most && _length + allowed > most)
            (allowed, Reached) = (most - _length, LengthRule);
        if (allowed < piece.Length && allowed > 0 && char.IsHighSurrogate(piece[allowed - 1]))
            allowed--;
        _length += allowed;
        return allowed == piece.Length ? piece : piece[..allowed];
    }
}
