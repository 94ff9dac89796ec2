namespace LlmKit;

/// <summary>The settings of a log of routing decisions.</summary>
public sealed class RoutingTraceLogOptions
{
    /// <summary>Gets or sets how many calls are kept; the oldest make room, and are counted.</summary>
    /// <value>1 or more; 10,000 by default.</value>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Gets or sets whether traces hold the last message of the user, which policies that read it need to be replayed and fitted.</summary>
    /// <value><see langword="false"/> by default: its hash and its length are enough to join and to watch. Prompts are personal data wherever they go.</value>
    public bool RecordPrompts { get; set; }

    /// <summary>Gets or sets whether traces name the tenant.</summary>
    /// <value><see langword="false"/> by default. Users are never named.</value>
    public bool RecordTenants { get; set; }
}
