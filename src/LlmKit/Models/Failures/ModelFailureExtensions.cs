using LlmKit.Models;

namespace LlmKit;

/// <summary>Gets what is known of a model's failure from an exception.</summary>
public static class ModelFailureExtensions
{
    /// <summary>Gets the failure behind an exception, also when it was wrapped since.</summary>
    /// <param name="exception">An exception that a pipeline or an edge threw; plain HTTP exceptions are understood from anywhere.</param>
    /// <returns>The failure, or <see langword="null"/> when the exception says nothing of a model.</returns>
    public static ModelFailure? GetModelFailure(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return ModelFailures.Find(exception);
    }
}
