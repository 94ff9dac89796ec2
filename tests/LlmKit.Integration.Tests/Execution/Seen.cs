using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Integration.Tests.Execution;

/// <summary>What a caller got to see of one call.</summary>
internal sealed class Seen
{
    /// <summary>Gets or sets all text, in the order in which it came.</summary>
    public string Text { get; set; } = "";

    public ChatFinishReason? FinishReason { get; set; }

    public Exception? Exception { get; set; }

    public LlmCall Call { get; set; } = null!;
}
