using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets.Rules;

/// <summary>The password in <c>scheme://user:password@host</c>; scheme, user and host stay.</summary>
internal sealed class UrlPasswordRule() : SecretRule("url-password", "://")
{
    private const int MaxUser = 64;
    private const int MaxPassword = 128;

    public override bool TryMatch(ref TextCursor cursor, int anchor, out TextHit hit)
    {
        hit = default;
        if (!char.IsAsciiLetterOrDigit(cursor[anchor - 1]))
            return false;
        var user = SkipAnchor(ref cursor, anchor);
        if (user < 0)
            return false;

        var colon = Run(ref cursor, user, MaxUser);
        if (cursor[colon] != ':')
            return false;
        var password = colon + 1;
        var at = password;
        while (at - password <= MaxPassword && (IsUserInfo(cursor[at]) || cursor[at] == ':'))
            at++;
        if (cursor[at] != '@' || at == password || at - password > MaxPassword || !char.IsAsciiLetterOrDigit(cursor[at + 1]))
            return false;
        if (IsPlaceholder(cursor.Slice(password, at - password)))
            return false;
        hit = Hit(password, at, DetectionScore.High);
        return true;
    }

    private static int Run(ref TextCursor cursor, int start, int most)
    {
        var end = start;
        while (end - start < most && IsUserInfo(cursor[end]))
            end++;
        return end;
    }

    private static bool IsPlaceholder(ReadOnlySpan<char> value) =>
        value[0] is '<' or '{' or '$' or '[' or '%' || !value.ContainsAnyExcept('*', 'x', 'X') || PlaceholderWords.AreIn(value);

    private static bool IsUserInfo(char c) => c > ' ' && c is not ('/' or '@' or ':' or '?' or '#' or '"' or '\'' or '`' or '\\');
}
