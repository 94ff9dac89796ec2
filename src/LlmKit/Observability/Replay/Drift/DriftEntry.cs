namespace LlmKit.Observability.Replay;

/// <summary>One answer compared with the recorded one. No texts.</summary>
public sealed record DriftEntry
{
    /// <summary>Gets the key of the request: SHA-256 of its canonical JSON, in hexadecimal; empty when it could not be made.</summary>
    public required string Key { get; init; }

    /// <summary>Gets the scope; empty outside of any.</summary>
    public required string Scope { get; init; }

    /// <summary>Gets how far the answer is from the recorded one: the greatest of all levels that apply.</summary>
    public required DriftLevel Level { get; init; }

    /// <summary>Gets the cosine similarity of the two texts, -1 to 1; <see langword="null"/> when it was not measured, or the texts are equal.</summary>
    public double? Similarity { get; init; }

    /// <summary>Gets the model that was recorded.</summary>
    public string? RecordedModel { get; init; }

    /// <summary>Gets the model that answered.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the recorded fingerprint of the provider's configuration.</summary>
    public string? RecordedFingerprint { get; init; }

    /// <summary>Gets the fingerprint of the provider's configuration.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Gets by which share of the recorded tokens the tokens changed: 0.1 for ten per cent more; <see langword="null"/> where either is unknown.</summary>
    public double? UsageChange { get; init; }

    /// <summary>Gets whether <see cref="UsageChange"/> is beyond <see cref="CassetteOptions.UsageTolerance"/>.</summary>
    public bool IsUsageBeyondTolerance { get; init; }

    /// <summary>Gets what else there is to say, such as which failure came instead; <see langword="null"/> for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Gets whether another model answered than the recorded one.</summary>
    public bool IsOtherModel => RecordedModel != Model;

    /// <summary>Gets whether both answers have a fingerprint, and these differ.</summary>
    public bool IsOtherFingerprint => RecordedFingerprint is not null && Fingerprint is not null && RecordedFingerprint != Fingerprint;
}
