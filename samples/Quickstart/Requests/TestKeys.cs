namespace Quickstart;

/// <summary>API keys of the right form that no provider ever issued.</summary>
/// <remarks>The bodies are computed from the name, so they are the same on every run and stand in no file.</remarks>
internal static class TestKeys
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Alphanumeric = Letters + "abcdefghijklmnopqrstuvwxyz" + Digits;
    private const string Base32 = Letters + "234567";

    public static string Key(string name)
    {
        var body = new Body(name);
        return name switch
        {
            "openai" => string.Concat("sk", "-", body.Next(20), "T3Blbk", "FJ", body.Next(20)),
            "openai-project" => string.Concat("sk", "-proj-", body.Next(74), "T3Blbk", "FJ", body.Next(74)),
            "anthropic" => string.Concat("sk", "-ant-", "api03-", body.Next(93), "AA"),
            "github" => string.Concat("gh", "p_", body.Next(36)),
            "aws" => string.Concat("AK", "IA", body.Next(16, Base32)),
            "stripe" => string.Concat("sk", "_test_", body.Next(24)),
            "google" => string.Concat("AI", "za", body.Next(35)),
            "slack" => string.Concat("xox", "b-", body.Next(12, Digits), "-", body.Next(12, Digits), "-", body.Next(24)),
            _ => throw new InvalidOperationException($"The test key '{name}' is unknown. Add it to TestKeys."),
        };
    }

    // FNV-1a over the name starts a linear congruential generator (Knuth's MMIX constants): nothing here needs to be secret.
    private sealed class Body(string name)
    {
        private ulong _state = name.Aggregate(14695981039346656037UL, (hash, c) => unchecked((hash ^ c) * 1099511628211UL));

        public string Next(int length, string alphabet = Alphanumeric) => string.Create(length, alphabet, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                _state = unchecked((_state * 6364136223846793005UL) + 1442695040888963407UL);
                span[i] = from[(int)((_state >> 33) % (ulong)from.Length)];
            }
        });
    }
}
