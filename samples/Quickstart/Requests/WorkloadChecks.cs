namespace Quickstart;

/// <summary>Checks every request of a workload against the handbook and against the request that it relates to.</summary>
internal sealed class WorkloadChecks(Workload workload, DeskHandbook handbook, OrderBook orders)
{
    // A repeat that follows at once would be a double click and not somebody who asks again.
    private const int LeastDistance = 3;

    private readonly HandbookMatcher _matcher = new(handbook);
    private readonly RightAnswers _answers = new(handbook, orders);

    /// <summary>One sentence for each fault; none if all is well.</summary>
    public IEnumerable<string> Faults() =>
        workload.Requests.SelectMany((request, index) => FaultsOf(request, index).Select(fault => $"Request {request.Id}: {fault}"));

    private IEnumerable<string> FaultsOf(WorkloadRequest request, int index)
    {
        if (request.Id != index + 1)
            yield return $"its place is {index + 1}.";
        foreach (var text in Wordings.Of(request))
        {
            if (FaultOfMatch(request, text) is { } fault)
                yield return fault;
        }

        if (FaultOfPlace(request) is { } misplaced)
            yield return misplaced;
        if (FaultOfKind(request) is { } unkind)
            yield return unkind;
    }

    private string? FaultOfMatch(WorkloadRequest request, string text)
    {
        var best = _matcher.Best(text);
        if (best.Count > 1)
            return $"the entries '{string.Join("', '", best.Select(entry => entry.Id))}' tie.";

        var id = best.SingleOrDefault()?.Id;
        return id == request.Expect ? null : $"the entry '{id}' answers it, not '{request.Expect}'.";
    }

    private string? FaultOfPlace(WorkloadRequest request)
    {
        var (entry, feature) = (handbook.Find(request.Expect), SupportDesk.Feature(request.Feature));
        if (entry is { Tool: not null } && !feature.OffersTools)
            return $"the feature '{feature.Name}' does not offer the tool that '{entry.Id}' needs.";
        if (entry is not null && feature.IsShared && entry.Answer.Contains("{customer}", StringComparison.Ordinal))
            return $"the answer of '{entry.Id}' names the customer, but the feature '{feature.Name}' is shared.";
        if (entry is { Tool: not null } && !orders.Orders.Any(order => OwnsOneNamedIn(request, order)))
            return "it names no order of this user.";
        return null;
    }

    private string? FaultOfKind(WorkloadRequest request) => request.Kind switch
    {
        RequestKind.Repeat or RequestKind.Paraphrase or RequestKind.NearDuplicate => FaultOfRelation(request),
        RequestKind.Personal when !request.Sensitive.Any(value => value.Kind != SensitiveKind.Key) => "it holds no personal data.",
        RequestKind.Secret when !request.Sensitive.Any(value => value.Kind == SensitiveKind.Key) => "it holds no key.",
        RequestKind.Long when _answers.For(request).Split().Length is < 300 or > 600 => "its answer does not have 300 to 600 words.",
        RequestKind.Tool when handbook.Find(request.Expect)?.Tool is null => "its entry calls no tool.",
        RequestKind.Budget when !SupportDesk.Tenant(request.Tenant).IsShortOfMoney => "its tenant is not short of money.",
        _ => null,
    };

    private string? FaultOfRelation(WorkloadRequest request)
    {
        if (request.Of is not { } of || of < 1 || request.Id - of < LeastDistance)
            return $"it must relate to a request at least {LeastDistance} places before.";

        var first = workload[of];
        var sameUser = (first.Tenant, first.User, first.Feature) == (request.Tenant, request.User, request.Feature);
        var sameReaders = sameUser || ((first.Tenant, first.Feature) == (request.Tenant, request.Feature) && SupportDesk.Feature(request.Feature).IsShared);
        var sameAnswer = _answers.For(first) == _answers.For(request);
        return request.Kind switch
        {
            RequestKind.Repeat when !sameUser || first.Text != request.Text => $"it is not the same user's same words as in {of}.",
            RequestKind.Repeat when first.Kind == RequestKind.Repeat => $"it must relate to the first request with its words, and {of} is a repeat.",
            RequestKind.Paraphrase when !sameReaders || !sameAnswer => $"it may not have the answer of {of}.",
            RequestKind.Paraphrase when first.Text == request.Text => $"it has the very words of {of}.",
            RequestKind.NearDuplicate when sameAnswer => $"it has the same answer as {of}.",
            _ => null,
        };
    }

    private static bool OwnsOneNamedIn(WorkloadRequest request, Order order) =>
        (order.Tenant, order.User) == (request.Tenant, request.User) && request.Text.Contains(order.Number, StringComparison.Ordinal);
}
