using LlmKit.Models;

namespace LlmKit;

/// <summary>Several attempts were made or refused and none gave an answer.</summary>
/// <remarks>The inner exception is the first model's own error. The message names models and kinds of failure only.</remarks>
public sealed class AttemptsExhaustedException : LlmException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="failures">What each attempt ended with, in order; at least one.</param>
    public AttemptsExhaustedException(IReadOnlyList<Exception> failures)
        : base(Describe(failures ?? throw new ArgumentNullException(nameof(failures))), failures[0])
    {
        Failures = failures;
        RetryAfter = failures.GroupBy(ModelOf).Select(model => RetryAfterOf(model.Last())).Where(wait => wait is not null).Min();
    }

    /// <summary>Gets what each attempt ended with, in order.</summary>
    public IReadOnlyList<Exception> Failures { get; }

    /// <summary>Gets the shortest wait that a model asked for with its last failure, or that a refusal asked for; <see langword="null"/> when none did.</summary>
    public TimeSpan? RetryAfter { get; }

    private static string? ModelOf(Exception failure) =>
        failure is AttemptRefusedException refused ? refused.Model : failure.GetModelFailure()?.Model;

    private static TimeSpan? RetryAfterOf(Exception failure) =>
        failure is AttemptRefusedException refused ? refused.RetryAfter : failure.GetModelFailure()?.RetryAfter;

    private static string Describe(IReadOnlyList<Exception> failures)
    {
        var parts = failures.Select(failure => failure is AttemptRefusedException refused
            ? $"{refused.Model ?? "no model"}: refused ({refused.Reason})"
            : $"{failure.GetModelFailure()?.Model ?? "unknown model"}: {failure.GetModelFailure()?.Kind ?? ModelFailureKind.Unknown}");
        return $"No attempt of {failures.Count} gave an answer: {string.Join("; ", parts)}. See Failures for each.";
    }
}
