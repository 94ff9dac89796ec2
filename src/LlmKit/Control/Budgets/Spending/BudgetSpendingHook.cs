using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The limits of one ledger on one call: every attempt is reserved against all of them at once.</summary>
/// <remarks>Thread-safe: it belongs to one call and never leaves it, so it is its own lock.</remarks>
internal sealed class BudgetSpendingHook(GuardedLedger ledger, BudgetPolicy policy, LlmCall call) : ISpendingHook
{
    private readonly DateOnly _day = DateOnly.FromDateTime(call.StartedAt.UtcDateTime);
    private BudgetPolicy _policy = policy;
    private List<BudgetPolicy>? _parts;
    private AttemptCharges? _charges;
    private CallSpend _spend;

    public object Key => ledger.Ledger;

    public bool NeedsPrice => Volatile.Read(ref _policy).Enforces;

    /// <summary>Says what a call has lost when it does not hold a budget's limits.</summary>
    public static MoneyLimitMode LostLimit(BudgetPolicy policy, LlmCall? call) =>
        call is not null && call.SpendingHooks.Any(hook => hook is BudgetSpendingHook budget && budget.Has(policy)) ? MoneyLimitMode.None
        : policy.Enforces ? MoneyLimitMode.Enforced
        : MoneyLimitMode.Observed;

    /// <summary>Adds the limits of another pipeline that uses the same ledger, once.</summary>
    public void Add(BudgetPolicy other)
    {
        lock (this)
        {
            if (_parts is null ? ReferenceEquals(other, _policy) : _parts.Contains(other))
                return;
            (_parts ??= [_policy]).Add(other);
            Volatile.Write(ref _policy, _policy.With(other));
        }
    }

    /// <summary>Finds a limit that minds that the call does not say whose it is; one that refuses it goes first.</summary>
    public BudgetRule? RuleWithoutIdentity()
    {
        BudgetRule? observing = null;
        foreach (var rule in Volatile.Read(ref _policy).LedgerRules)
        {
            if (rule.MissingIdentity != MissingIdentity.Refuse || HasIdentity(rule.Scope))
                continue;
            if (rule.Enforce)
                return rule;
            observing ??= rule;
        }

        return observing;
    }

