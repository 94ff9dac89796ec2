using LlmKit.Calls;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Models;

namespace LlmKit.Control.Budgets.Spending;

/// <summary>The limits of one ledger on one call: every attempt is reserved against all of them at once.</summary>
/// <remarks>Thread-safe: it belongs to one call and never leaves it, so it is its own lock.</remarks>
internal sealed class BudgetSpendingHook(GuardedLedger ledger, BudgetPolicy policy, LlmCall call) : ISpendingHook
{
    private BudgetPolicy _policy = policy;
    private List<BudgetPolicy>? _parts;
    private AttemptCharges? _charges;
    private CallSpend? _spend;

    public object Key => ledger.Ledger;

    public bool NeedsPrice => Volatile.Read(ref _policy).NeedsPrice;

    public bool ShortensAnswers => Volatile.Read(ref _policy).ShortensAnswers;

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
            if (!Minds(rule) || HasIdentity(rule))
                continue;
            if (rule.Enforce)
                return rule;
            observing ??= rule;
        }

        return observing;
    }

    public async ValueTask<Expense?> HeadroomAsync(AttemptRequest attempt, CancellationToken cancellationToken)
    {
        var charges = ChargesFor(attempt.Model, call.StartedAt);
        if (!charges.Policy.Enforces)
            return null;
        var left = HeadroomOfCall(charges.Policy);
        if (charges.Items.IsEmpty)
            return left;
        var most = await ledger.HeadroomAsync(charges.Items, charges.At, charges.Policy.LedgerTimeout, cancellationToken).ConfigureAwait(false);
        return left is { } own && most is { } others ? Expense.Least(own, others) : left ?? most;
    }

    public ValueTask<ISpendingHold> ReserveAsync(AttemptRequest attempt, Expense worstCase, CancellationToken cancellationToken)
    {
        var charges = ChargesFor(attempt.Model, call.StartedAt);
        var isForCall = ReserveForCall(attempt, charges.Policy, worstCase);
        if (charges.Items.IsEmpty)
            return new(new BudgetHold(this, charges, reservation: 0, worstCase) { IsForCall = isForCall });
        var reserving = ledger.ReserveAsync(charges.Items, worstCase, charges.At, charges.Policy.LedgerTimeout, cancellationToken);
        if (reserving.IsCompletedSuccessfully)
        {
            var result = reserving.Result;
            // Nearly always: a ledger in memory, and it fits.
            if (result is { Reservation: not 0, Over: < 0 } && !charges.Policy.EndsLoops)
                return new(new BudgetHold(this, charges, result.Reservation, worstCase) { IsForCall = isForCall });
            reserving = new(result);
        }

        return ReserveInLedgerAsync(reserving, attempt, charges, worstCase, isForCall, cancellationToken);
    }

    public void Renew(long reservation, Expense estimate) => ledger.Renew(reservation, estimate);

    /// <summary>Settles an attempt.</summary>
    /// <param name="charges">What it was reserved on.</param>
    /// <param name="reservation">The ledger's reservation; 0 for none.</param>
    /// <param name="forCall">What was reserved under the limits on each call.</param>
    /// <param name="actual">What it used up.</param>
    public void Settle(AttemptCharges charges, long reservation, Expense forCall, Expense actual)
    {
        SettleForCall(forCall, actual);
        if (reservation == 0)
            return;
        ledger.Settle(reservation, actual);
        if (charges.Policy.Alerts && actual != Expense.None)
            ledger.Alerts.Check(charges);
    }

    private bool Has(BudgetPolicy policy)
    {
        lock (this)
            return _parts?.Contains(policy) ?? ReferenceEquals(policy, _policy);
    }

    private AttemptCharges ChargesFor(Model model, DateTimeOffset at)
    {
        var limits = Volatile.Read(ref _policy);
        if (Volatile.Read(ref _charges) is { } known && ReferenceEquals(known.Policy, limits) && known.Model == model.Name && known.At >= at)
            return known;
        var items = new BudgetCharge[limits.LedgerRules.Count];
        var count = 0;
        foreach (var rule in limits.LedgerRules)
        {
            var value = IdentityOf(rule, model);
            if (value is null && rule.Enforce && Minds(rule))
                throw BudgetRefusals.MissingIdentity(rule);
            if (value is null ? !SharesWithoutIdentity(rule) : !rule.AppliesTo(value))
                continue;
            items[count++] = new(rule.AccountOf(value ?? "", at), rule.For(value ?? "").Limit, rule.Enforce);
        }

        Array.Resize(ref items, count);
        var charges = new AttemptCharges(limits, model.Name, at, items);
        Volatile.Write(ref _charges, charges);
        return charges;
    }

    /// <summary>Whether a limit refuses calls that do not say whose they are. One for a single value has nothing to say to them, and a call outside an interaction has no limit on it.</summary>
    private static bool Minds(BudgetRule rule) => rule is { MissingIdentity: MissingIdentity.Refuse, Only: null, Scope: not BudgetScope.Interaction };

    private static bool SharesWithoutIdentity(BudgetRule rule) => rule is { MissingIdentity: not MissingIdentity.Skip, Only: null, Scope: not BudgetScope.Interaction };

    private bool HasIdentity(BudgetRule rule) => rule.Scope == BudgetScope.User ? call.User is not null : IdentityOf(rule, model: null) is not null;

    private string? IdentityOf(BudgetRule rule, Model? model) => rule.Scope switch
    {
        BudgetScope.Tenant => call.Tenant,
        BudgetScope.User => call.Identity.UserKey,
        BudgetScope.Feature => call.Feature,
        BudgetScope.Tag => call.Tags.GetValueOrDefault(rule.Tag!),
        BudgetScope.Interaction => call.Interaction?.Id,
        BudgetScope.Model => model?.Name ?? "",
        BudgetScope.Provider => model?.Provider ?? "",
        _ => "",
    };

    private Expense? HeadroomOfCall(BudgetPolicy limits)
    {
        if (limits.CallRules.Count == 0)
            return null;
        lock (this)
            return Spend.Headroom(limits.CallRules);
    }

    /// <summary>Gets what the call has spent and holds, from when a limit on each call first asks. What was under way then counts once it is settled.</summary>
    private CallSpend Spend => _spend ??= new(new(call.Spent, call.Usage.Total));

    /// <summary>Reserves under the limits on each call.</summary>
    /// <returns>Whether there are any.</returns>
    private bool ReserveForCall(AttemptRequest attempt, BudgetPolicy limits, Expense amount)
    {
        if (limits.CallRules.Count == 0)
            return false;
        BudgetRule? over;
        BudgetBalance before;
        lock (this)
            over = Spend.Reserve(limits.CallRules, amount, out before);
        if (over is null)
            return true;
        Record(attempt, over);
        if (over.Enforce)
            throw BudgetRefusals.Exceeded(attempt.Model.Name, over, over.AccountOf("", call.StartedAt), new(0, 0, before), amount, call.Time.GetUtcNow());
        return true;
    }

    private void SettleForCall(Expense reserved, Expense actual)
    {
        lock (this)
            _spend?.Settle(reserved, actual);
    }

    private async ValueTask<ISpendingHold> ReserveInLedgerAsync(
        ValueTask<ReserveResult> reserving, AttemptRequest attempt, AttemptCharges charges, Expense amount, bool isForCall, CancellationToken cancellationToken)
    {
        try
        {
            var result = await reserving.ConfigureAwait(false);
            if (result.Reservation == 0 && charges.Policy.Waits && charges.RuleOf(result.Over).AtLimit == AtLimit.Wait)
                (charges, result) = await WaitAsync(attempt, charges, result, amount, cancellationToken).ConfigureAwait(false);
            if (result.Over >= 0)
                GoOver(attempt, charges, result, amount);
            return new BudgetHold(this, charges, result.Reservation, amount) { IsForCall = isForCall, IsLast = charges.Policy.EndsLoops && await IsLastAsync(charges, amount).ConfigureAwait(false) };
        }
        catch (Exception exception)
        {
            var hasFailed = exception is not BudgetExceededException && !cancellationToken.IsCancellationRequested;
            if (hasFailed)
                RecordFailedLedger(attempt, charges.Policy, exception);
            if (hasFailed && charges.Policy.AllowsWithoutLedger)
                return new BudgetHold(this, charges, reservation: 0, amount) { IsForCall = isForCall };
            SettleForCall(isForCall ? amount : Expense.None, Expense.None);
            if (hasFailed)
                throw BudgetRefusals.LedgerFailed(attempt.Model.Name, exception);
            throw;
        }
    }

    /// <summary>Asks again as long as the call has time, and counts the call from then on where it got through.</summary>
    private async ValueTask<(AttemptCharges Charges, ReserveResult Result)> WaitAsync(
        AttemptRequest attempt, AttemptCharges charges, ReserveResult result, Expense amount, CancellationToken cancellationToken)
    {
        var wait = new LimitWait(call);
        while (result.Reservation == 0 && charges.RuleOf(result.Over).AtLimit == AtLimit.Wait && wait.Next(charges.Items.Span[result.Over].Account, result, amount, charges.Items.Span[result.Over].Limit) is { } next)
        {
            if (wait.IsFirst)
                Record(attempt, charges.RuleOf(result.Over), "waited", "the worst case does not fit yet");
            await Task.Delay(next, call.Time, cancellationToken).ConfigureAwait(false);
            charges = ChargesFor(attempt.Model, call.Time.GetUtcNow());
            result = await ledger.ReserveAsync(charges.Items, amount, charges.At, charges.Policy.LedgerTimeout, cancellationToken).ConfigureAwait(false);
        }

        return (charges, result);
    }

    /// <summary>Whether a limit that ends tool loops leaves no room for another attempt like this one. The money is held by now, so nothing may end the question but its answer.</summary>
    private async ValueTask<bool> IsLastAsync(AttemptCharges charges, Expense amount)
    {
        var ending = charges.Where(static rule => rule is { Enforce: true, AtLimit: AtLimit.FinishWithoutTools });
        return ending.Length > 0
            && await ledger.HeadroomAsync(ending, charges.At, charges.Policy.LedgerTimeout, CancellationToken.None).ConfigureAwait(false) is { } left
            && !amount.Fits(Expense.None, left);
    }

    /// <summary>Records the limit that an amount does not fit; throws when it was refused.</summary>
    private void GoOver(AttemptRequest attempt, AttemptCharges charges, in ReserveResult result, Expense amount)
    {
        var account = charges.Items.Span[result.Over].Account;
        var rule = charges.RuleOf(result.Over);
        Record(attempt, rule);
        if (result.Reservation == 0)
            throw BudgetRefusals.Exceeded(attempt.Model.Name, rule.For(account.Value), account, result, amount, call.Time.GetUtcNow());
    }

    private void RecordFailedLedger(AttemptRequest attempt, BudgetPolicy limits, Exception exception)
    {
        ledger.LogFailedReservation(exception);
        attempt.Call.AddStep(new BudgetStep("not-evaluated", Limit: null, attempt.Model.Name, "the ledger failed") { Observed = !limits.Enforces });
    }

    private static void Record(AttemptRequest attempt, BudgetRule rule, string decision = "refused", string reason = "the worst case does not fit")
    {
        BudgetTelemetry.Decided(decision, rule.Name, observed: !rule.Enforce);
        attempt.Call.AddStep(new BudgetStep(decision, rule.Name, attempt.Model.Name, reason) { Observed = !rule.Enforce });
    }
}
