using System.Diagnostics;
using System.Globalization;
using LlmKit.Soak;
using LlmKit.Soak.Cache;
using LlmKit.Soak.Guard;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["cache", .. var rest])
    return await CacheSoak.RunAsync(rest);
if (args is ["guard", .. var options])
    return await GuardSoak.RunAsync(options);
if (SoakSettings.Parse(args) is not { } settings)
{
    Console.Error.WriteLine(SoakSettings.Usage);
    return 2;
}

var patience = TimeSpan.FromSeconds(10);
await using var simulator = await SoakProvider.StartAsync(settings.Seed);
await using var pipeline = new SoakPipeline(simulator);
var findings = new Findings();
// Two halves with rest between them: what the first needs is warm by its end, and what the second adds to it is a leak.
await AskAsync(settings.Seed);
var memoryBefore = await RestAsync();
var socketsBefore = OpenSockets.Count();
await AskAsync(settings.Seed + 1);
var memoryAfter = await RestAsync();
var socketsAfter = OpenSockets.Count();

Console.WriteLine($"{settings.Callers} callers for {settings.Time.TotalSeconds} s: {findings.Ended} requests, {findings.Calls} calls, {findings.Attempts} attempts");
foreach (var (outcome, count) in findings.Outcomes)
    Console.WriteLine($"  {count,8} {outcome}");
var spent = await pipeline.SpentAsync();
var promises = new (string Promise, string Seen, bool Holds)[]
{
    ("half of the requests are answered", $"{findings.Answered}", findings.Answered >= findings.Ended / 2),
    ("every request is one call, closed once", $"{findings.Ended} and {findings.Calls}", findings.Ended == findings.Calls),
    ("one key, one answer", $"{findings.Repeated} were repeated, {findings.Differing} differ", findings is { Repeated: > 0, Differing: 0 }),
    ("lateness p99.9 at most 250 ms", $"{findings.Lateness(0.999).TotalMilliseconds} ms", findings.Lateness(0.999) <= TimeSpan.FromMilliseconds(250)),
    ("no request over 1 s late", $"latest {findings.Latest.TotalMilliseconds:0} ms", findings.Latest <= TimeSpan.FromSeconds(1)),
    ("every call is settled", $"{findings.Unsettled} are not", findings.Unsettled == 0),
    ("no reservation is left", $"{pipeline.Ledger.OpenReservations} are", pipeline.Ledger.OpenReservations == 0),
    ("the calls cost what the ledger spent", $"{findings.Cost} and {spent} USD", findings.Cost == spent),
    ("no timer is left", $"{pipeline.Time.SetTimers} are", pipeline.Time.SetTimers == 0),
    ("no permit of a circuit is out", $"{pipeline.PermitsOut} are", pipeline.PermitsOut == 0),
    ("no permit of a rate limit is out and nobody waits", $"{pipeline.RateLimiter.Running} are, {pipeline.RateLimiter.Waiting} do", pipeline.RateLimiter is { Running: 0, Waiting: 0 }),
    ("no request under a key is on its way", $"{pipeline.FlightsOut} are", pipeline.FlightsOut == 0),
    ("connections are kept and not lost", $"{socketsBefore} and {socketsAfter} sockets", !(socketsAfter > socketsBefore * 1.2 + 200)),
    ("the provider has no open request", simulator.WhenIdleAsync().IsCompleted ? "none" : "some", simulator.WhenIdleAsync().IsCompleted),
    ("memory is flat", $"{memoryBefore / 1e6:0.0} and {memoryAfter / 1e6:0.0} MB", memoryAfter < memoryBefore * 1.1 + 4e6),
};
foreach (var (promise, seen, holds) in promises)
    Console.WriteLine($"  {(holds ? "held  " : "BROKEN")} {promise}: {seen}");
return promises.All(promise => promise.Holds) ? 0 : 1;

async Task AskAsync(int seed)
{
    using var stop = new CancellationTokenSource(settings.Time / 2);
    await Task.WhenAll(Enumerable.Range(0, settings.Callers).Select(number => new Caller(pipeline, findings, number, seed).AskUntilAsync(stop.Token)));
}

// Waits, a bounded time, until what was left behind has ended, and gives the memory that is in use then.
async Task<long> RestAsync()
{
    var watch = Stopwatch.StartNew();
    while (watch.Elapsed < patience && (findings.Unsettled > 0 || pipeline.Time.SetTimers > 0 || !simulator.WhenIdleAsync().IsCompleted))
        await Task.Delay(50);
    for (var i = 0; i < 3; i++)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
    }

    return GC.GetTotalMemory(forceFullCollection: true);
}
