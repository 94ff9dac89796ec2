namespace Quickstart;

/// <summary>A piece of personal data or a key, exactly as the user wrote it.</summary>
internal sealed record SensitiveValue(SensitiveKind Kind, string Value)
{
    /// <summary>The value without the blanks and dashes that cards and accounts are grouped by.</summary>
    public string Compact { get; } = Kind is SensitiveKind.Card or SensitiveKind.Iban
        ? Value.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal)
        : Value;

    public bool OccursIn(string text) =>
        text.Contains(Value, StringComparison.Ordinal) || text.Contains(Compact, StringComparison.Ordinal);
}
