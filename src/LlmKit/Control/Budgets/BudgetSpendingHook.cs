using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;
using Microsoft.Extensions.Logging;

namespace LlmKit.Control.Budgets;

/// <summary>The limits of one ledger on one call: every attempt is reserved against all of them at once.</summary>
internal sealed class BudgetSpendingHook(IBudgetLedger ledger, BudgetPolicy policy, LlmCall call, ILogger logger) : ISpendingHook
{
    private readonly Lock _lock = new();
    private IReadOnlyList<BudgetRule> _rules = policy.LedgerRules;
    private DateTimeOffset? _started;

    public object Key => ledger;

    public bool NeedsPrice => !policy.Observe;

    /// <summary>Adds the limits of another pipeline that uses the same ledger.</summary>
    public void Add(BudgetPolicy other)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_rules, other.LedgerRules))
                _rules = [.. _rules.UnionBy(other.LedgerRules, rule => rule.Name)];
        }
    }

    /// <summary>Gives why the call may not go on because it does not say whose it is, or <see langword="null"/>.</summary>
    public AttemptRefusedException? MissingIdentityRefusal()
    {
        if (policy.Observe || policy.MissingIdentity != MissingIdentity.Refuse)
            return null;
        var rule = _rules.FirstOrDefault(rule => IdentityOf(rule.Scope, model: "") is null);
        return rule is null ? null : new(
            RefusalReason.Budget,
            model: null,
            $"The limit '{rule.Name}' is for each {rule.Scope.ToString().ToLowerInvariant()} and the call does not say whose it is. Set LlmCallOptions.{rule.Scope}, open an LlmScope, or set BudgetOptions.MissingIdentity.");
    }

    public async ValueTask<Money?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        if (policy.Observe)
            return null;
        Money? least = null;
        try
        {
            foreach (var charge in Charges(attempt.Model.Name))
            {
                var balance = await InTime(ledger.ReadAsync(charge.Account, cancellationToken), cancellationToken).ConfigureAwait(false);
                var left = charge.Limit - balance.Spent - balance.Reserved;
                if (least is null || left < least)
                    least = left;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The reservation that follows meets the same ledger and decides what its failure means.
            BudgetTelemetry.LedgerFailed(logger, "read", exception);
            return null;
        }

        return least;
    }

    public async ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Money worstCase, CancellationToken cancellationToken)
    {
        if (MissingIdentityRefusal() is { } refusal)
            throw refusal;
        var charges = Charges(attempt.Model.Name);
        ReserveResult result;
        try
        {
            result = await InTime(ledger.ReserveAsync(charges, worstCase, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return LedgerFailed(attempt, exception);
        }

        if (result.Refused >= 0)
            throw Refuse(attempt, charges[result.Refused], result.Balance, worstCase);
        if (policy.Observe)
            await ObserveAsync(attempt, charges, cancellationToken).ConfigureAwait(false);
        return new Hold(ledger, result.Reservation, logger);
    }

    private async ValueTask<T> InTime<T>(ValueTask<T> operation, CancellationToken cancellationToken) => operation.IsCompleted
        ? await operation.ConfigureAwait(false)
        : await operation.AsTask().WaitAsync(policy.LedgerTimeout, call.Time, cancellationToken).ConfigureAwait(false);

    private List<BudgetCharge> Charges(string model)
    {
        IReadOnlyList<BudgetRule> rules;
        DateTimeOffset started;
        lock (_lock)
        {
            rules = _rules;
            started = _started ??= call.StartedAt;
        }

        var charges = new List<BudgetCharge>(rules.Count);
        for (var i = 0; i < rules.Count; i++)
        {
            if ((IdentityOf(rules[i].Scope, model) ?? Shared()) is { } value)
                charges.Add(new(rules[i].AccountOf(value, started), rules[i].Amount, Enforce: !policy.Observe));
        }

        return charges;
    }

    private string? Shared() => policy.MissingIdentity == MissingIdentity.Skip ? null : "";

    private string? IdentityOf(BudgetScope scope, string model) => scope switch
    {
        BudgetScope.Tenant => call.Tenant,
        // One user name in two tenants is two users; the separator cannot stand in a name by accident.
        BudgetScope.User => call.User is null ? null : $"{call.Tenant}\u001f{call.User}",
        BudgetScope.Feature => call.Feature,
        BudgetScope.Model => model,
        _ => "",
    };

    private NoHold LedgerFailed(AttemptRequest attempt, Exception exception)
    {
        BudgetTelemetry.LedgerFailed(logger, "reserve", exception);
        if (policy.WhenLedgerFails == WhenLedgerFails.Refuse && !policy.Observe)
        {
            throw new AttemptRefusedException(
                RefusalReason.Budget, attempt.Model.Name, "The budget's ledger failed, so no money could be reserved. Repair the ledger, or set BudgetOptions.WhenLedgerFails to Allow.", exception);
        }

        attempt.Call.AddStep(new BudgetStep("not-evaluated", Limit: null, attempt.Model.Name, "the ledger failed") { Observed = policy.Observe });
        return NoHold.Instance;
    }

    private BudgetExceededException Refuse(AttemptRequest attempt, BudgetCharge charge, BudgetBalance balance, Money asked)
    {
        var rule = _rules.First(rule => rule.Name == charge.Account.Limit);
        BudgetTelemetry.Refused(rule.Name, observed: false);
        attempt.Call.AddStep(new BudgetStep("refused", rule.Name, attempt.Model.Name, "the worst case does not fit"));
        DateTimeOffset? resetsAt = rule.Window == BudgetWindow.Lifetime ? null : new(charge.Account.WindowEnd, TimeSpan.Zero);
        return new(attempt.Model.Name, rule.Name, rule.Scope, charge.Limit.ToUsd(), balance.Spent.ToUsd(), balance.Reserved.ToUsd(), asked.ToUsd(), resetsAt, resetsAt - call.Time.GetUtcNow());
    }

    private async ValueTask ObserveAsync(AttemptRequest attempt, List<BudgetCharge> charges, CancellationToken cancellationToken)
    {
        foreach (var charge in charges)
        {
            var balance = await ledger.ReadAsync(charge.Account, cancellationToken).ConfigureAwait(false);
            if (balance.Spent + balance.Reserved <= charge.Limit)
                continue;
            BudgetTelemetry.Refused(charge.Account.Limit, observed: true);
            attempt.Call.AddStep(new BudgetStep("refused", charge.Account.Limit, attempt.Model.Name, "the worst case does not fit") { Observed = true });
        }
    }

    private sealed class Hold(IBudgetLedger ledger, long reservation, ILogger logger) : ISpendingHold
    {
        public void Renew(Money atLeast) => Safely("renew", () => ledger.Renew(reservation, atLeast));

        public void Settle(Money actual) => Safely("settle", () => ledger.Settle(reservation, actual));

        public void Release() => Settle(Money.Zero);

        /// <summary>The answer is there already: a ledger that fails now must not take it away.</summary>
        private void Safely(string operation, Action act)
        {
            try
            {
                act();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                BudgetTelemetry.LedgerFailed(logger, operation, exception);
            }
        }
    }

    private sealed class NoHold : ISpendingHold
    {
        public static NoHold Instance { get; } = new();

        public void Renew(Money atLeast)
        {
        }

        public void Settle(Money actual)
        {
        }

        public void Release()
        {
        }
    }
}
