using FsCheck;
using FsCheck.Fluent;

namespace LlmKit.Tests.Text.Streaming;

/// <summary>Texts made of matches, near misses, hostile fragments and prose, glued at random, and random ways to cut them.</summary>
internal static class StreamTexts
{
    private static readonly string[] s_fragments =
    [
        .. SecretSamples.All, "jane@example.com", "jane@example", "@", "a..b@x.org", "icon@2x.png", "4012 8888 8888 1881", "4012888888881881",
        "4012", "8888 ", "1881", "371449635398431", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "GB29NWBK", "+44 20 7946 0958",
        "(415) 555-0132", "415-555-0132", "+1 ", "078-05-1123", "ssn ", "078051123", "phone ", "number ", "postgres://app:hunter2@db.example.com",
        "https://", "user:", "pass@", "secret ", "aws_secret_access_key=", SecretSamples.AwsSecret, "sk-", "sk-ant-", "eyJ", "eyJ.", "-----BEGIN ",
        SecretSamples.Dashes("BEGIN PRIVATE KEY"), SecretSamples.Dashes("END PRIVATE KEY"), SecretSamples.Body(70), SecretSamples.Jwt + ".",
        "-----", "\\n", "\\", "%20", "blue falcon", "blue fal", "BLUE ", "Falcon nine", "\r\n", "\r", "\uD83D\uDE00", "\uD83D", "\u200B", "\0",
        "AccountKey=", "sig=", "?se=1&sig=", "SK", "hf_", "12345678:AA", SecretSamples.Body(33), "the", "quick", "brown", "2024", "3.14", "x", "1", "a",
    ];

    private static readonly string[] s_glue = ["", "", " ", " ", ", ", ". ", "\n", "-", ":", "/", "=", "\""];

    public static Arbitrary<string> Any() => Piece().ArrayOf().Select(string.Concat).ToArbitrary();

    public static Arbitrary<(string Text, int[] Cuts)> Cut() =>
        (from text in Any().Generator
         from cuts in Gen.OneOf(Gen.Constant(new[] { 1 }), Gen.Choose(1, 9).NonEmptyListOf().Select(l => l.ToArray()), Gen.Choose(1, 300).NonEmptyListOf().Select(l => l.ToArray()))
         select (text, cuts)).ToArbitrary();

    public static IEnumerable<string> Pieces(string text, int[] cuts)
    {
        for (int position = 0, i = 0; position < text.Length; i++)
        {
            var length = Math.Min(cuts[i % cuts.Length], text.Length - position);
            yield return text.Substring(position, length);
            position += length;
        }
    }

    private static Gen<string> Piece() =>
        from fragment in Gen.Elements(s_fragments)
        from glue in Gen.Elements(s_glue)
        select fragment + glue;
}
