using System.Text.Json;

namespace Quickstart;

/// <summary>The requests of one day at the support desk, in the order of their arrival.</summary>
internal sealed class Workload
{
    private Workload(IReadOnlyList<WorkloadRequest> requests) => Requests = requests;

    public IReadOnlyList<WorkloadRequest> Requests { get; }

    public WorkloadRequest this[int id] => Requests[id - 1];

    /// <summary>Reads the bundled file and fills in the placeholders.</summary>
    public static Workload Load()
    {
        using var file = BundledFile.Open(BundledFile.Workload);
        var requests = JsonSerializer.Deserialize(file, BundledJson.Default.WorkloadRequestArray)
            ?? throw new InvalidOperationException("The workload is 'null'. Give an array of requests.");
        return new([.. requests.Select(Placeholders.Expand)]);
    }

    /// <summary>Checks the workload against the handbook and against what it promises to contain.</summary>
    /// <returns>One sentence for each fault; none if all is well.</returns>
    public IReadOnlyList<string> Validate(DeskHandbook handbook) =>
    [
        .. new WorkloadChecks(this, handbook, OrderBook.Load()).Faults(),
        .. WorkloadShares.Faults(Requests, handbook),
    ];
}
