using System.Diagnostics;

namespace LlmKit.Soak.Cache;

/// <summary>Uses a cache in every way at once, for a time, and says which of its promises held.</summary>
internal static class CacheSoak
{
    private const int Readers = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (CacheSoakSettings.Parse(arguments) is not { } settings)
        {
            Console.Error.WriteLine(CacheSoakSettings.Usage);
            return 2;
        }

        using var rig = new CacheRig(settings.Seed);
        var findings = new CacheFindings();
        // Two halves with rest between them: what the first needs is warm by its end, and what the second adds to it is a leak.
        await UseAsync(rig, findings, settings.Time / 2, settings.Seed).ConfigureAwait(false);
        var before = await RestAsync(rig, findings).ConfigureAwait(false);
        await UseAsync(rig, findings, settings.Time / 2, settings.Seed + 1).ConfigureAwait(false);
        var after = await RestAsync(rig, findings).ConfigureAwait(false);
        return Report(rig, findings, settings, before, after) ? 0 : 1;
    }

    private static async Task UseAsync(CacheRig rig, CacheFindings findings, TimeSpan time, int seed)
    {
        using var stop = new CancellationTokenSource(time);
        var readers = Enumerable.Range(0, Readers).Select(number => new Reader(rig, findings, number, seed).AskUntilAsync(stop.Token));
        await Task.WhenAll(readers.Append(new Upkeep(rig, findings, seed).WorkUntilAsync(stop.Token))).ConfigureAwait(false);
    }

    /// <summary>Waits, a bounded time, until what was left behind has ended, empties the cache, and gives the memory that is in use then.</summary>
    private static async Task<long> RestAsync(CacheRig rig, CacheFindings findings)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience && (rig.FlightsOut > 0 || rig.Time.SetTimers > 0 || findings["closed"] < findings["asked"]))
            await Task.Delay(20).ConfigureAwait(false);
        rig.Cache.Clear();
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static bool Report(CacheRig rig, CacheFindings findings, CacheSoakSettings settings, long before, long after)
    {
        var figures = rig.Cache.GetStatistics();
        Console.WriteLine($"{Readers} readers for {settings.Time.TotalSeconds} s: {findings["asked"]} requests, {rig.Model.Asked} of them reached the model");
        foreach (var (name, count) in findings.Counts)
            Console.WriteLine($"  {count,10} {name}");
        var promises = new (string Promise, string Seen, bool Holds)[]
        {
            ("every way to an answer was taken", $"{figures.ExactHits} exact, {figures.NormalisedHits} normalised, {figures.SemanticHits} semantic, {figures.Joined} joined", figures is { ExactHits: > 0, NormalisedHits: > 0, SemanticHits: > 0, Joined: > 0 }),
            None("no answer is torn or foreign", findings, Reader.Torn),
            None("no answer is older than an invalidation", findings, Reader.Outdated),
            None("no answer is older than its time to live", findings, Reader.Expired),
            None("no call fails by the cache", findings, Reader.Failed),
            None("entries and bytes stay within their bounds", findings, Upkeep.OverBounds),
            None("a saved cache comes back whole or not at all", findings, Upkeep.BadFile),
            ("every request is one call, closed once", $"{findings["asked"]} and {findings["closed"]}", findings["asked"] == findings["closed"]),
            ("an empty cache is empty", $"{figures.Entries} entries of {figures.Bytes} bytes", figures is { Entries: 0, Bytes: 0 }),
            ("no request is on its way", $"{rig.FlightsOut} are", rig.FlightsOut == 0),
            ("no timer is left", $"{rig.Time.SetTimers} are", rig.Time.SetTimers == 0),
            ("memory is flat", $"{before / 1e6:0.0} and {after / 1e6:0.0} MB", after < (before * 1.1) + 2e6),
        };
        foreach (var (promise, seen, holds) in promises)
            Console.WriteLine($"  {(holds ? "held  " : "BROKEN")} {promise}: {seen}");
        foreach (var example in findings.Examples)
            Console.WriteLine($"  {example}");
        return promises.All(promise => promise.Holds);
    }

    private static (string Promise, string Seen, bool Holds) None(string promise, CacheFindings findings, string name) => (promise, $"{findings[name]} are", findings[name] == 0);
}
