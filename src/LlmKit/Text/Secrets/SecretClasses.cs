using System.Buffers;

namespace LlmKit.Text.Secrets;

/// <summary>The alphabets of tokens.</summary>
internal static class SecretClasses
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    public static readonly SearchValues<char> Alphabetic = SearchValues.Create(Letters);
    public static readonly SearchValues<char> Alphanumeric = SearchValues.Create(Letters + Digits);
    public static readonly SearchValues<char> Word = SearchValues.Create(Letters + Digits + "_");
    public static readonly SearchValues<char> Hyphenated = SearchValues.Create(Letters + Digits + "-");
    public static readonly SearchValues<char> Url = SearchValues.Create(Letters + Digits + "_-");
    public static readonly SearchValues<char> Base64 = SearchValues.Create(Letters + Digits + "+/");
    public static readonly SearchValues<char> Base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    public static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");
    public static readonly SearchValues<char> AnyHex = SearchValues.Create("0123456789abcdefABCDEF");
    public static readonly SearchValues<char> Upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
    public static readonly SearchValues<char> Padded = SearchValues.Create(Letters + Digits + "+/=");
    public static readonly SearchValues<char> Path = SearchValues.Create(Letters + Digits + "_-/");
    public static readonly SearchValues<char> Percent = SearchValues.Create(Letters + Digits + "_-%+/=");
}
