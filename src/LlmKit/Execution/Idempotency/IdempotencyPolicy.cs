namespace LlmKit.Execution.Idempotency;

/// <summary>The settings of one snapshot, immutable.</summary>
internal sealed class IdempotencyPolicy(IdempotencyOptions options)
{
    public TimeSpan Window { get; } = options.Window;

    public bool Coalesce { get; } = options.Coalesce;

    public int MaxEntries { get; } = options.MaxEntries;

    public long MaxBytes { get; } = options.MaxBytes;

    public TimeSpan StoreTimeout { get; } = options.StoreTimeout;

    public bool RefusesWithoutStore { get; } = options.WhenStoreFails == WhenStoreFails.Refuse;

    /// <summary>Checks and compiles settings; the result is not used when there are failures.</summary>
    public static IdempotencyPolicy Compile(IdempotencyOptions options, List<string> failures)
    {
        IdempotencyOptionsValidator.Check(options, failures);
        return new(options);
    }
}
