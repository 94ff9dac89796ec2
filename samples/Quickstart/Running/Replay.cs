namespace Quickstart;

/// <summary>Replays the workload: several requests at once, in the order of arrival. Who repeats a question has seen its first answer.</summary>
internal static class Replay
{
    private const int AtOnce = 8;

    public static async Task<IReadOnlyList<Served>> RunAsync(IReadOnlyList<WorkloadRequest> requests, DeskClient desk, Action progress)
    {
        using var places = new SemaphoreSlim(AtOnce);
        var running = new Dictionary<int, Task<Served>>();
        foreach (var request in requests)
        {
            if (request.Of is { } first && running.TryGetValue(first, out var earlier))
                await earlier;
            await places.WaitAsync();
            running.Add(request.Id, ServeAsync(request));
        }

        return await Task.WhenAll(running.Values);

        async Task<Served> ServeAsync(WorkloadRequest request)
        {
            try
            {
                return await desk.ServeAsync(request);
            }
            finally
            {
                places.Release();
                progress();
            }
        }
    }
}
