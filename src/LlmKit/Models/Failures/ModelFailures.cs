using System.Runtime.CompilerServices;
using LlmKit.Calls;

namespace LlmKit.Models;

/// <summary>Remembers what an edge found out about an exception, without changing the exception.</summary>
internal static class ModelFailures
{
    private static readonly ConditionalWeakTable<Exception, ModelFailure> Known = [];

    /// <summary>Classifies an exception once, at the edge, and remembers the result.</summary>
    /// <remarks>A cancellation is the caller's unless the clock cancelled the attempt: that is a model that took too long.</remarks>
    public static ModelFailure Record(Exception exception, Model model, LlmCall call, CancellationToken attempt)
    {
        var failure = Classify(exception, model, call, attempt) with { Model = model.Name };
        Known.AddOrUpdate(exception, failure);
        return failure;
    }

    public static void Record(Exception exception, ModelFailure failure) => Known.AddOrUpdate(exception, failure);

    public static ModelFailure? Find(Exception? exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            // The first model's failure speaks for all, but what it asked for may have been waited for since.
            if (current is AttemptsExhaustedException several)
                return Find(several.InnerException) is { } first ? first with { RetryAfter = several.RetryAfter } : null;
            if (Known.TryGetValue(current, out var failure))
                return failure;
            if (current is LlmTimeoutException timeout)
                return new() { Kind = ModelFailureKind.Timeout, Model = timeout.Model };
            if (current is TruncatedAnswerException truncated)
                return new() { Kind = ModelFailureKind.Truncated, Model = truncated.Model };
            if (current is NonsenseAnswerException)
                return new() { Kind = ModelFailureKind.Transient };
        }

        return exception is null ? null : HttpFailures.Classify(exception, CancellationToken.None);
    }

    private static ModelFailure Classify(Exception exception, Model model, LlmCall call, CancellationToken attempt)
    {
        if (exception is OperationCanceledException && attempt.IsCancellationRequested)
            return new() { Kind = call.IsExpired(attempt) ? ModelFailureKind.Timeout : ModelFailureKind.Cancelled };
        return Recognise(exception, model, call) ?? Find(exception) ?? new() { Kind = ModelFailureKind.Unknown };
    }

    private static ModelFailure? Recognise(Exception exception, Model model, LlmCall call)
    {
        foreach (var classify in Delegate.EnumerateInvocationList(model.ClassifyFailure))
            if (Ask(classify, exception, model, call) is { } failure)
                return failure with { RetryAfter = RetryAfter.Believed(failure.RetryAfter) };
        return null;
    }

    // Whatever a classifier does, the attempt has to end, and with the provider's own exception.
    private static ModelFailure? Ask(Func<Exception, ModelFailure?> classify, Exception exception, Model model, LlmCall call)
    {
        try
        {
            return classify(exception);
        }
        catch (Exception own) when (own is not OutOfMemoryException)
        {
            CallLog.ClassifierFailed(call.Setup.Logger, model.Name, own.GetType().Name);
            return null;
        }
    }
}
