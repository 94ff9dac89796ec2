namespace Quickstart;

/// <summary>The kinds of values that must not reach a provider.</summary>
internal enum SensitiveKind
{
    Email,
    Card,
    Iban,
    Key,
}
