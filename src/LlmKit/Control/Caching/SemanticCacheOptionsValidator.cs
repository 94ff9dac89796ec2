using System.Globalization;
using Microsoft.Extensions.Options;

namespace LlmKit.Control.Caching;

/// <summary>Checks the settings, all failures at once.</summary>
internal sealed class SemanticCacheOptionsValidator : IValidateOptions<SemanticCacheOptions>
{
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
            failures.Add($"The guards '{options.Guards}' do not exist. Set SemanticCacheOptions.Guards to Balanced or Strict.");
        if (options.EmbeddingTimeout <= TimeSpan.Zero || options.EmbeddingTimeout > CachePolicy.LongestEmbedding)
            failures.Add(Invariant($"The time '{options.EmbeddingTimeout}' for an embedding is not above zero and at most an hour. Set SemanticCacheOptions.EmbeddingTimeout to a time such as 2 seconds."));
        if (options.TimeToLive <= TimeSpan.Zero || options.TimeToLive > CachePolicy.LongestLife)
            failures.Add(Invariant($"The time to live '{options.TimeToLive}' is not above zero and at most ten years. Set SemanticCacheOptions.TimeToLive to a time such as 1 hour."));
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

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
