using LlmKit.Calls;
using LlmKit.Control.Budgets.Forecasts;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Models;

namespace LlmKit;

/// <summary>How the limits of all pipelines of a container stand, and when they will run out: resolve it from the services.</summary>
/// <remarks>
/// Thread-safe. It reads the ledger when it is asked and costs calls nothing but the moment in which the ledger copies its accounts. For those
/// who run the service, not for a customer's page: figures of one tenant are shown beside those of others unless one is asked for.
/// Pipelines that are not built yet have no limits yet; where there is a host, all are built at its start.
/// </remarks>
public sealed class LlmBudgets
{
    // Each step leads to a sixtieth of the window that falls out, and mostly two of them do.
    private const int MostSteps = 64;

    private readonly IBudgetLedger _ledger;
    private readonly BudgetPolicies _policies;
    private readonly TimeProvider _time;

    internal LlmBudgets(IBudgetLedger ledger, BudgetPolicies policies, TimeProvider time)
    {
        _ledger = ledger;
        _policies = policies;
        _time = time;
    }

    /// <summary>Forecasts the accounts that there are, those with the greatest part used first.</summary>
    /// <param name="tenant">The tenant whose accounts and whose users' accounts are wanted; <see langword="null"/> for those of all, also of features, models and so on.</param>
    /// <param name="most">The most accounts to give, 1 or more.</param>
    /// <param name="cancellationToken">Ends the wait for the ledger.</param>
    /// <returns>The forecasts. From a ledger that cannot list its accounts (<see cref="IBudgetLedger.ListAsync"/>) only those whose names the limits tell: the limit for all, and values with an amount of their own.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 1.</exception>
    public async ValueTask<IReadOnlyList<BudgetForecast>> ForecastAsync(string? tenant = null, int most = 100, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        var now = _time.GetUtcNow();
        var rules = _policies.Rules();
        var standings = await _ledger.ListAsync(now, cancellationToken).ConfigureAwait(false) ?? await ReadNamedAsync(rules, now, cancellationToken).ConfigureAwait(false);
        var forecasts = new List<(BudgetForecast Forecast, BudgetAccount Account)>();
        foreach (var standing in standings)
        {
            if (IsOf(tenant, standing.Account) && RuleOf(standing.Account, rules, now) is { } rule)
                forecasts.Add((Forecast(rule, standing, now), standing.Account));
        }

        var top = forecasts.OrderByDescending(one => one.Forecast.Share).ThenBy(one => one.Forecast.Limit, StringComparer.Ordinal).ThenBy(one => one.Forecast.Value, StringComparer.Ordinal).Take(most);
        var result = new List<BudgetForecast>();
        foreach (var (forecast, account) in top)
            result.Add(account.Rolling > TimeSpan.Zero ? await WithReleasesAsync(forecast, account, now, cancellationToken).ConfigureAwait(false) : forecast);
        return result;
    }

    private static bool IsOf(string? tenant, in BudgetAccount account) => tenant is null || account.Scope switch
    {
        BudgetScope.Tenant => account.Value == tenant,
        BudgetScope.User => CallIdentity.IsOf(tenant, account.Value),
        _ => false,
    };

    /// <summary>Finds the limit that an account belongs to, as limits are now; none for one of a window that is over or of a limit that is gone.</summary>
    private static BudgetRule? RuleOf(BudgetAccount account, IReadOnlyList<BudgetRule> rules, DateTimeOffset now) =>
        rules.FirstOrDefault(rule => rule.Scope == account.Scope && rule.AppliesTo(account.Value) && rule.AccountOf(account.Value, now) == account)?.For(account.Value);

    private static BudgetForecast Forecast(BudgetRule rule, in AccountStanding standing, DateTimeOffset now)
    {
        var account = standing.Account;
        var (spent, reserved, recent) = (standing.Balance.Spent, standing.Balance.Reserved, standing.Recent);
        var projector = new Projector(account, standing.Since, standing.RecentSince, now);
        return new()
        {
            Limit = rule.Name,
            Scope = rule.Scope,
            Value = CallIdentity.Written(account.Value),
            Window = rule.Window,
            From = account.Rolling > TimeSpan.Zero ? now - account.Rolling : account.From == DateTimeOffset.MinValue ? null : account.From,
            Until = account.Until == DateTimeOffset.MaxValue ? null : account.Until,
            At = now,
            IsEnforced = rule.Enforce,
            Money = rule.Limit.Money == Money.MaxValue ? null : projector.Project(rule.Limit.Money.ToUsd(), spent.Money.ToUsd(), reserved.Money.ToUsd(), recent.Money.ToUsd()),
            Tokens = rule.Limit.Tokens == long.MaxValue ? null : projector.Project(rule.Limit.Tokens, spent.Tokens, reserved.Tokens, recent.Tokens),
        };
    }

    /// <summary>Reads the accounts whose names the limits tell.</summary>
    private async ValueTask<IReadOnlyList<AccountStanding>> ReadNamedAsync(IReadOnlyList<BudgetRule> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var standings = new List<AccountStanding>();
        foreach (var rule in rules)
        {
            var values = rule.Scope == BudgetScope.Global ? [""] : rule.Only is { } only ? [only] : rule.Overrides.Keys;
            foreach (var value in values)
            {
                var account = rule.AccountOf(value, now);
                standings.Add(new(account, await _ledger.ReadAsync(account, now, cancellationToken).ConfigureAwait(false)));
            }
        }

        return standings;
    }

    /// <summary>Moves the end of a rolling window's money and tokens to where it is when what falls out until then is counted.</summary>
    private async ValueTask<BudgetForecast> WithReleasesAsync(BudgetForecast forecast, BudgetAccount account, DateTimeOffset now, CancellationToken cancellationToken) => forecast with
    {
        Money = await WithReleasesAsync(forecast.Money, account, static spent => spent.Money.ToUsd(), now, cancellationToken).ConfigureAwait(false),
        Tokens = await WithReleasesAsync(forecast.Tokens, account, static spent => spent.Tokens, now, cancellationToken).ConfigureAwait(false),
    };

    private async ValueTask<BudgetProjection?> WithReleasesAsync(
        BudgetProjection? projection, BudgetAccount account, Func<Expense, decimal> amount, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (projection is not { ExhaustedAt: { } exhausted, Left: > 0 })
            return projection;
        var projector = new Projector(account, since: null, recentSince: null, now);
        for (var step = 0; step < MostSteps; step++)
        {
            // What still counts then leaves this much to the line; the line reaches it no earlier than it reached the last one.
            var counts = amount((await _ledger.ReadAsync(account, exhausted, cancellationToken).ConfigureAwait(false)).Spent);
            if (projector.ExhaustedAt(projection, projection.Limit - projection.Reserved - counts) is not { } later)
                return projection with { ExhaustedAt = null };
            if (later <= exhausted)
                break;
            exhausted = later;
        }

        // A line that has not met the limit when it has drawn all of a window never does.
        return projection with { ExhaustedAt = exhausted - now > account.Rolling && projection.ProjectedSpend <= projection.Limit - projection.Reserved ? null : exhausted };
    }
}
