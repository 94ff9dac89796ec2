using System.Runtime.CompilerServices;
using LlmKit.Models;

namespace LlmKit.OpenAI.Failures;

/// <summary>Classifies a failure where it happens, with the clock of the pipeline that it happens in, and keeps the result for whoever asks.</summary>
/// <param name="key">The key that no message may hold, or <see langword="null"/>.</param>
/// <param name="time">The clock for a Retry-After that is a date.</param>
internal sealed class FailureNotes(string? key, TimeProvider time)
{
    private static readonly ConditionalWeakTable<Exception, ModelFailure> Noted = [];

    /// <summary>Gets what was noted of an exception, or <see langword="null"/>: plain HTTP rules apply to it then.</summary>
    internal static ModelFailure? Find(Exception exception) => Noted.TryGetValue(exception, out var failure) ? failure : null;

    /// <summary>Notes what an exception means.</summary>
    /// <returns>A better exception to throw instead, or <see langword="null"/> when this one is fine as it is.</returns>
    internal Exception? Note(Exception exception)
    {
        var better = SdkErrors.Better(exception, key);
        if (OpenAIFailures.Classify(better ?? exception, time) is { } failure) Noted.AddOrUpdate(better ?? exception, failure);
        return better;
    }
}
