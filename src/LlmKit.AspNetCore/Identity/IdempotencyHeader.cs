using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LlmKit.AspNetCore.Identity;

/// <summary>Reads the idempotency key of a request: bare, or as the quoted string of the IETF's draft.</summary>
internal static class IdempotencyHeader
{
    /// <summary>Gives the key, or what is wrong with it; neither where there is none.</summary>
    public static string? Read(IHeaderDictionary headers, LlmHttpIdentityOptions options, out string? mistake)
    {
        mistake = null;
        if (options.IdempotencyHeader is not { } name || !headers.TryGetValue(name, out var values) || values.Count == 0)
            return null;
        var key = values.Count == 1 ? Unquoted(values[0] ?? "") : "";
        mistake = values.Count > 1 ? $"The header '{name}' is there {values.Count} times. Send it once."
            : key.Length == 0 || key.Length > options.MaxIdempotencyKeyLength
                ? string.Create(CultureInfo.InvariantCulture, $"The key in the header '{name}' has {key.Length} characters. Send 1 to {options.MaxIdempotencyKeyLength}, such as a GUID.")
            : !key.All(IsAllowed) ? $"The key in the header '{name}' has characters that it may not have. Send visible ASCII characters other than quotes, commas and backslashes, such as a GUID."
            : null;
        return mistake is null ? key : null;
    }

    private static string Unquoted(string value) => value is ['"', .. var inner, '"'] ? inner : value;

    // A comma may stand for two headers that a proxy has joined.
    private static bool IsAllowed(char c) => c is > ' ' and <= '~' and not ('"' or '\\' or ',');
}
