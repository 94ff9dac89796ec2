using LlmKit.Orchestration.Routing.Evaluation.Traces;

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

    /// <summary>Gets or sets how much of a prompt is kept, where prompts are. Of a longer one the beginning is, and <see cref="RoutingTrace.IsPromptCut"/> says so.</summary>
    /// <value>
    /// UTF-16 code units; 1 or more, 32,768 by default, with which 10,000 prompts take 650 MB at most. A call has one; calls that serve it, such as samples, share it, and have
    /// another each only where they ask something else. A prompt that was cut is not learned from, and a replay
    /// of policies that read prompts leaves its trace out and says so.
    /// </value>
    public int MaxPromptLength { get; set; } = 32_768;

    /// <summary>Gets or sets whether traces name the tenant.</summary>
    /// <value><see langword="false"/> by default. Users are never named.</value>
    public bool RecordTenants { get; set; }
}
