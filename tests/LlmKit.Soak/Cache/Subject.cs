using System.Diagnostics;
using System.Globalization;

namespace LlmKit.Soak.Cache;

/// <summary>Who asks what: what an answer says of itself, so that one that is torn, foreign or outdated shows.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="User">The user.</param>
/// <param name="Article">The article asked about.</param>
internal sealed record Subject(string Tenant, string User, int Article)
{
    private const char Divider = '|';

    /// <summary>Writes an answer.</summary>
    /// <param name="version">The article's version when the model was asked.</param>
    /// <param name="length">How long the answer is to be, about.</param>
    public string Answer(long version, int length)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{Tenant}{Divider}{User}{Divider}{Article}{Divider}{version}{Divider}{Stopwatch.GetTimestamp()}{Divider}{new string((char)('a' + (Article % 26)), length)}{Divider}");
        return text + Check(text);
    }

    /// <summary>Reads an answer, and gives the version it tells and when it was made; <see langword="null"/> when it is torn or another's.</summary>
    public (long Version, long Made)? Read(string answer)
    {
        var end = answer.LastIndexOf(Divider) + 1;
        if (end == 0 || answer[end..] != Check(answer[..end]))
            return null;
        var parts = answer.Split(Divider);
        return parts.Length == 7 && parts[0] == Tenant && parts[1] == User && parts[2] == Article.ToString(CultureInfo.InvariantCulture)
            ? (long.Parse(parts[3], CultureInfo.InvariantCulture), long.Parse(parts[4], CultureInfo.InvariantCulture))
            : null;
    }

    private static string Check(string text)
    {
        var hash = 14_695_981_039_346_656_037;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1_099_511_628_211;
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}