    public async ValueTask<Money?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        var charges = ChargesFor(attempt.Model.Name);
        if (!charges.Policy.Enforces)
            return null;
        var left = HeadroomOfCall(charges.Policy);
        if (charges.Items.IsEmpty)
            return left;
        var most = await ledger.HeadroomAsync(charges.Items, charges.Policy.LedgerTimeout, cancellationToken).ConfigureAwait(false);
        return most is null || left < most ? left : most;
    }

    public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Money worstCase, CancellationToken cancellationToken)
    {
        var charges = ChargesFor(attempt.Model.Name);
        ReserveForCall(attempt, charges.Policy, worstCase);
        return charges.Items.IsEmpty ? new(new BudgetHold(this, reservation: 0, worstCase)) : ReserveInLedgerAsync(attempt, charges, worstCase, cancellationToken);
    }

    private bool Has(BudgetPolicy policy)
    {
        lock (this)
            return _parts?.Contains(policy) ?? ReferenceEquals(policy, _policy);
    }

    internal void Renew(long reservation, Money estimate) => ledger.Renew(reservation, estimate);

    internal void Settle(long reservation, Money reserved, Money actual)
    {
        SettleForCall(reserved, actual);
        if (reservation != 0)
            ledger.Settle(reservation, actual);
    }

    private AttemptCharges ChargesFor(string model)
    {
        var limits = Volatile.Read(ref _policy);
        if (Volatile.Read(ref _charges) is { } known && ReferenceEquals(known.Policy, limits) && known.Model == model)
            return known;
        var items = new BudgetCharge[limits.LedgerRules.Count];
        var count = 0;
        foreach (var rule in limits.LedgerRules)
        {
            var value = IdentityOf(rule.Scope, model);
            if (value is null && rule is { MissingIdentity: MissingIdentity.Refuse, Enforce: true })
                throw BudgetRefusals.MissingIdentity(rule);
            if (value is not null || rule.MissingIdentity != MissingIdentity.Skip)
                items[count++] = new(rule.AccountOf(value ?? "", _day), rule.For(value ?? "").Amount, rule.Enforce);
        }

        Array.Resize(ref items, count);
        var charges = new AttemptCharges(limits, model, items);
        Volatile.Write(ref _charges, charges);
        return charges;
    }

    /// <summary>Gives the value that stands for a user: one name in two tenants is two users, and the separator does not stand in names.</summary>
    internal static string UserValue(string? tenant, string user) => $"{tenant}\u001f{user}";

    private bool HasIdentity(BudgetScope scope) => scope == BudgetScope.User ? call.User is not null : IdentityOf(scope, model: "") is not null;

    private string? IdentityOf(BudgetScope scope, string model) => scope switch
    {
        BudgetScope.Tenant => call.Tenant,
        BudgetScope.User => call.User is null ? null : UserValue(call.Tenant, call.User),
        BudgetScope.Feature => call.Feature,
        BudgetScope.Model => model,
        _ => "",
    };

    private Money? HeadroomOfCall(BudgetPolicy limits)
    {
        if (limits.CallRules.Count == 0)
            return null;
        lock (this)
            return _spend.Headroom(limits.CallRules);
    }

    private void ReserveForCall(AttemptRequest attempt, BudgetPolicy limits, Money amount)
    {
        BudgetRule? over;
        BudgetBalance before;
        lock (this)
            over = _spend.Reserve(limits.CallRules, amount, out before);
        if (over is null)
            return;
        Record(attempt, over);
        if (over.Enforce)
            throw BudgetRefusals.Exceeded(attempt.Model.Name, over, over.AccountOf("", _day), before, amount, call.Time.GetUtcNow());
    }

    private void SettleForCall(Money reserved, Money actual)
    {
        lock (this)
            _spend.Settle(reserved, actual);
    }

    private async ValueTask<ISpendingHold> ReserveInLedgerAsync(AttemptRequest attempt, AttemptCharges charges, Money amount, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ledger.ReserveAsync(charges.Items, amount, charges.Policy.LedgerTimeout, cancellationToken).ConfigureAwait(false);
            if (result.Over >= 0)
                GoOver(attempt, charges, result, amount);
            return new BudgetHold(this, result.Reservation, amount);
        }
        catch (Exception exception)
        {
            var hasFailed = exception is not BudgetExceededException && !cancellationToken.IsCancellationRequested;
            if (hasFailed)
                RecordFailedLedger(attempt, charges.Policy, exception);
            if (hasFailed && charges.Policy.AllowsWithoutLedger)
                return new BudgetHold(this, reservation: 0, amount);
            SettleForCall(amount, Money.Zero);
            if (hasFailed)
                throw BudgetRefusals.LedgerFailed(attempt.Model.Name, exception);
            throw;
        }
    }

    /// <summary>Records the limit that an amount does not fit; throws when it was refused.</summary>
    private void GoOver(AttemptRequest attempt, AttemptCharges charges, in ReserveResult result, Money amount)
    {
        var account = charges.Items.Span[result.Over].Account;
        var rule = charges.RuleOf(account, _day);
        Record(attempt, rule);
        if (result.Reservation == 0)
            throw BudgetRefusals.Exceeded(attempt.Model.Name, rule, account, result.Balance, amount, call.Time.GetUtcNow());
    }

    private void RecordFailedLedger(AttemptRequest attempt, BudgetPolicy limits, Exception exception)
    {
        ledger.LogFailedReservation(exception);
        attempt.Call.AddStep(new BudgetStep("not-evaluated", Limit: null, attempt.Model.Name, "the ledger failed") { Observed = !limits.Enforces });
    }

    private static void Record(AttemptRequest attempt, BudgetRule rule)
    {
        BudgetTelemetry.Refused(rule.Name, observed: !rule.Enforce);
        attempt.Call.AddStep(new BudgetStep("refused", rule.Name, attempt.Model.Name, "the worst case does not fit") { Observed = !rule.Enforce });
    }
}
