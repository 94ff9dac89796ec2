using LlmKit.Calls;
using LlmKit.Control.Budgets.Alerts;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Control.Budgets;

/// <summary>Holds calls to limits on money: the worst case of every attempt is reserved before a byte is sent and settled at its real cost after.</summary>
/// <remarks>
/// Thread-safe. Stands outside the router, so that fallbacks, retries, hedges and judges are all covered: it puts the limits on the call
/// and the door to each model reserves against them. Costs a few dictionary look-ups under one lock for each attempt. A hit of a cache
/// costs nothing and is served also when the money is gone.
/// </remarks>
public sealed class BudgetGuardChatClient : StageChatClient
{
    private readonly StageSettings<BudgetPolicy> _policy;
    private readonly GuardedLedger _ledger;

    /// <summary>Creates a guard that stands alone, above a model made with <see cref="LlmStages.Model"/>.</summary>
    /// <param name="innerClient">The inner client; a metered model must stand below it.</param>
    /// <param name="options">The limits.</param>
    /// <param name="ledger">The ledger; one of its own in memory by default.</param>
    /// <param name="logger">The log.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or no metered model stands below.</exception>
    public BudgetGuardChatClient(
        IChatClient innerClient, BudgetOptions options, IBudgetLedger? ledger = null, ILogger<BudgetGuardChatClient>? logger = null, TimeProvider? timeProvider = null)
        : this(innerClient, Settings(options), ledger ?? new InMemoryBudgetLedger(timeProvider ?? TimeProvider.System), new(), [], logger, CallSetup.Alone("budget", timeProvider, logger))
    {
        var edges = IModelFork.EdgesBelow(innerClient);
        if (edges.Contains(null))
            throw new LlmConfigurationException(["There is no metered model below the budget, or not on every way, so it could not see what is spent. Wrap each provider's client with LlmStages.Model(name, …), or use AddLlmPipeline()."]);
        foreach (var limits in edges.SelectMany(edge => new[] { edge!.Limits, edge.Beyond }).OfType<MoneyLimits>().Distinct())
            limits.Add(LostLimit);
    }

    internal BudgetGuardChatClient(
        IChatClient innerClient, StageSettings<BudgetPolicy> policy, IBudgetLedger ledger, AlertBook book, IEnumerable<IBudgetAlertSink> sinks, ILogger? logger, CallSetup alone)
        : base(innerClient, alone)
    {
        _policy = policy;
        _ledger = new(ledger, book, sinks, alone.Time, logger ?? NullLogger.Instance);
    }

    /// <summary>Puts the limits on a call: a new hook, or one more policy on the hook that shares the ledger.</summary>
    internal void Cover(LlmCall call) => Hook(call);

    internal override ValueTask<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (Refusal(call) is { } refusal)
            return ValueTask.FromException<ChatResponse>(refusal);
        return InnerClient.AskAsync(messages, options, call, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        if (Refusal(call) is { } refusal)
            throw refusal;
        return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private MoneyLimitMode? LostLimit(LlmCall? call) =>
        BudgetSpendingHook.LostLimit(_policy.Current, call) is var lost and not MoneyLimitMode.None ? lost : null;

    private static StageSettings<BudgetPolicy> Settings(BudgetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        var policy = BudgetPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }

    private BudgetSpendingHook Hook(LlmCall call)
    {
        var policy = _policy.For(call);
        var hook = call.FindSpendingHook(_ledger.Ledger) as BudgetSpendingHook
            ?? (BudgetSpendingHook)call.AddSpendingHook(new BudgetSpendingHook(_ledger, policy, call));
        hook.Add(policy);
        return hook;
    }

    /// <summary>Gives why the call may not go on because it does not say whose it is, or <see langword="null"/>: before a cache or a judge is asked.</summary>
    private MissingIdentityException? Refusal(LlmCall call)
    {
        if (Hook(call).RuleWithoutIdentity() is not { } rule)
            return null;
        BudgetTelemetry.Decided("refused", rule.Name, observed: !rule.Enforce);
        call.AddStep(new BudgetStep("refused", rule.Name, Model: null, "the call does not say whose it is") { Observed = !rule.Enforce });
        return rule.Enforce ? BudgetRefusals.MissingIdentity(rule) : null;
    }
}
