using System.Runtime.CompilerServices;
using Anthropic.Exceptions;
using LlmKit.Models;

namespace LlmKit.Anthropic.Failures;

/// <summary>Classifies a failure where it happens, with what came with it and the clock of the pipeline, and keeps the result for whoever asks.</summary>
/// <param name="key">The key that no message may hold, or <see langword="null"/>.</param>
/// <param name="time">The clock for a Retry-After that is a date.</param>
internal sealed class FailureNotes(string? key, TimeProvider time)
{
    private static readonly ConditionalWeakTable<Exception, ModelFailure> Noted = [];

    /// <summary>Gets what was noted of an exception, or <see langword="null"/>: plain HTTP rules apply to it then.</summary>
    internal static ModelFailure? Find(Exception exception) => Noted.TryGetValue(exception, out var failure) ? failure : null;

    /// <summary>Notes what an exception means.</summary>
    /// <returns>An exception without the key to throw instead, or <see langword="null"/> when this one is fine as it is.</returns>
    internal Exception? Note(Exception exception, AnswerBox box)
    {
        var better = key is not null && exception is AnthropicApiException told && told.Message.Contains(key, StringComparison.Ordinal)
            ? AnthropicExceptionFactory.CreateApiException(told.StatusCode, told.ResponseBody.Replace(key, "***", StringComparison.Ordinal))
            : null;
        if (AnthropicFailures.Classify(better ?? exception, box, time) is { } failure)
            Noted.AddOrUpdate(better ?? exception, failure);
        return better;
    }
}
