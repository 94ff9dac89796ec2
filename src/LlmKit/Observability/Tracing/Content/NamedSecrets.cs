namespace LlmKit.Observability.Tracing;

/// <summary>Tells by its name whether a value in a tool's arguments or result is a secret. Thread-safe.</summary>
internal sealed class NamedSecrets(IEnumerable<string> names)
{
    private const int MostLetters = 64;

    /// <summary>Those that are withheld unless somebody says otherwise.</summary>
    public static readonly string[] Usual =
    [
        "password", "passwords", "passwd", "pwd", "passphrase", "passcode", "secret", "secrets", "credential", "credentials",
        "api_key", "api_keys", "access_key", "secret_key", "private_key", "account_key", "shared_access_signature",
        "token", "authorization", "cookie", "cookies", "connection_string",
    ];

    public static readonly NamedSecrets Default = new(Usual);

    private readonly string[] _names = [.. names.Select(Plain).Where(static name => name.Length > 0).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a name is one of these or ends with one, whatever its case and the signs between its words.</summary>
    public bool Has(string name)
    {
        if (_names.Length == 0)
            return false;
        Span<char> letters = stackalloc char[MostLetters];
        var start = MostLetters;
        for (var i = name.Length - 1; i >= 0 && start > 0; i--)
        {
            if (char.IsLetterOrDigit(name[i]))
                letters[--start] = char.ToLowerInvariant(name[i]);
        }

        ReadOnlySpan<char> end = letters[start..];
        foreach (var known in _names)
        {
            if (end.EndsWith(known, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static string Plain(string name) => string.Concat((name ?? "").Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).TakeLast(MostLetters));
}
