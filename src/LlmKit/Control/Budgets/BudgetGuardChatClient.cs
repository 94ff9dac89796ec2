using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
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
    private readonly IBudgetLedger _ledger;
    private readonly ILogger _logger;

    /// <summary>Creates a guard that stands alone, above a model made with <see cref="LlmStages.Model"/>.</summary>
    /// <param name="innerClient">The inner client; a metered model must stand below it.</param>
    /// <param name="options">The limits.</param>
    /// <param name="ledger">The ledger; one of its own in memory by default.</param>
    /// <param name="logger">The log.</param>
    /// <param name="timeProvider">The clock; the system's by default.</param>
    /// <exception cref="LlmConfigurationException">The options are wrong, or no metered model stands below.</exception>
    public BudgetGuardChatClient(
        IChatClient innerClient, BudgetOptions options, IBudgetLedger? ledger = null, ILogger<BudgetGuardChatClient>? logger = null, TimeProvider? timeProvider = null)
        : this(innerClient, Settings(options), ledger ?? new InMemoryBudgetLedger(timeProvider ?? TimeProvider.System), logger, CallSetup.Alone("budget", timeProvider, logger))
    {
        if (innerClient.GetService(typeof(ModelEdge)) is not ModelEdge edge)
            throw new LlmConfigurationException(["There is no metered model below the budget, so it could not see what is spent. Wrap the provider's client with LlmStages.Model(name, …), or use AddLlmPipeline()."]);
        edge.MustHaveHooks = true;
    }

    internal BudgetGuardChatClient(IChatClient innerClient, StageSettings<BudgetPolicy> policy, IBudgetLedger ledger, ILogger? logger, CallSetup? alone)
        : base(innerClient, alone)
    {
        _policy = policy;
        _ledger = ledger;
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Puts the limits on a call.</summary>
    internal void Cover(LlmCall call)
    {
        var policy = _policy.For(call);
        foreach (var rule in policy.CallRules)
            call.AddSpendingHook(new CallCostHook(_ledger, rule.Amount, rule.Name, policy.Observe));
        if (policy.LedgerRules.Count == 0)
            return;
        var mine = new BudgetSpendingHook(_ledger, policy, call, _logger);
        if (call.AddSpendingHook(mine) is BudgetSpendingHook shared && !ReferenceEquals(shared, mine))
            shared.Add(policy);
    }

    internal override Task<ChatResponse> RespondAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        Admit(call);
        return InnerClient.GetResponseAsync(messages, options, cancellationToken);
    }

    internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
    {
        Admit(call);
        return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    private static StageSettings<BudgetPolicy> Settings(BudgetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        var policy = BudgetPolicy.Compile(options, failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : new(policy);
    }

    private void Admit(LlmCall call)
    {
        Cover(call);
        if ((call.FindSpendingHook(_ledger) as BudgetSpendingHook)?.MissingIdentityRefusal() is not { } refusal)
            return;
        call.AddStep(new BudgetStep("refused", Limit: null, Model: null, "the call does not say whose it is"));
        throw refusal;
    }
}
