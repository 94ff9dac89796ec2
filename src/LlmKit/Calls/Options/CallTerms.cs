namespace LlmKit.Calls;

/// <summary>The members that <see cref="LlmCallOptions"/> add, in one object: a clone, and the call that begins with it, take it over and copy nothing.</summary>
internal sealed class CallTerms
{
    public static CallTerms None { get; } = new();

    public string? Tenant { get; set; }

    public string? User { get; set; }

    public string? Feature { get; set; }

    public IReadOnlyDictionary<string, string>? Tags { get; set; }

    public LlmInteraction? Interaction { get; set; }

    public string? IdempotencyKey { get; set; }

    public LlmPriority Priority { get; set; }

    public DateTimeOffset? Deadline { get; set; }

    public decimal? MaxCost { get; set; }

    public LlmCacheDirectives Cache { get; set; }

    public TimeSpan? CacheMaxAge { get; set; }

    public IReadOnlyList<string>? CacheTags { get; set; }

    public string? Model { get; set; }

    public IReadOnlyList<string>? ExcludedModels { get; set; }

    public bool AllowFallback { get; set; } = true;

    public Action<LlmCall>? OnCompleted { get; set; }

    public CallTerms Copy() => (CallTerms)MemberwiseClone();
}
