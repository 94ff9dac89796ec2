using LlmKit.Models;

namespace LlmKit.Execution.Resilience;

/// <summary>What went wrong so far in a run. It is made with the first failure, so that a run which goes well does not carry it.</summary>
internal sealed class Setbacks
{
    /// <summary>Gets what each attempt ended with, in order.</summary>
    public List<Exception> Exceptions { get; } = [];

    /// <summary>Gets or sets the last failure, when it is a passing one.</summary>
    public ModelFailure? Failure { get; set; }

    /// <summary>Gets or sets why the last failure is not tried again.</summary>
    public string? GiveUpReason { get; set; }

    /// <summary>Gets or sets the wait before the next retry.</summary>
    public TimeSpan Wait { get; set; }

    /// <summary>Gets or sets whether Polly has been given the attempt that was made without it.</summary>
    public bool IsFirstGiven { get; set; }
}
