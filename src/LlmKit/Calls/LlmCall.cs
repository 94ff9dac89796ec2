using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit.Calls;

/// <summary>One request to a pipeline: for whom, by when, what each stage decided, what each attempt used and cost.</summary>
/// <remarks>
/// Opened by the outermost client and closed exactly once; stages find it with <see cref="TryGet"/>. Thread-safe: hedged attempts and
/// child calls add to it at once. It holds names and numbers, never texts of the conversation, and serialises to <c>null</c>.
/// </remarks>
[JsonConverter(typeof(LlmCallJsonConverter))]
public sealed partial class LlmCall
{
    /// <summary>How deep calls may spring from each other.</summary>
    public const int GreatestDepth = 3;

    internal const string PropertyKey = "llmkit.call";

    private const long NotEnded = long.MinValue;

    private readonly Descent? _descent;
    private readonly long _started;
    private readonly TimeSpan _limit = Timeout.InfiniteTimeSpan;
    private CallJournal? _journal;
    private ISpendingHook[]? _hooks;
    private CallNotes? _notes;
    private string? _id;
    private int _status;
    private int _decisions;
    private long _ended = NotEnded;
    private long _startedAt;
    private object? _reporter;
    // A name, a model whose answer has begun, or a state of both or of a decision that no later answer changes.
    private object? _model;

    internal LlmCall(CallSetup setup, CallIdentity identity, bool isStreaming, LlmCall? parent = null, string? purpose = null)
    {
        Setup = setup;
        Identity = identity;
        IsStreaming = isStreaming;
        _descent = parent is null ? null : new(parent, purpose!);
        _started = setup.Time.GetTimestamp();
    }

    /// <summary>Gets the call's id, made when it is first asked for.</summary>
    public string Id => _id ?? Interlocked.CompareExchange(ref _id, CallIds.New(StartedAt), null) ?? _id;

    /// <summary>Gets the name of the pipeline, or of the stage that stands alone.</summary>
    public string Pipeline => Setup.Pipeline;

    /// <summary>Gets for whom the call is.</summary>
    public CallIdentity Identity { get; }

    /// <summary>Gets the customer organisation that the call is for.</summary>
    public string? Tenant => Identity.Tenant;

    /// <summary>Gets the person or account that the call is for.</summary>
    public string? User => Identity.User;

    /// <summary>Gets the call site.</summary>
    public string? Feature => Identity.Feature;

    /// <summary>Gets the labels for reports; those of the caller's call on one that serves it.</summary>
    public IReadOnlyDictionary<string, string> Tags => Terms.Tags ?? Parent?.Tags ?? ImmutableDictionary<string, string>.Empty;

    /// <summary>Gets the interaction that the call belongs to.</summary>
    public LlmInteraction? Interaction { get; internal init; }

    /// <summary>Gets the call that this one serves, such as the call that a judge looks at.</summary>
    public LlmCall? Parent => _descent?.Parent;

    /// <summary>Gets the call that a caller made: this one, or the one that this one serves in the end.</summary>
    internal LlmCall Root => Parent?.Root ?? this;

    /// <summary>Gets what a child call is for, such as <c>judge</c>; <see langword="null"/> for a call of the caller's.</summary>
    public string? Purpose => _descent?.Purpose;

    /// <summary>Gets how many calls stand above this one: 0 for a call of the caller's.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>Gets whether the caller asked for a stream.</summary>
    public bool IsStreaming { get; }

    /// <summary>Gets when the call started.</summary>
    public DateTimeOffset StartedAt
    {
        get
        {
            if (Volatile.Read(ref _startedAt) == 0)
                NoteStartedAt(Time.GetElapsedTime(_started));
            return new(_startedAt, TimeSpan.Zero);
        }
    }

    /// <summary>Gets how long the call took, or has taken so far.</summary>
    public TimeSpan Duration => Volatile.Read(ref _ended) is var ended && ended != NotEnded ? Time.GetElapsedTime(_started, ended) : Time.GetElapsedTime(_started);

