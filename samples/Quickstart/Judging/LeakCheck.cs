namespace Quickstart;

/// <summary>Looks for personal data and keys in what providers received, and for the confidential values of others in answers.</summary>
internal sealed class LeakCheck
{
    private readonly IReadOnlyList<SensitiveValue> _sensitive;
    private readonly IReadOnlyList<Confidential> _confidential;

    public LeakCheck(Workload workload, OrderBook orders)
    {
        _sensitive = [.. workload.Requests.SelectMany(request => request.Sensitive).Distinct()];
        _confidential = [.. ConfidentialOf(workload, orders).Distinct()];
    }

    /// <summary>One leak for each value in each body that a provider received.</summary>
    public IReadOnlyList<Leak> InBodies(IEnumerable<string> bodies) =>
        [.. bodies.SelectMany((body, index) => _sensitive
            .Where(value => value.OccursIn(body))
            .Select(value => new Leak(KindOf(value), index)))];

    /// <summary>One leak for each value in each answer to somebody whom it does not concern.</summary>
    public IReadOnlyList<Leak> InAnswers(IEnumerable<ServedAnswer> answers) =>
        [.. answers.SelectMany(answer => _confidential
            .Where(value => !value.MayBeSeenBy(answer.Request) && value.OccursIn(answer.Text))
            .Select(value => new Leak(value.KindFor(answer.Request), answer.Request.Id)))];

    private static LeakKind KindOf(SensitiveValue value) =>
        value.Kind == SensitiveKind.Key ? LeakKind.KeyToProvider : LeakKind.PersonalDataToProvider;

    private static IEnumerable<Confidential> ConfidentialOf(Workload workload, OrderBook orders)
    {
        foreach (var tenant in SupportDesk.Tenants)
            yield return new(tenant.Name, null, tenant.Confidential);
        foreach (var order in orders.Orders)
            yield return new(order.Tenant, order.User, order.Number);
        foreach (var request in workload.Requests)
        {
            yield return new(request.Tenant, request.User, SupportDesk.CustomerName(request.Tenant, request.User));
            foreach (var value in request.Sensitive)
                yield return new(request.Tenant, request.User, value.Value);
        }
    }

    // Without a user it is the tenant's own and for no customer at all.
    private sealed record Confidential(string Tenant, string? User, string Value)
    {
        public bool MayBeSeenBy(WorkloadRequest request) =>
            (request.Tenant == Tenant && request.User == User) || request.Text.Contains(Value, StringComparison.Ordinal);

        public bool OccursIn(string text) => text.Contains(Value, StringComparison.OrdinalIgnoreCase);

        public LeakKind KindFor(WorkloadRequest request) => (request.Tenant == Tenant, User) switch
        {
            (false, _) => LeakKind.OtherTenant,
            (true, null) => LeakKind.SystemPrompt,
            _ => LeakKind.OtherUser,
        };
    }
}
