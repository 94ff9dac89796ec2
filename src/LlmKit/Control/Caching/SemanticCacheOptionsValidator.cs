using System.Globalization;
using Microsoft.Extensions.Options;

namespace LlmKit.Control.Caching;

/// <summary>Checks the settings, all failures at once.</summary>
internal sealed class SemanticCacheOptionsValidator : IValidateOptions<SemanticCacheOptions>
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, SemanticCacheOptions options)
    {
        var failures = new List<string>();
        Check(options, failures);
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    public static void Check(SemanticCacheOptions options, List<string> failures)
    {
        if (options.MinSimilarity is { } threshold && !(threshold is >= 0 and <= 1))
            failures.Add(Invariant($"The threshold '{threshold}' is outside 0 to 1. Set SemanticCacheOptions.MinSimilarity to a cosine such as 0.95."));
        if (!Enum.IsDefined(options.SharedBy))
            failures.Add($"The sharing '{options.SharedBy}' does not exist. Set SemanticCacheOptions.SharedBy to User, Tenant or Everyone.");
        if (!Enum.IsDefined(options.Guards))
            failures.Add($"The guards '{options.Guards}' do not exist. Set SemanticCacheOptions.Guards to Balanced, Strict or Off.");
        if (options.EmbeddingTimeout <= TimeSpan.Zero || options.EmbeddingTimeout > CachePolicy.LongestEmbedding)
            failures.Add(Invariant($"The time '{options.EmbeddingTimeout}' for an embedding is not above zero and at most an hour. Set SemanticCacheOptions.EmbeddingTimeout to a time such as 2 seconds."));
        if (options.TimeToLive <= TimeSpan.Zero || options.TimeToLive > CachePolicy.LongestLife)
            failures.Add(Invariant($"The time to live '{options.TimeToLive}' is not above zero and at most ten years. Set SemanticCacheOptions.TimeToLive to a time such as 1 hour."));
        if (options.VolatileTimeToLive < TimeSpan.Zero || options.VolatileTimeToLive > CachePolicy.LongestLife)
            failures.Add(Invariant($"The time to live '{options.VolatileTimeToLive}' of answers to volatile questions is below zero or above ten years. Set SemanticCacheOptions.VolatileTimeToLive to a time such as 1 minute, or to zero to keep none."));
        if (options.StoreTimeout <= TimeSpan.Zero || options.StoreTimeout > LongestWait)
            failures.Add(Invariant($"The wait for the store '{options.StoreTimeout}' is not above zero and at most a minute. Set SemanticCacheOptions.StoreTimeout to a time such as 1 second."));
        if (options.MaxEntriesPerUser <= 0)
            failures.Add(Invariant($"The number of entries '{options.MaxEntriesPerUser}' of one user is not above 0. Set SemanticCacheOptions.MaxEntriesPerUser, or leave it out for a tenth of all."));
        CheckShadow(options, failures);
        if (options.MaxEntries <= 0)
            failures.Add(Invariant($"The number of entries '{options.MaxEntries}' is not above 0. Set SemanticCacheOptions.MaxEntries, or leave UseSemanticCache out to cache nothing."));
        if (options.MaxBytes <= 0)
            failures.Add(Invariant($"The size '{options.MaxBytes}' is not above 0. Set SemanticCacheOptions.MaxBytes to a number of bytes."));
        if (!(options.MaxTemperature >= 0))
            failures.Add(Invariant($"The temperature '{options.MaxTemperature}' is not 0 or more. Set SemanticCacheOptions.MaxTemperature to a temperature such as 1."));
        if (options.EmbeddingModel is { } model && string.IsNullOrWhiteSpace(model))
            failures.Add("The embedding model's name is blank. Set SemanticCacheOptions.EmbeddingModel to a registered name, or to null for the first one.");
        if (options.Embedder is not null && options.EmbeddingModel is not null)
            failures.Add("Both an embedder and the name of an embedding model are set. Set only one of SemanticCacheOptions.Embedder and SemanticCacheOptions.EmbeddingModel.");
    }

    private static void CheckShadow(SemanticCacheOptions options, List<string> failures)
    {
        if (!(options.ShadowShare is >= 0 and <= 1))
            failures.Add(Invariant($"The share '{options.ShadowShare}' of hits to check is outside 0 to 1. Set SemanticCacheOptions.ShadowShare to a share such as 0.02."));
        if (options.ShadowShare > 0 && options.AnswerCheck is null)
            failures.Add("A share of the hits is to be checked, and nothing says how. Set SemanticCacheOptions.AnswerCheck, such as to AnswerChecks.Judge(\"small\"), or SemanticCacheOptions.ShadowShare to 0.");
        if (options.MaxWrongHitRate is { } bound && !(bound is > 0 and < 1))
            failures.Add(Invariant($"The rate of wrong hits '{bound}' is not between 0 and 1. Set SemanticCacheOptions.MaxWrongHitRate to a rate such as 0.02, or to null to measure only."));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