    /// <summary>Gets how long the call may take from its start; <see langword="null"/> for no limit.</summary>
    public TimeSpan? TimeLimit
    {
        get => _limit == Timeout.InfiniteTimeSpan ? null : _limit;
        internal init => _limit = value ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary>Gets what remains until the deadline, 0 when it has passed; <see langword="null"/> for no limit.</summary>
    public TimeSpan? Remaining => Shared is { } shared ? shared.Remaining : OwnRemaining;

    /// <summary>Gets how the call stands or ended.</summary>
    public CallStatus Status => (CallStatus)Volatile.Read(ref _status);

    /// <summary>Gets whether the call has ended. A closed call is never joined again.</summary>
    public bool IsClosed => Status != CallStatus.Open;

    /// <summary>Gets whether nothing is done for the call any more: it has closed, and no other call waits for what it began.</summary>
    internal bool IsOver => IsClosed && Shared is null;

    /// <summary>Gets the registered model that gave the answer, also when the answer came from a cache.</summary>
    public string? Model
    {
        // Read once: a race between models may be decided between two looks.
        get => Volatile.Read(ref _model) switch { string name => name, ModelState state => state.Name, _ => null };
        internal set => Volatile.Write(ref _model, value);
    }

    /// <summary>Gets what happened to the answer on its way.</summary>
    public AnswerMarks Marks { get; private set; }

    /// <summary>Gets what stages decided, in order: the first 1,000 decisions.</summary>
    public IReadOnlyList<CallStep> Steps => _journal?.Steps ?? [];

    /// <summary>Gets the decisions among them that hold a verdict, each with it.</summary>
    internal IReadOnlyList<(CallStep Step, StepVerdict Verdict)> Verdicts => _journal?.Verdicts ?? [];

    /// <summary>Gets the attempts that have ended, those of child calls included, in the order of their end.</summary>
    public IReadOnlyList<CallAttempt> Attempts => Array.AsReadOnly(EndedAttempts);

    /// <summary>Gets the declared constraints and whether the call met them; empty until the call has closed. What attempts cost that are settled later is added when they are.</summary>
    public IReadOnlyList<ConstraintOutcome> Constraints => _notes?.Constraints ?? [];

    /// <summary>Gets the tokens of all attempts.</summary>
    public TokenUsage Usage
    {
        get
        {
            var total = default(TokenUsage);
            foreach (var attempt in EndedAttempts)
                total += attempt.Usage;
            return total;
        }
    }

    /// <summary>Gets what all attempts that have ended cost, in USD.</summary>
    public decimal Cost => Spent.ToUsd();

    /// <summary>Gets the number of attempts that are not settled yet: losers of a hedge, deaf upstreams.</summary>
    public int PendingAttempts => _journal?.Pending ?? 0;

    /// <summary>Gets a task that ends when every attempt made so far is settled, and no more are made for others that wait for the same answer.</summary>
    public Task WhenSettled => Shared is { } shared ? SettledAfterAsync(shared) : _journal?.WhenSettled ?? Task.CompletedTask;

    internal CallSetup Setup { get; }

    internal TimeProvider Time => Setup.Time;

    /// <summary>Gets what the caller asked for beyond <see cref="ChatOptions"/>, as it stood when the call was opened.</summary>
    internal CallTerms Terms { get; init; } = CallTerms.None;

    internal Money Spent => _journal?.Cost ?? Money.Zero;

    /// <summary>Gets what rails removed from the request, as a keyed hash in hexadecimal; <see langword="null"/> when nothing was.</summary>
    /// <remarks>Part of every cache key: redaction makes different requests look equal.</remarks>
    public string? Salt => _notes?.Salt is { } salt ? Convert.ToHexString(salt) : null;

    /// <summary>Finds the open call that a request belongs to.</summary>
    /// <param name="options">The options that the request came with.</param>
    /// <param name="call">The call. It may have closed while others wait for its answer: what it began goes on for them.</param>
    /// <returns><see langword="false"/> when there is none or it is over.</returns>
    public static bool TryGet(ChatOptions? options, [NotNullWhen(true)] out LlmCall? call)
    {
        call = Find(options);
        if (call is { IsOver: true })
            call = null;
        return call is not null;
    }

    /// <summary>Whether a request is the late work of a call that has closed and was cancelled: it is nobody's, and opens no call of its own.</summary>
    internal static bool IsLeftBehind(ChatOptions? options, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested && Find(options) is { IsOver: true };

    /// <summary>Records what a stage decided.</summary>
    /// <param name="step">The step.</param>
    public void AddStep(CallStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        step.At = Duration;
        Journal.Add(step);
    }

    /// <summary>Notes a fact that a rail found, such as the class of data in the prompt, for gates further in.</summary>
    /// <param name="name">The fact's name.</param>
    /// <param name="value">Its value; never a text of the conversation.</param>
    public void AddFact(string name, object value)
    {
        lock (Journal)
            Notes.Facts[name] = value;
    }

    /// <summary>Gets a fact that a rail found, also one that it found on the call which this one serves.</summary>
    /// <param name="name">The fact's name.</param>
    /// <returns>Its value, or <see langword="null"/>.</returns>
    public object? GetFact(string name)
    {
        if (_notes is not null)
        {
            lock (Journal)
            {
                if (_notes.Facts.TryGetValue(name, out var value))
                    return value;
            }
        }

        return Parent?.GetFact(name);
    }

    /// <summary>Notes something that the answer depends on, such as a document that was retrieved for it, so that a stored answer can be dropped when it changes.</summary>
    /// <remarks>On a call that serves another, it is noted on that one too: what a judge or a repair has read has gone into the answer.</remarks>
    /// <param name="tag">Any name but a blank one, such as <c>handbook:7</c>; never a text of the conversation.</param>
    public void AddCacheTag(string tag)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        lock (Journal)
            Notes.CacheTags.Add(tag);
        Parent?.AddCacheTag(tag);
    }

    /// <summary>Gives what the answer depends on, as far as it is known.</summary>
    internal string[] CacheTagsOf(CallTerms asked)
    {
        if (_notes is null)
            return [.. (asked.CacheTags ?? []).Distinct(StringComparer.Ordinal)];
        lock (Journal)
            return [.. (asked.CacheTags ?? []).Union(_notes.CacheTags, StringComparer.Ordinal)];
    }

    /// <summary>Mixes a keyed hash of what was removed from the request into the call's salt.</summary>
    /// <param name="hash">The hash.</param>
    public void AddSalt(ReadOnlySpan<byte> hash)
    {
        lock (Journal)
            Notes.Salt = SHA256.HashData([.. Notes.Salt ?? [], .. hash]);
    }

    /// <summary>Notes what happened to the answer.</summary>
    /// <param name="marks">The marks to add.</param>
    public void Mark(AnswerMarks marks)
    {
        lock (Journal)
            Marks |= marks;
    }

    /// <summary>Leaves an answer to be kept if the call ends well. The answers of child calls are dropped: they are not the caller's.</summary>
    /// <param name="answer">The answer.</param>
    public void Stage(IStagedAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (Journal)
        {
            if (!IsClosed && Parent is null)
            {
                (Notes.Staged ??= []).Add(answer);
                // A close that came meanwhile either sees these notes or is seen here.
                Interlocked.MemoryBarrier();
                if (!IsClosed || !Notes.Staged.Remove(answer))
                    return;
            }
        }

        Discard(answer);
    }

    /// <summary>Puts a limit on money on the call, once for each key.</summary>
    /// <param name="hook">The limit.</param>
    /// <returns>The hook that holds the key now: this one, or the one that was there before.</returns>
    public ISpendingHook AddSpendingHook(ISpendingHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        while (true)
        {
            var hooks = Volatile.Read(ref _hooks);
            if (FindSpendingHook(hook.Key, hooks ?? []) is { } existing)
                return existing;
            if (Interlocked.CompareExchange(ref _hooks, [.. hooks ?? [], hook], hooks) == hooks)
                return hook;
        }
    }

    internal ISpendingHook? FindSpendingHook(object key) => FindSpendingHook(key, SpendingHooks);

    private static ISpendingHook? FindSpendingHook(object key, ISpendingHook[] hooks)
    {
        foreach (var hook in hooks)
        {
            if (hook.Key.Equals(key))
                return hook;
        }

        return null;
    }

    /// <summary>Gets or sets what the call's book wants to know again when the call closes.</summary>
    internal object? Booked
    {
        get => _notes?.Booked;
        set
        {
            lock (Journal)
                Notes.Booked = value;
        }
    }

    /// <summary>Gets whether a stage further out is reporting the call as telemetry.</summary>
    internal bool IsReported => Volatile.Read(ref _reporter) is not null;

    /// <summary>Claims the call for one stage to report as telemetry: two of them, in nested pipelines, would count its tokens twice.</summary>
    internal bool TryReport(object stage) => Interlocked.CompareExchange(ref _reporter, stage, null) is null;

    /// <summary>Ends the claim: a stage that stands after the router may report the next attempt.</summary>
    internal void EndReport() => Volatile.Write(ref _reporter, null);

    /// <summary>Gets who takes down what this call asks where it serves another one; <see langword="null"/> where nobody does, or a stage reports it as a whole.</summary>
    internal ICallReporter? ChildReporter => _descent is { Reporter: { } reporter } && !IsReported ? reporter : null;

    /// <summary>Gives the number of the next request that a call which serves another makes of a model, from 1.</summary>
    internal int CountRequest() => _descent!.CountRequest();

    /// <summary>Gets the limits on money; the array is replaced and never changed.</summary>
    internal ISpendingHook[] SpendingHooks => Volatile.Read(ref _hooks) ?? [];

    /// <summary>Gets the time that the pipeline gives each call, where it is this call's; <see langword="null"/> where none is declared or the call has less.</summary>
    internal TimeSpan? DeclaredLatency => TimeLimit == Setup.Constraints.For(Feature).Latency ? TimeLimit : null;

    /// <summary>Gets how long a stream took to its first content; only where a constraint asks.</summary>
    internal TimeSpan? FirstContent
    {
        get => _notes?.FirstContent;
        set
        {
            lock (Journal)
                Notes.FirstContent = value;
        }
    }

    /// <summary>Gets what remains for the call's own caller, whoever else waits for its work.</summary>
    internal TimeSpan? OwnRemaining => Left(TimeLimit, Duration);

    /// <summary>Gets how long ago the call started, whether or not it has ended.</summary>
    internal TimeSpan Age => Time.GetElapsedTime(_started);

    /// <summary>Gives what is left of a limit, never less than nothing; <see langword="null"/> for no limit.</summary>
    internal static TimeSpan? Left(TimeSpan? limit, TimeSpan used) => limit is not { } most ? null : most > used ? most - used : TimeSpan.Zero;

    internal TimeSpan SinceStart(long timestamp) => Time.GetElapsedTime(_started, timestamp);

    /// <summary>Gets what has happened so far; made with the first of it. It is also the lock of whatever the call changes.</summary>
    private CallJournal Journal => _journal ?? Interlocked.CompareExchange(ref _journal, new(), null) ?? _journal;

    private CallAttempt[] EndedAttempts => _journal?.Attempts ?? [];

    private CallNotes Notes => _notes ??= new();

    /// <summary>Gets the book that the call is entered in: its pipeline's, else that of one which joined it.</summary>
    private ICallBook? Book => Setup.Book ?? _notes?.Book;

    private SharedWork? Shared => _notes?.Shared?.GoingOn;

    private static LlmCall? Find(ChatOptions? options) => options is LlmCallOptions own ? own.Call
        : options?.AdditionalProperties is { Count: > 0 } properties && properties.TryGetValue(PropertyKey, out var value) ? value as LlmCall
        : null;

    /// <summary>Where a call springs from. Who reports the call above is kept: that one may have ended when this one asks.</summary>
    private sealed class Descent(LlmCall parent, string purpose)
    {
        private int _requests;

        public LlmCall Parent => parent;

        public string Purpose => purpose;

        public ICallReporter? Reporter { get; } = Volatile.Read(ref parent._reporter) as ICallReporter ?? parent._descent?.Reporter;

        public int CountRequest() => Interlocked.Increment(ref _requests);
    }
}
