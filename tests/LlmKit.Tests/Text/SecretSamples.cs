using System.Buffers.Text;
using System.Text;

namespace LlmKit.Tests.Text;

/// <summary>Invented secrets, put together from parts so that none stands in the source.</summary>
internal static class SecretSamples
{
    private const string Alphabet = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xYzCcDyFoHiKgM";

    public static string OpenAi => "sk-" + "proj-" + Body(60);

    public static string Anthropic => "sk-" + "ant-" + "api03-" + Body(93) + "AA";

    public static string AwsId => "AK" + "IA" + "Q7ZK2MWXT5RB4NVD";

    public static string AwsSecret => Body(40);

    public static string GitHub => "gh" + "p_" + Body(36);

    public static string GitLab => "gl" + "pat-" + Body(20);

    public static string Slack => "xo" + "xb-" + "4821907365-" + Body(24);

    public static string Google => "AI" + "za" + Body(35);

    public static string Stripe => "sk" + "_live_" + Body(24);

    public static string Jwt => Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Encode("""{"sub":"42","iat":1}""") + "." + Body(43);

    public static string PrivateKey =>
        Dashes("BEGIN EC PRIVATE KEY") + "\n" + Body(64) + "\n" + Body(64) + "\n" + Body(30) + "==\n" + Dashes("END EC PRIVATE KEY");

    public static string[] All => [OpenAi, Anthropic, AwsId, GitHub, GitLab, Slack, Google, Stripe, Jwt, PrivateKey];

    public static string Body(int length) => string.Create(length, 0, static (span, _) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = Alphabet[(i * 7 + i / Alphabet.Length) % Alphabet.Length];
    });

    public static string Dashes(string label) => "-----" + label + "-----";

    public static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
