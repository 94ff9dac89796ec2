using System.Net;
using System.Text;
using LlmKit.Text.Hidden;

namespace LlmKit.Text.Exfiltration.Addresses;

/// <summary>Decides which addresses have to go.</summary>
/// <remarks>An address is read as browsers do: entities and escapes undone, blanks and invisible characters dropped, backslashes as slashes.</remarks>
internal sealed class AddressPolicy(AllowedHosts allowed)
{
    /// <summary>Whether an address has to go.</summary>
    /// <param name="raw">The address as it stands in the text, or its beginning.</param>
    /// <param name="isLoaded">Whether it is fetched as soon as it is shown.</param>
    /// <param name="isCut">Whether only the beginning of an address that is too long is given.</param>
    public bool Forbids(ReadOnlySpan<char> raw, bool isLoaded, bool isCut = false)
    {
        var address = Normalise(raw);
        var scheme = SchemeOf(address);
        var rest = address[(scheme.Length == 0 ? 0 : scheme.Length + 1)..];
        switch (scheme)
        {
            case "data" or "javascript" or "vbscript":
                return true;
            case "" when !rest.StartsWith("//", StringComparison.Ordinal):
            case "blob" or "cid" or "sandbox" or "attachment":
                return false;
            case "" or "http" or "https" or "ftp" or "ws" or "wss":
                var location = rest.TrimStart('/');
                return !allowed.Contains(HostOf(location)) && (isLoaded || isCut || CarriedData.IsIn(location));
            default:
                return isLoaded || isCut || CarriedData.IsIn(rest);
        }
    }

    private static string Normalise(ReadOnlySpan<char> raw)
    {
        var output = new StringBuilder(raw.Length);
        var text = Decode(raw.ToString());
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            // In Markdown a backslash before a mark takes the mark for what it is.
            if (c == '\\' && i + 1 < text.Length && char.IsAsciiLetterOrDigit(text[i + 1]) is false && text[i + 1] is not ('\\' or '/'))
                continue;
            if (c > ' ' && !Ignorable.IsIgnorable(c))
                output.Append(c == '\\' ? '/' : Ignorable.Fold(c));
        }

        return output.ToString();
    }

    // Browsers know the names of these marks as well, .NET knows only numbers and letters.
    private static string Decode(string text) => !text.Contains('&', StringComparison.Ordinal) ? text : WebUtility.HtmlDecode(text
        .Replace("&colon;", ":", StringComparison.Ordinal).Replace("&sol;", "/", StringComparison.Ordinal).Replace("&bsol;", "\\", StringComparison.Ordinal)
        .Replace("&period;", ".", StringComparison.Ordinal).Replace("&Tab;", "", StringComparison.Ordinal).Replace("&NewLine;", "", StringComparison.Ordinal));

    // A single letter is a drive.
    private static string SchemeOf(string address)
    {
        var end = 0;
        while (end < address.Length && (char.IsAsciiLetterOrDigit(address[end]) || address[end] is '+' or '-' or '.'))
            end++;
        return end > 1 && end < address.Length && address[end] == ':' && char.IsAsciiLetter(address[0]) ? address[..end].ToLowerInvariant() : "";
    }

    private static string HostOf(string location)
    {
        var end = location.AsSpan().IndexOfAny("/?#");
        var authority = end < 0 ? location : location[..end];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        var port = authority.LastIndexOf(':');
        return (port < 0 ? authority : authority[..port]).TrimEnd('.');
    }
}
