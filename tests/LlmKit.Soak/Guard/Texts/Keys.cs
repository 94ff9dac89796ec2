using System.Buffers.Text;
using System.Text;

namespace LlmKit.Soak.Guard.Texts;

/// <summary>Invented secrets, put together from parts so that none stands in the source.</summary>
internal static class Keys
{
    private const string Alphabet = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xYzCcDyFoHiKgM";

    public static IEnumerable<Fragment> All =>
    [
        new("openai", "sk-" + "proj-" + Body(60)), new("anthropic", "sk-" + "ant-" + "api03-" + Body(93) + "AA"), new("aws-id", "AK" + "IA" + "Q7ZK2MWXT5RB4NVD"),
        new("github", "gh" + "p_" + Body(36)), new("gitlab", "gl" + "pat-" + Body(20)), new("slack", "xo" + "xb-" + "4821907365-" + Body(24)),
        new("google", "AI" + "za" + Body(35)), new("stripe", "sk" + "_live_" + Body(24)), new("jwt", Jwt), new("pem", Pem), new("sendgrid", "S" + "G." + Body(22) + "." + Body(43)),
        new("telegram", "12345678" + ":AA" + Body(33)), new("pem-begin", Dashes("BEGIN RSA PRIVATE KEY")), new("pem-end", Dashes("END RSA PRIVATE KEY")),
        new("url-password", "postgres://app:hunter2@db.example.com/x"), new("azure-account", "Account" + "Key=" + Body(86) + "=="), new("azure-sas", "?sv=1&se=2&sig=" + Body(43)),
        new("aws-secret", "aws_secret_access_key=" + Body(40)), new("body", Body(70)), new("body-long", Body(650)), new("npm", "np" + "m_" + Body(36)),
        .. ((string[])["sk-", "sk-ant-", "eyJ", "ghp_", "AKIA", "xoxb-", "AIza", "sig=", "AccountKey=", "-----BEGIN ", "-----", "SG.", "hf_", ":AA", "Q~", "://", "SK", "ABSK"]).Select(text => new Fragment("prefix " + text.Trim('-', ' '), text)),
    ];

    private static string Jwt => Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Encode("""{"sub":"42","iat":1}""") + "." + Body(43);

    private static string Pem => Dashes("BEGIN EC PRIVATE KEY") + "\n" + Body(64) + "\n" + Body(64) + "\n" + Body(30) + "==\n" + Dashes("END EC PRIVATE KEY");

    /// <summary>Draws a secret that no fragment holds.</summary>
    public static string Planted(Random chance) =>
        "gh" + "p_" + string.Create(36, chance, static (span, random) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = Alphabet[random.Next(Alphabet.Length)];
        });

    private static string Body(int length) => string.Create(length, 0, static (span, _) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = Alphabet[((i * 7) + (i / Alphabet.Length)) % Alphabet.Length];
    });

    private static string Dashes(string label) => "-----" + label + "-----";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
