namespace LlmKit.Soak.Cache;

/// <summary>Changes articles, clears, saves and loads while others read, and sees to it that the bounds hold.</summary>
internal sealed class Upkeep(CacheRig rig, CacheFindings findings, int seed)
{
    public const string OverBounds = "over the bounds";
    public const string BadFile = "a saved cache did not come back";
    public const string Invalidated = "invalidations";

    // While an answer is being added, it is there before what it pushes out has gone.
    private const int MostAtOnce = 1;
    private const long LargestEntry = 20_000;

    // What was saved is not known to invalidations that come after, so none may come between.
    private readonly SemaphoreSlim _files = new(1);
    private readonly Random _chance = new(seed);

    public Task WorkUntilAsync(CancellationToken stop) => Task.WhenAll(
        RepeatAsync(TimeSpan.FromMilliseconds(3), InvalidateAsync, stop),
        RepeatAsync(TimeSpan.FromMilliseconds(300), SaveAndLoadAsync, stop),
        RepeatAsync(TimeSpan.FromSeconds(2), ClearAsync, stop),
        RepeatAsync(TimeSpan.FromMilliseconds(1), LookAsync, stop));

    private static async Task RepeatAsync(TimeSpan pause, Func<Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await work().ConfigureAwait(false);
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task InvalidateAsync()
    {
        await _files.WaitAsync().ConfigureAwait(false);
        try
        {
            var article = _chance.Next(Articles.Count);
            var version = rig.Articles.Write(article);
            await rig.Cache.InvalidateByTagAsync(Articles.TagOf(article)).ConfigureAwait(false);
            rig.Articles.Publish(article, version);
            findings.Count(Invalidated);
        }
        finally
        {
            _files.Release();
        }
    }

    private async Task ClearAsync()
    {
        await _files.WaitAsync().ConfigureAwait(false);
        try
        {
            var versions = Enumerable.Range(0, Articles.Count).Select(rig.Articles.Write).ToArray();
            rig.Cache.Clear();
            for (var article = 0; article < versions.Length; article++)
                rig.Articles.Publish(article, versions[article]);
            findings.Count("clearings");
        }
        finally
        {
            _files.Release();
        }
    }

    private async Task SaveAndLoadAsync()
    {
        await _files.WaitAsync().ConfigureAwait(false);
        try
        {
            using var file = new MemoryStream();
            var saved = await rig.Cache.SaveAsync(file).ConfigureAwait(false);
            file.Position = 0;
            var loaded = await rig.Cache.LoadAsync(file).ConfigureAwait(false);
            // Some expire meanwhile.
            if (loaded > saved)
                findings.Break(BadFile, $"{saved} were saved and {loaded} loaded");
            findings.Count("files");
            await RefusesAsync(file).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            findings.Break(BadFile, exception.ToString());
        }
        finally
        {
            _files.Release();
        }
    }

    private async Task RefusesAsync(MemoryStream file)
    {
        var bytes = file.ToArray();
        bytes[_chance.Next(bytes.Length)] ^= 0x10;
        try
        {
            await rig.Cache.LoadAsync(new MemoryStream(bytes)).ConfigureAwait(false);
            findings.Break(BadFile, "a damaged one was read");
        }
        catch (InvalidDataException)
        {
            findings.Count("damaged files refused");
        }
    }

    private Task LookAsync()
    {
        var figures = rig.Cache.GetStatistics();
        if (figures.Entries > CacheRig.MaxEntries + MostAtOnce || figures.Bytes is < 0 or > CacheRig.MaxBytes + LargestEntry)
            findings.Break(OverBounds, $"{figures.Entries} entries of {figures.Bytes} bytes");
        return Task.CompletedTask;
    }
}
