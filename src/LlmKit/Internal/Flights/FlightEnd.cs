using System.Runtime.ExceptionServices;
using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Internal.Flights;

/// <summary>How a flight ended: with an answer, fresh or known, or with a failure. Immutable; everyone who waited gets objects of their own.</summary>
internal sealed class FlightEnd
{
    /// <summary>Gets the answer; <see langword="null"/> when it failed, or when the answer cannot be taken down.</summary>
    public KeptAnswer? Answer { get; private init; }

    /// <summary>Gets whether the answer, or the failure, was known before.</summary>
    public bool IsKnown { get; private init; }

    /// <summary>Gets why there is no answer, when it was asked for now.</summary>
    public Exception? Failure { get; private init; }

    /// <summary>Gets the permanent failure to be remembered.</summary>
    public ModelFailure? Permanent { get; private init; }

    /// <summary>Gets what makes every call its own exception, where it was known before that there is no answer.</summary>
    public Func<Exception>? KnownFailure { get; private init; }

    /// <summary>Gets why the end is not to be remembered; <see langword="null"/> when it is.</summary>
    public string? WhyNotKept { get; private init; }

    /// <summary>Gets whether what was asked for was refused before anything was sent: by a budget, a limit, a circuit, a gate.</summary>
    public bool IsRefusal => Failure is AttemptRefusedException;

    private ChatResponse? Original { get; init; }

    /// <summary>Gets the registered model that gave the answer.</summary>
    private string? Model { get; init; }

    /// <summary>Gets what whoever gets the answer too must know of how it came about.</summary>
    private AnswerMarks Marks { get; init; }

    /// <summary>A fresh answer.</summary>
    /// <param name="call">The call that asked.</param>
    /// <param name="original">The answer itself, for the call that asked, and for all where it cannot be taken down; <see langword="null"/> when it came in updates.</param>
    /// <param name="answer">The answer taken down, for everyone else.</param>
    /// <param name="whyNotKept">Why it is not to be remembered.</param>
    public static FlightEnd Fresh(LlmCall call, ChatResponse? original, KeptAnswer? answer, string? whyNotKept) =>
        new() { Original = original, Answer = answer, WhyNotKept = whyNotKept, Model = call.Model, Marks = call.Marks & KeptAnswer.Inherited };

    public static FlightEnd Failed(Exception exception) =>
        PermanentOf(exception) is { } permanent ? new() { Failure = exception, Permanent = permanent } : new() { Failure = exception, WhyNotKept = "the failure may pass" };

    /// <summary>An answer that was known before.</summary>
    public static FlightEnd Known(KeptAnswer answer) => new() { Answer = answer, IsKnown = true, Model = answer.Model, Marks = answer.Marks };

    /// <summary>It was known before that there is no answer.</summary>
    public static FlightEnd Refused(Func<Exception> failure) => new() { KnownFailure = failure, IsKnown = true, WhyNotKept = "it was known before" };

    /// <summary>Gives a call its answer.</summary>
    /// <param name="call">The call.</param>
    /// <param name="began">Whether it is the call that asked.</param>
    /// <param name="reader">Its place in the updates, where the answer came in some.</param>
    /// <param name="updates">How updates were taken down.</param>
    public ChatResponse ToResponse(LlmCall call, bool began, AnswerReader? reader, IUpdateKeeper updates)
    {
        ThrowIfFailed(began);
        if (began && Original is not null)
            return Original;
        Adopt(call);
        // What cannot be taken down is shared as it is: better than to ask twice.
        return Answer?.ToResponse() ?? reader?.ToResponse(updates) ?? KeptAnswer.WithoutUsage(Original!);
    }

    /// <summary>Gives a call the updates of its answer that it has not read yet.</summary>
    /// <param name="call">The call.</param>
    /// <param name="began">Whether it is the call that asked.</param>
    /// <param name="reader">Its place in the updates, where the answer came in some.</param>
    public IReadOnlyList<ChatResponseUpdate> ToUpdates(LlmCall call, bool began, AnswerReader? reader)
    {
        ThrowIfFailed(began);
        if (!began || IsKnown)
            Adopt(call);
        if (reader is not null && !IsKnown)
            return [];
        return Answer?.ToUpdates() ?? KeptAnswer.WithoutUsage(Original!).ToChatResponseUpdates();
    }

    /// <summary>Tells a call why it has no answer. An exception belongs to one call: the others get their own.</summary>
    private void ThrowIfFailed(bool began)
    {
        if (KnownFailure is not null)
            throw KnownFailure();
        if (Failure is null)
            return;
        if (began)
            ExceptionDispatchInfo.Throw(Failure);
        throw Failure is AttemptsExhaustedException several ? new AttemptsExhaustedException(several.Failures) : new RepeatedFailureException(Failure);
    }

    /// <summary>Says of a call that its answer is another's.</summary>
    private void Adopt(LlmCall call)
    {
        call.Mark(Marks | AnswerMarks.Cached);
        if (Model is not null)
            call.Model = Model;
    }

    /// <summary>Finds the failure that every repetition would meet: all attempts must have met one, and waiting or another key must not help.</summary>
    private static ModelFailure? PermanentOf(Exception exception)
    {
        var failures = exception is AttemptsExhaustedException several ? several.Failures : [exception];
        return failures.All(failure => failure.GetModelFailure() is { Kind: ModelFailureKind.InvalidRequest or ModelFailureKind.ContextLengthExceeded or ModelFailureKind.ContentFiltered })
            ? exception.GetModelFailure()
            : null;
    }
}
