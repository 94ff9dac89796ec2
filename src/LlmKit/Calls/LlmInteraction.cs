using LlmKit.Calls;
using LlmKit.Models;
using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>Several calls for one user task, such as a tool loop or an agent run: their totals, and limits on all of them together.</summary>
/// <remarks>
/// Thread-safe. Pass it as <see cref="LlmCallOptions.Interaction"/> or by <see cref="LlmScope.Begin"/>; a tool loop around the pipeline
/// makes a call of each of its rounds, all of which belong to it. Calls that other calls make, such as judges, count in cost, tokens and
/// attempts, and not as calls.
/// </remarks>
public sealed class LlmInteraction
{
    private readonly Lock _lock = new();
    private readonly InteractionHook _hook;
    private Money _cost;
    private decimal? _declared;
    private TokenUsage _usage;
    private DateTimeOffset _first = DateTimeOffset.MaxValue;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private int _begun;
    private int _calls;
    private int _attempts;
    private int _toolCalls;

    /// <summary>Creates an interaction.</summary>
    /// <param name="id">An id of yours, such as a conversation's; a new one is made when <see langword="null"/>.</param>
    public LlmInteraction(string? id = null)
    {
        Id = id ?? CallIds.New(TimeProvider.System.GetUtcNow());
        IsNamed = id is not null;
        _hook = new(this);
    }

    /// <summary>Gets the id.</summary>
    public string Id { get; }

    /// <summary>Gets whether the id is the caller's: one that was made here says nothing to anybody else.</summary>
    internal bool IsNamed { get; }

    /// <summary>Gets the most that all its calls together may cost, in USD.</summary>
    /// <value>0 or more; <see langword="null"/> by default: no limit. An attempt is made shorter to fit, and the last round that fits may call no tools.</value>
    public decimal? MaxCost { get; init; }

    /// <summary>Gets the most tokens that all its calls together may use, input and output.</summary>
    /// <value>0 or more; <see langword="null"/> by default: no limit. It is held as <see cref="MaxCost"/> is.</value>
    public long? MaxTokens { get; init; }

    /// <summary>Gets the most calls it may have.</summary>
    /// <value>0 or more; <see langword="null"/> by default: no limit. A further call is refused.</value>
    public int? MaxCalls { get; init; }

    /// <summary>Gets the most tool calls that its answers may hold.</summary>
    /// <value>0 or more; <see langword="null"/> by default: no limit. Once they are reached, answers may call no tools any more, so that a loop comes to its end.</value>
    public int? MaxToolCalls { get; init; }

    /// <summary>Gets what all attempts of its calls have cost so far, in USD.</summary>
    public decimal Cost
    {
        get
        {
            lock (_lock)
                return _cost.ToUsd();
        }
    }

    /// <summary>Gets the tokens of all attempts of its calls so far.</summary>
    public TokenUsage Usage
    {
        get
        {
            lock (_lock)
                return _usage;
        }
    }

    /// <summary>Gets the time from the start of its first call to the end of its last; zero before a call has closed.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_lock)
                return _calls == 0 ? TimeSpan.Zero : _last - _first;
        }
    }

    /// <summary>Gets the number of closed calls.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Gets the number of settled attempts of all calls.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Gets the number of tool calls in the answers that reached their callers.</summary>
    public int ToolCalls => Volatile.Read(ref _toolCalls);

    /// <summary>Starts an interaction whose calls are those made in the current asynchronous context until the scope is disposed of.</summary>
    /// <param name="interaction">The interaction, for its totals.</param>
    /// <param name="id">An id of yours.</param>
    /// <returns>The scope to dispose of.</returns>
    public static LlmScope Begin(out LlmInteraction interaction, string? id = null)
    {
        interaction = new(id);
        return LlmScope.Begin(interaction: interaction);
    }

    /// <summary>Lets a call in, with the limits of the interaction on it.</summary>
    /// <exception cref="AttemptRefusedException">It has had its calls.</exception>
    internal void Enter(LlmCall call, ChatOptions inside, decimal? declared)
    {
        if (declared is { } cost)
            Declare(cost);
        if (Interlocked.Increment(ref _begun) > MaxCalls)
            throw new AttemptRefusedException(RefusalReason.Limit, model: null, $"The interaction has had the {MaxCalls} calls it may have. Raise LlmInteraction.MaxCalls, or begin another interaction.");
        if (_hook.Limits)
            call.AddSpendingHook(_hook);
        if (ToolCalls < MaxToolCalls || MaxToolCalls is null || inside.Tools is not { Count: > 0 })
            return;
        // The tools stay, because a provider may refuse their results without them.
        inside.ToolMode = ChatToolMode.None;
        call.AddStep(new("interaction", "finished-without-tools", "its tool calls are used up"));
    }

    /// <summary>Gets the most that the interaction may cost: its own limit, or what pipelines declare, whichever is less.</summary>
    internal decimal? MostCost
    {
        get
        {
            lock (_lock)
                return _declared is { } declared && !(MaxCost <= declared) ? declared : MaxCost;
        }
    }

    private void Declare(decimal cost)
    {
        lock (_lock)
            _declared = Math.Min(cost, _declared ?? cost);
    }

    internal void AddCall(LlmCall call)
    {
        lock (_lock)
        {
            var (started, ended) = (call.StartedAt, call.StartedAt + call.Duration);
            _first = started < _first ? started : _first;
            _last = ended > _last ? ended : _last;
            _calls++;
        }
    }

    internal void AddAttempt(Money cost, in TokenUsage usage)
    {
        Interlocked.Increment(ref _attempts);
        lock (_lock)
        {
            _cost += cost;
            _usage += usage;
        }
    }

    /// <summary>Counts the tool calls of an answer, or of a part of it.</summary>
    internal void AddToolCalls(IList<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is FunctionCallContent { InformationalOnly: false })
                Interlocked.Increment(ref _toolCalls);
        }
    }
}
