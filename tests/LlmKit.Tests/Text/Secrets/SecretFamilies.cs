namespace LlmKit.Tests.Text.Secrets;

/// <summary>The families of keys, from what their issuers document.</summary>
internal static class SecretFamilies
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Letters = Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Alphanumeric = Letters + "0123456789";
    private const string Url = Alphanumeric + "_-";
    private const string Base64 = Alphanumeric + "+/";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string Hex = "0123456789abcdef";

    public static SecretFamily[] All { get; } =
    [
        new("anthropic-key", ["sk-", "ant-", "api03-"], Url, 93, "AA"),
        new("anthropic-key", ["sk-", "ant-", "admin01-"], Url, 93, "AA"),
        new("openai-key", ["sk-", "proj-"], Url, 156),
        new("openai-key", ["sk-", "svcacct-"], Url, 124),
        new("openai-key", ["sk-", "admin-"], Url, 124),
        new("openrouter-key", ["sk-", "or-v1-"], Hex, 64),
        new("api-key", ["sk", "-"], Alphanumeric, 48),
        new("api-key", ["sk", "-"], Hex, 32),
        new("hugging-face-token", ["h", "f_"], Letters, 34),
        new("groq-key", ["gs", "k_"], Alphanumeric, 52),
        new("xai-key", ["xa", "i-"], Alphanumeric, 80),
        new("perplexity-key", ["pp", "lx-"], Alphanumeric, 48),
        new("replicate-token", ["r", "8_"], Alphanumeric, 37),
        new("aws-access-key-id", ["AK", "IA"], Base32, 16),
        new("aws-access-key-id", ["AS", "IA"], Base32, 16),
        new("aws-access-key-id", ["A3", "TX"], Base32, 16),
        new("aws-bedrock-key", ["AB", "SK"], Base64, 128, "="),
        new("google-api-key", ["AI", "za"], Url, 35),
        new("google-client-secret", ["GOC", "SPX-"], Url, 28),
        new("google-oauth-token", ["ya", "29."], Url, 120),
        new("digitalocean-token", ["dop", "_v1_"], Hex, 64),
        new("databricks-token", ["da", "pi"], Hex, 32),
        new("supabase-token", ["sb", "p_"], Hex, 40),
        new("pulumi-token", ["pu", "l-"], Hex, 40),
        new("vault-token", ["hv", "s."], Url, 95),
        new("github-token", ["gh", "p_"], Alphanumeric, 36),
        new("github-token", ["gh", "s_"], Alphanumeric, 36),
        new("github-token", ["github", "_pat_"], Alphanumeric, 82),
        new("gitlab-token", ["gl", "pat-"], Url, 20),
        new("npm-token", ["np", "m_"], Alphanumeric, 36),
        new("pypi-token", ["py", "pi-AgEIcHlwaS5vcmc"], Url, 120),
        new("rubygems-key", ["ruby", "gems_"], Hex, 48),
        new("docker-token", ["dckr", "_pat_"], Url, 27),
        new("atlassian-token", ["ATATT", "3xFfGF0"], Url, 172),
        new("linear-key", ["lin", "_api_"], Alphanumeric, 40),
        new("figma-token", ["fi", "gd_"], Url, 40),
        new("age-key", ["AGE-SECRET", "-KEY-1"], "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
        new("slack-token", ["xo", "xb-", "482190736512-591827364501-"], Alphanumeric, 24),
        new("slack-token", ["xo", "xp-", "482190736512-591827364501-591827364502-"], Hex, 32),
        new("slack-token", ["xo", "xe.", "xo", "xp-1-"], Alphanumeric, 146),
        new("slack-token", ["xa", "pp-", "1-A0482190736-591827364501-"], Hex, 64),
        new("slack-webhook", ["hooks.slack", ".com/services/", "T4821907/B59182736/"], Alphanumeric, 24),
        new("discord-webhook", ["discord.com", "/api/webhooks/", "482190736512591827/"], Url, 68),
        new("stripe-key", ["sk", "_live_"], Alphanumeric, 24),
        new("stripe-key", ["rk", "_test_"], Alphanumeric, 99),
        new("webhook-secret", ["wh", "sec_"], Base64, 32),
        new("twilio-key", ["S", "K"], Hex, 32),
        new("mailgun-key", ["ke", "y-"], Hex, 32),
        new("shopify-token", ["shp", "at_"], Hex, 32),
        new("square-token", ["sq0", "atp-"], Url, 22),
        new("new-relic-key", ["NR", "AK-"], Upper, 27),
        new("doppler-token", ["dp", ".pt."], Alphanumeric, 43),
        new("sentry-token", ["sn", "tryu_"], Hex, 64),
        new("tailscale-key", ["ts", "key-auth-"], Alphanumeric, 44),
        new("notion-token", ["nt", "n_"], Alphanumeric, 46),
    ];

    /// <summary>Families whose value stands behind words that stay.</summary>
    public static SecretFamily[] Introduced { get; } =
    [
        new("aws-secret-key", ["aws_secret", "_access_key = "], Base64, 40),
        new("aws-secret-key", ["AWS access", " key: "], Base64, 40),
        new("azure-storage-key", ["Account", "Key="], Base64, 86, "=="),
        new("azure-shared-key", ["SharedAccess", "Key="], Base64, 43, "="),
        new("azure-signature", ["?sv=2024-01-01&se=2030-01-01&", "sig="], Alphanumeric, 43, "%3D"),
        new("azure-app-secret", ["secret: ", "aB3", "8Q~"], Alphanumeric, 33),
        new("terraform-token", ["aB3dE5fG7hJ9kL", ".atlas", "v1."], Url, 67),
        new("telegram-token", ["482190736:", "AA"], Url, 33),
        new("sendgrid-key", ["S", "G.", "aB3dE5fG7hJ9kL2mN4pQ6r", "."], Url, 43),
        new("url-password", ["postgres:", "//app:"], Alphanumeric, 16, "@db.test/x"),
        new("private-key", ["-----BEGIN PRIVATE", " KEY-----\n"], Base64, 300, "\n-----END PRIVATE" + " KEY-----"),
        new("private-key", ["{\"private_key\": \"-----BEGIN PRIVATE", " KEY-----\\n"], Base64, 64, "\\n-----END PRIVATE" + " KEY-----\\n\"}"),
    ];
}
