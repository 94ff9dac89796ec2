using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace LlmKit.Checks.Schemas.Values;

/// <summary>The formats that are checked. Dates and times follow RFC 3339, addresses RFC 5321, 3986, 2673 and 4291.</summary>
internal static partial class TextFormats
{
    private const string Date = "[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])";
    private const string Time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]{1,20})?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])";

    /// <summary>The check of a format; null if it is not known, and then it is an annotation.</summary>
    public static Func<string, bool>? Find(string format) => format switch
    {
        "date" => static text => DatePattern().IsMatch(text) && IsDay(text),
        "time" => static text => TimePattern().IsMatch(text),
        "date-time" => static text => DateTimePattern().IsMatch(text) && IsDay(text),
        "email" => static text => text.Length <= 254 && EmailPattern().IsMatch(text),
        "uri" => static text => UriPattern().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out _),
        "uuid" => static text => Guid.TryParseExact(text, "D", out _),
        "ipv4" => static text => IPv4Pattern().IsMatch(text),
        "ipv6" => static text => IPv6Pattern().IsMatch(text) && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6,
        _ => null,
    };

    private static bool IsDay(string text) => Number(text, 8) <= DateTime.DaysInMonth(Math.Max(1, Number(text, 0) * 100 + Number(text, 2)), Number(text, 5));

    private static int Number(string text, int index) => 10 * (text[index] - '0') + text[index + 1] - '0';

    [GeneratedRegex(@"\A" + Date + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatePattern();

    [GeneratedRegex(@"\A" + Time + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\A" + Date + "[Tt]" + Time + @"\z", RegexOptions.CultureInvariant)]
    private static partial Regex DateTimePattern();

    [GeneratedRegex(@"\A(?>[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)(?>(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@(?>[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?>(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex EmailPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s<>""{}|\\^`]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex UriPattern();

    [GeneratedRegex(@"\A(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!\z)|\z)){4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IPv4Pattern();

    [GeneratedRegex(@"\A[0-9A-Fa-f:.]{2,45}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IPv6Pattern();
}
