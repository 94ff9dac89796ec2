using System.Buffers;
using LlmKit.Text.Secrets.Rules;

namespace LlmKit.Text.Secrets;

/// <summary>The families of secrets, by the prefixes and lengths that their issuers document. The first that fits a place wins.</summary>
internal static class SecretRules
{
    public static IReadOnlyList<SecretRule> All { get; } = [.. Models, .. Clouds, .. Code, .. Services, .. Structured];

    private static IEnumerable<SecretRule> Models =>
    [
        new TokenRule("anthropic-key", "sk-ant-") { Least = 32 },
        new TokenRule("openai-key", "sk-proj-", "sk-svcacct-", "sk-admin-") { Least = 32 },
        new TokenRule("openrouter-key", "sk-or-v1-") { Least = 32 },
        new TokenRule("langfuse-key", "sk-lf-") { Least = 32 },
        new OpenAiLegacyRule(),
        new TokenRule("api-key", "sk-") { Least = 32, NeedsDigit = true, IsVague = true, Score = DetectionScore.Medium },
        Exact("hugging-face-token", 34, SecretClasses.Alphabetic, "hf_"),
        Exact("groq-key", 52, SecretClasses.Alphanumeric, "gsk_"),
        Exact("xai-key", 80, SecretClasses.Alphanumeric, "xai-"),
        Exact("perplexity-key", 48, SecretClasses.Alphanumeric, "pplx-"),
        Exact("replicate-token", 37, SecretClasses.Alphanumeric, "r8_"),
    ];

    private static IEnumerable<SecretRule> Clouds =>
    [
        Exact("aws-access-key-id", 16, SecretClasses.Base32, "AKIA", "ASIA", "ABIA", "ACCA"),
        Exact("aws-access-key-id", 17, SecretClasses.Upper, "A3T"),
        new AwsSecretRule(),
        new TokenRule("aws-bedrock-key", "ABSK") { Class = SecretClasses.Padded, Least = 109 },
        Exact("google-api-key", 35, SecretClasses.Url, "AIza"),
        Exact("google-client-secret", 28, SecretClasses.Url, "GOCSPX-"),
        new TokenRule("google-oauth-token", "ya29.") { Least = 20 },
        new TokenRule("azure-storage-key", "AccountKey=") { Class = SecretClasses.Base64, Least = 86, Most = 86, Suffix = "==", KeepsPrefix = true },
        new TokenRule("azure-shared-key", "SharedAccessKey=") { Class = SecretClasses.Base64, Least = 43, Most = 43, Suffix = "=", KeepsPrefix = true },
        new AzureAppSecretRule(),
        new AzureSignatureRule(),
        Exact("digitalocean-token", 64, SecretClasses.Hex, "dop_v1_", "doo_v1_", "dor_v1_"),
        new TokenRule("databricks-token", "dapi") { Class = SecretClasses.Hex, Least = 32, Most = 32 },
        new TokenRule("planetscale-token", "pscale_tkn_", "pscale_pw_") { Least = 32 },
        Exact("supabase-token", 40, SecretClasses.Hex, "sbp_"),
        Exact("pulumi-token", 40, SecretClasses.Hex, "pul-"),
        new TokenRule("terraform-token", ".atlasv1.") { Least = 60, StandsAnywhere = true },
        new TokenRule("vault-token", "hvs.", "hvb.", "hvr.") { Least = 24, NeedsDigit = true },
    ];

    private static IEnumerable<SecretRule> Code =>
    [
        new GitHubRule(),
        Exact("github-token", 82, SecretClasses.Word, "github_pat_"),
        new TokenRule("gitlab-token", "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-", "glimt-", "glft-") { Class = SecretClasses.Url, Least = 20 },
        Exact("npm-token", 36, SecretClasses.Alphanumeric, "npm_"),
        new TokenRule("pypi-token", "pypi-AgEIcHlwaS5vcmc") { Least = 50 },
        Exact("rubygems-key", 48, SecretClasses.Hex, "rubygems_"),
        new TokenRule("docker-token", "dckr_pat_", "dckr_oat_") { Least = 27 },
        new TokenRule("atlassian-token", "ATATT3xFfGF0") { Least = 100 },
        Exact("linear-key", 40, SecretClasses.Alphanumeric, "lin_api_"),
        Exact("figma-token", 40, SecretClasses.Url, "figd_"),
        new TokenRule("postman-key", "PMAK-") { Class = SecretClasses.Hyphenated, Least = 59, Most = 59 },
        Exact("age-key", 58, SecretClasses.Upper, "AGE-SECRET-KEY-1"),
    ];

    private static IEnumerable<SecretRule> Services =>
    [
        new TokenRule("slack-token", "xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxp-", "xoxr-", "xoxs-", "xoxc-", "xapp-")
            { Class = SecretClasses.Hyphenated, Least = 16, Most = 255, NeedsDigit = true },
        new TokenRule("slack-token", "xoxd-") { Class = SecretClasses.Percent, Least = 40 },
        new TokenRule("slack-webhook", "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/")
            { Class = SecretClasses.Base64, Least = 40 },
        new TokenRule("discord-webhook", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/") { Class = SecretClasses.Path, Least = 70 },
        new TokenRule("stripe-key", "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_")
            { Class = SecretClasses.Alphanumeric, Least = 10, Most = 255 },
        new TokenRule("webhook-secret", "whsec_") { Class = SecretClasses.Base64, Least = 24 },
        new TokenRule("twilio-key", "SK") { Class = SecretClasses.Hex, Least = 32, Most = 32, First = "0123456789abcdef" },
        Exact("mailgun-key", 32, SecretClasses.Hex, "key-"),
        Exact("shopify-token", 32, SecretClasses.AnyHex, "shpat_", "shpca_", "shppa_", "shpss_"),
        Exact("square-token", 22, SecretClasses.Url, "sq0atp-"),
        Exact("square-token", 43, SecretClasses.Url, "sq0csp-"),
        Exact("new-relic-key", 27, SecretClasses.Upper, "NRAK-"),
        Exact("grafana-token", 41, SecretClasses.Word, "glsa_"),
        Exact("doppler-token", 43, SecretClasses.Alphanumeric, "dp.pt."),
        new TokenRule("sentry-token", "sntryu_") { Class = SecretClasses.Hex, Least = 64, Most = 64 },
        new TokenRule("tailscale-key", "tskey-auth-", "tskey-api-", "tskey-client-") { Least = 24, NeedsDigit = true },
        Exact("notion-token", 46, SecretClasses.Alphanumeric, "ntn_"),
    ];

    private static IEnumerable<SecretRule> Structured => [new SendGridRule(), new TelegramRule(), new JwtRule(), new PrivateKeyRule(), new UrlPasswordRule()];

    private static TokenRule Exact(string name, int length, SearchValues<char> characters, params string[] prefixes) =>
        new(name, prefixes) { Class = characters, Least = length, Most = length };
}
