namespace LlmKit.Calls;

/// <summary>Finds calls that have ended, such as a trace store.</summary>
internal interface IAnsweredCalls
{
    /// <summary>Finds a call by its id.</summary>
    /// <returns>What is known of it; <see langword="null"/> for one that is not known here.</returns>
    ValueTask<AnsweredCall?> FindAsync(string callId, CancellationToken cancellationToken);
}
