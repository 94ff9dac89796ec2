namespace LlmKit;

/// <summary>Says whether a text may pass: a rule that must ask somebody, such as a service or a model.</summary>
/// <remarks>
/// Must be thread-safe. It gets texts from which the detectors have already removed what they remove. A guard that throws, or takes longer
/// than its <see cref="GuardOptions.TimeLimit"/>, has evaluated nothing: the text does not pass, unless <see cref="GuardOptions.WhenFailing"/>
/// says otherwise.
/// </remarks>
public interface IGuard
{
    /// <summary>Gets the name in steps and metrics, in lower-case words joined by hyphens; one of few.</summary>
    string Name { get; }

    /// <summary>Evaluates a text.</summary>
    /// <param name="input">The text and where it stands.</param>
    /// <param name="cancellationToken">Ends the evaluation: the caller left, the time is over, or another guard has blocked.</param>
    /// <returns>The verdict.</returns>
    ValueTask<GuardVerdict> EvaluateAsync(GuardInput input, CancellationToken cancellationToken);
}
