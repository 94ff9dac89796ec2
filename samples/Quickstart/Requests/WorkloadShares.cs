namespace Quickstart;

/// <summary>Checks that the mix of a workload is the one that the sample promises.</summary>
internal static class WorkloadShares
{
    /// <summary>One sentence for each share or number outside its range.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<WorkloadRequest> requests, DeskHandbook handbook)
    {
        var tools = handbook.Entries.Where(entry => entry.Tool is not null).Select(entry => entry.Id).ToHashSet();
        return new[]
        {
            Number("requests", requests.Count, 300, 400),
            Number("tenants", requests.Select(request => request.Tenant).Distinct().Count(), 4, 4),
            Number("requests of tenants short of money", requests.Count(request => SupportDesk.Tenant(request.Tenant).IsShortOfMoney), 25, 35),
            Number("requests with a tool", requests.Count(request => request.Expect is { } id && tools.Contains(id)), 18, 30),
            Number("near-duplicates", Of(RequestKind.NearDuplicate), 50, 80),
            Number("near-duplicates in the very words of the first", requests.Count(request => IsSameWords(request, requests)), 8, 20),
            Number("requests with personal data", requests.Count(request => request.Sensitive.Any(value => value.Kind != SensitiveKind.Key)), 15, 30),
            Number("requests with keys", requests.Count(request => request.Sensitive.Any(value => value.Kind == SensitiveKind.Key)), 6, 15),
            Number("injections", Of(RequestKind.Injection), 8, 15),
            Number("long answers", Of(RequestKind.Long), 10, 25),
            Share("repeats", Of(RequestKind.Repeat), 0.25, 0.30),
            Share("paraphrases", Of(RequestKind.Paraphrase), 0.13, 0.17),
            Share("streamed answers", requests.Count(request => request.Stream), 0.35, 0.45),
            Share("requests to the strong model", requests.Count(request => SupportDesk.Feature(request.Feature).NeedsStrongModel), 0.05, 0.25),
        }.OfType<string>();

        int Of(RequestKind kind) => requests.Count(request => request.Kind == kind);

        string? Share(string what, int count, double least, double most) => (double)count / requests.Count is var share && share >= least && share <= most
            ? null
            : FormattableString.Invariant($"The share of {what} is {share:0.000}, outside {least:0.00} to {most:0.00}.");
    }

    private static string? Number(string what, int count, int least, int most) =>
        count >= least && count <= most ? null : $"The number of {what} is {count}, outside {least} to {most}.";

    private static bool IsSameWords(WorkloadRequest request, IReadOnlyList<WorkloadRequest> requests) =>
        request.Kind == RequestKind.NearDuplicate && request.Of is { } of && requests[of - 1].Text == request.Text;
}
