using LlmKit.Text.Scanning;

namespace LlmKit.Text.Secrets;

/// <summary>The families of secrets, by the prefixes and lengths that their issuers document. The first that fits a place wins.</summary>
internal static class SecretRules
{
    public static IReadOnlyList<SecretRule> All { get; } =
    [
        new TokenRule("anthropic-key", "sk-ant-") { Least = 32 },
        new TokenRule("openai-key", "sk-proj-", "sk-svcacct-", "sk-admin-") { Least = 32 },
        new TokenRule("openrouter-key", "sk-or-v1-") { Least = 32 },
        new TokenRule("api-key", "sk-") { Least = 32, NeedsDigit = true, Score = DetectionScore.Medium },

        Exact("aws-access-key-id", 16, SecretClasses.Base32, "AKIA", "ASIA", "ABIA", "ACCA"),
        new AwsSecretRule(),
        new TokenRule("aws-bedrock-key", "ABSK") { Class = SecretClasses.Base64, Least = 109 },

        Exact("github-token", 36, SecretClasses.Alphanumeric, "ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        Exact("github-token", 82, SecretClasses.Word, "github_pat_"),
        Exact("gitlab-token", 20, SecretClasses.Url, "glpat-"),
        new TokenRule("slack-token", "xoxa-", "xoxb-", "xoxe-", "xoxe.", "xoxp-", "xoxr-", "xoxs-", "xapp-")
            { Class = SecretClasses.Hyphenated, Least = 16, NeedsDigit = true },
        new TokenRule("slack-webhook", "hooks.slack.com/services/", "hooks.slack.com/workflows/", "hooks.slack.com/triggers/")
            { Class = SecretClasses.Base64, Least = 20 },

        Exact("google-api-key", 35, SecretClasses.Url, "AIza"),
        new TokenRule("google-oauth-token", "ya29.") { Least = 20 },
        new TokenRule("stripe-key", "sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_")
            { Class = SecretClasses.Alphanumeric, Least = 10 },
        new TokenRule("webhook-secret", "whsec_") { Class = SecretClasses.Base64, Least = 24 },

        new TokenRule("azure-storage-key", "AccountKey=") { Class = SecretClasses.Base64, Least = 86, Most = 86, Suffix = "==", KeepsPrefix = true },
        new TokenRule("azure-shared-key", "SharedAccessKey=") { Class = SecretClasses.Base64, Least = 43, Most = 43, Suffix = "=", KeepsPrefix = true },
        new AzureSignatureRule(),

        Exact("hugging-face-token", 34, SecretClasses.Alphabetic, "hf_"),
        Exact("npm-token", 36, SecretClasses.Alphanumeric, "npm_"),
        Exact("twilio-key", 32, SecretClasses.Hex, "SK"),
        new TokenRule("pypi-token", "pypi-AgEIcHlwaS5vcmc") { Least = 50 },
        new SendGridRule(),
        new TelegramRule(),

        new JwtRule(),
        new PrivateKeyRule(),
        new UrlPasswordRule(),
    ];

    private static TokenRule Exact(string name, int length, System.Buffers.SearchValues<char> characters, params string[] prefixes) =>
        new(name, prefixes) { Class = characters, Least = length, Most = length };
}
