using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

public sealed partial class LlmCall
{
    /// <summary>Opens a call that serves this one: a judge, a repair, a shadow check. It has the same identity, deadline and money, and no cache and no rails.</summary>
    /// <param name="purpose">What it is for, such as <c>judge</c>.</param>
    /// <returns>Options to pass to a model, with the child call on them.</returns>
    /// <exception cref="InvalidOperationException">The call is closed, or <see cref="GreatestDepth"/> calls already stand above each other.</exception>
    public LlmCallOptions Child(string purpose)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(purpose);
        if (IsOver)
            throw new InvalidOperationException($"The call has ended, so it can have no child call for '{purpose}'. Start child calls while their parent runs.");
        if (Depth >= GreatestDepth)
            throw new InvalidOperationException($"A child call for '{purpose}' would be {Depth + 1} deep; {GreatestDepth} is the most. A judge or repair seems to call itself.");
        var child = new LlmCall(Setup, Identity, isStreaming: false, this, purpose)
        {
            Interaction = Interaction,
            TimeLimit = Remaining,
        };
        child._hooks = SpendingHooks;
        return new()
        {
            Call = child,
            Tenant = Tenant,
            User = User,
            Feature = Feature,
            Cache = LlmCacheDirectives.Bypass,
            ExcludedModels = Terms.ExcludedModels,
        };
    }

    /// <summary>Gets what stages decided so far, where it lies.</summary>
    internal ReadOnlySpan<CallStep> StepsSoFar => _journal is { } journal ? journal.StepsSoFar : [];

    /// <summary>Takes over what was decided in a call that served this one, as it is or shown otherwise, at the times when it was decided.</summary>
    internal void AddStepsOf(LlmCall child, Func<CallStep, CallStep>? shown = null)
    {
        var begun = SinceStart(child._started);
        foreach (var step in child.Steps)
        {
            var taken = shown is null ? step with { } : shown(step);
            taken.At = begun + step.At;
            Journal.Add(taken);
        }
    }

    /// <summary>Notes when the call started, seen from a moment so long after.</summary>
    internal void NoteStartedAt(TimeSpan ago) => Interlocked.CompareExchange(ref _startedAt, (Time.GetUtcNow() - ago).UtcTicks, 0);

    /// <summary>Shares the work that begins now with calls that wait for the same answer: it goes on for them when this call has closed.</summary>
    internal SharedWork Share()
    {
        lock (Journal)
            return Notes.Shared = new(this, Shared);
    }

    /// <summary>Gets the provider of the model that answers, from its first update until the answer is whole; <see langword="null"/> where nobody does or it is not known.</summary>
    internal string? AnsweringProvider => Volatile.Read(ref _model) switch { Model model => model.Provider, ModelState state => state.Answering?.Provider, _ => null };

    /// <summary>Notes the model whose streamed answer begins. It has not answered yet: an earlier answer keeps its name.</summary>
    internal void AnswerBegins(Model model)
    {
        var known = Volatile.Read(ref _model);
        while (known is not ModelState { IsDecided: true } && !ReferenceEquals(known, model))
        {
            object begun = known switch { string name => new ModelState(name, model), ModelState state => state with { Answering = model }, _ => model };
            var found = Interlocked.CompareExchange(ref _model, begun, known);
            if (ReferenceEquals(found, known))
                return;
            known = found;
        }
    }

    /// <summary>Notes the model whose attempt gave an answer. Once a race between models is decided, a loser's late answer counts for nothing.</summary>
    internal void AnsweredBy(string model)
    {
        var known = Volatile.Read(ref _model);
        while (known is not ModelState { IsDecided: true } && !ReferenceEquals(known, model))
        {
            var found = Interlocked.CompareExchange(ref _model, model, known);
            if (ReferenceEquals(found, known))
                return;
            known = found;
        }
    }

    /// <summary>Decides a race between models, or, for <see langword="null"/>, lets the next answer name its model again.</summary>
    internal void DecideModel(string? winner) => Volatile.Write(ref _model, winner is null ? Model : new ModelState(winner, AnsweringAs(winner), IsDecided: true));

    private Model? AnsweringAs(string name) =>
        Volatile.Read(ref _model) switch { Model model => model, ModelState state => state.Answering, _ => null } is { } answering && answering.Name == name ? answering : null;

    /// <summary>Notes what the way an answer ended says about it.</summary>
    internal void MarkEnd(ChatFinishReason? reason)
    {
        if (reason is null or { Value: "stop" })
            return;
        if (reason == ChatFinishReason.Length)
            Mark(AnswerMarks.Truncated);
        else if (reason == ChatFinishReason.ContentFilter)
            Mark(AnswerMarks.Filtered);
    }

    /// <summary>Notes that a pipeline has joined the call and put its own limits on it.</summary>
    internal void JoinedBy(object pipeline)
    {
        lock (Journal)
        {
            if (!Notes.JoinedBy.Contains(pipeline))
                Notes.JoinedBy = [.. Notes.JoinedBy, pipeline];
        }
    }

    /// <summary>Gets whether the call came through a pipeline, so that it has its limits: opened by it, joined, or sprung from a call that was.</summary>
    internal bool CameThrough(object pipeline) =>
        ReferenceEquals(Setup.Owner, pipeline) || _notes?.JoinedBy.Contains(pipeline) == true || Parent?.CameThrough(pipeline) == true;

    /// <summary>Gives what the call takes of a limiter's limits on callers; it is ended when the call closes. A call that serves another goes with it.</summary>
    internal CallPass PassOf(RateLimiter limiter)
    {
        if (Parent is not null)
            return Parent.PassOf(limiter);
        lock (Journal)
        {
            if (Array.Find(Notes.Passes, known => ReferenceEquals(known.Limiter, limiter)) is { } known)
                return known;
            var pass = new CallPass(this, limiter);
            Notes.Passes = [.. Notes.Passes, pass];
            return pass;
        }
    }

    internal void BeginAttempt()
    {
        Journal.BeginAttempt();
        Parent?.BeginAttempt();
    }

    /// <summary>Records an attempt that has ended, whatever its end, also after the call has closed.</summary>
    internal void EndAttempt(CallAttempt attempt, Money cost)
    {
        // The journal last: whoever waits until all is settled finds it in the interaction, in the book and on the call served too.
        if (Parent is not null)
            Parent.EndAttempt(attempt with { Purpose = attempt.Purpose ?? Purpose, Started = Parent.SinceStart(_started) + attempt.Started }, cost);
        else
        {
            Interaction?.AddAttempt(cost, attempt.Usage);
            Book?.AddAttempt(this, attempt, cost);
        }

        Journal.EndAttempt(attempt, cost);
    }

    /// <summary>Enters the call in a pipeline's book, or the call that this one serves; once, for a call has one book.</summary>
    internal void EnterIn(ICallBook? book, IReadOnlyList<ChatMessage>? messages, ChatOptions options)
    {
        if (book is null)
            return;
        if (Parent is not null)
        {
            Parent.EnterIn(book, messages: null, options);
            return;
        }

        if (Booked is not null)
            return;
        if (Setup.Book is null)
        {
            lock (Journal)
                Notes.Book ??= book;
        }

        Book!.Open(this, messages, options);
    }

    /// <summary>Undoes <see cref="BeginAttempt"/> for an attempt that was refused before anything was sent.</summary>
    internal void ForgetAttempt()
    {
        Journal.ForgetAttempt();
        Parent?.ForgetAttempt();
    }

    /// <summary>Says, before it cancels an attempt's token, that a limit on time does so and not the caller.</summary>
    internal void NoteExpired(CancellationToken attempt)
    {
        lock (Journal)
            Notes.Expired.Add(attempt);
    }

    /// <summary>Whether the clock cancelled a token: a limit on the attempt, or the call's deadline.</summary>
    internal bool IsExpired(CancellationToken attempt)
    {
        lock (Journal)
        {
            if (_notes?.Expired.Contains(attempt) == true)
                return true;
        }

        return Remaining == TimeSpan.Zero;
    }

    /// <summary>Gives the number of the next decision of a routing policy, from 1: however many routers the call comes to, and however often.</summary>
    internal int CountDecision() => Interlocked.Increment(ref _decisions);

    /// <summary>Tells somebody when the call has closed, at once if it has: maybe twice, where it closes meanwhile. What is told throws nothing.</summary>
    internal void WhenClosed(Action<LlmCall> told)
    {
        lock (Journal)
            Notes.Told = [.. Notes.Told, told];
        // A close that came meanwhile either sees these notes or is seen here.
        Interlocked.MemoryBarrier();
        if (IsClosed)
            told(this);
    }

    /// <summary>Closes the call; only the first close counts. Staged answers are kept after a clean end and dropped otherwise.</summary>
    internal bool Close(CallStatus status)
    {
        var now = Time.GetTimestamp();
        if (Interlocked.CompareExchange(ref _status, (int)status, (int)CallStatus.Open) != (int)CallStatus.Open)
            return false;
        Volatile.Write(ref _ended, now);
        var staged = _notes is null ? null : TakeStaged();
        var settled = Setup.Constraints.BindCalls ? JudgeConstraints() : Task.CompletedTask;
        Interaction?.AddCall(this);
        foreach (var pass in _notes?.Passes ?? [])
            pass.End();
        var reported = Task.CompletedTask;
        if (Parent is null)
        {
            Book?.Close(this);
            if (Constraints.Count > 0)
                reported = ReportConstraintsAsync(settled);
        }

        foreach (var told in _notes?.Told ?? [])
            told(this);
        var kept = staged is null ? Task.CompletedTask : EndStaged(staged, status == CallStatus.Completed);
        if (Terms.OnCompleted is { } completed)
            Notify(completed);
        if (Setup.Open is { } open)
            _ = LeaveAsync(open, kept, reported);
        return true;
    }

    /// <summary>Judges how the call stands to what is declared for it.</summary>
    /// <returns>A task that ends when it costs no more, where its cost is limited.</returns>
    private Task JudgeConstraints()
    {
        var declared = Setup.Constraints.For(Feature);
        // Asked before the money is looked at: what is settled in between is waited for, and counted then.
        var settled = declared.LimitCost ? WhenSettled : Task.CompletedTask;
        if (!declared.BindCalls)
            return settled;
        var outcomes = ConstraintJudge.Judge(this, declared);
        lock (Journal)
            Notes.Constraints = outcomes;
        return settled;
    }

    /// <summary>Reports how the call stood to what is declared. The loser of a race, or a check that goes on, costs money after the call has closed: then it is judged once more.</summary>
    private async Task ReportConstraintsAsync(Task settled)
    {
        if (!settled.IsCompleted)
        {
            await settled.ConfigureAwait(false);
            _ = JudgeConstraints();
        }

        var feature = Setup.Constraints.NameOf(Feature);
        ConstraintTelemetry.Judged(Pipeline, feature, Constraints);
        Setup.Promises?.Add(feature, this);
    }

    private List<IStagedAnswer>? TakeStaged()
    {
        lock (Journal)
        {
            var staged = Notes.Staged;
            Notes.Staged = null;
            return staged;
        }
    }

    /// <summary>Between two attempts of work that others wait for, nothing is pending and all the same not all is settled.</summary>
    private async Task SettledAfterAsync(SharedWork shared)
    {
        await shared.WhenOver.ConfigureAwait(false);
        await WhenSettled.ConfigureAwait(false);
    }

    /// <summary>Lets a host that stops go on once the last answer is kept and the last attempt settled.</summary>
    private async Task LeaveAsync(OpenCalls open, Task kept, Task reported)
    {
        await kept.ConfigureAwait(false);
        await reported.ConfigureAwait(false);
        await WhenSettled.ConfigureAwait(false);
        open.Leave();
    }

    /// <summary>Keeps or drops the staged answers.</summary>
    /// <returns>A task that ends when they are kept; what cannot be kept is logged.</returns>
    private Task EndStaged(List<IStagedAnswer> staged, bool keep)
    {
        var keeping = Task.CompletedTask;
        foreach (var answer in staged)
        {
            if (!keep)
                Discard(answer);
            else if (CommitAsync(answer) is { IsCompletedSuccessfully: false } commit)
                keeping = Task.WhenAll(keeping, commit.AsTask());
        }

        return keeping;
    }

    private void Discard(IStagedAnswer answer)
    {
        try
        {
            answer.Discard();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CallLog.DiscardFailed(Setup.Logger, Pipeline, exception.GetType().Name);
        }
    }

    private async ValueTask CommitAsync(IStagedAnswer answer)
    {
        try
        {
            await answer.CommitAsync(this).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CallLog.CommitFailed(Setup.Logger, Pipeline, exception.GetType().Name);
        }
    }

    private void Notify(Action<LlmCall> completed)
    {
        try
        {
            completed(this);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            CallLog.CompletionFailed(Setup.Logger, Pipeline, exception.GetType().Name);
        }
    }

    /// <summary>The model that answered, and the one that answers.</summary>
    private sealed record ModelState(string Name, Model? Answering, bool IsDecided = false);
}
