using System.Runtime.Versioning;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Files;

public sealed class FileTraceStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ManualTimeProvider _clock = new(TraceRecords.Noon);
    private readonly List<FileTraceStore> _opened = [];

    [TearDown]
    public void Dispose()
    {
        foreach (var store in _opened)
            store.Dispose();
        _folder.Refresh();
        if (_folder.Exists)
            _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Open_AfterTheProcessEnded_FindsAllAgain()
    {
        var first = Open();
        await first.AddAsync([TraceRecords.Of("a"), TraceRecords.Of("b", 1)]);
        await first.ScoreAsync("a", new(0.25, TraceRecords.Noon));
        first.Dispose();

        var again = Open();

        Assert.That(await TraceRecords.IdsAsync(again), Is.EqualTo(new[] { "b", "a" }));
        var record = (await again.GetAsync("a"))!;
        Assert.That((record.LastScore, record.Input[1].Text, record.Output[0].Role), Is.EqualTo((0.25, "What about a?", "assistant")));
    }

    [Test]
    public async Task Add_ATextThatIsKnown_IsWrittenOnce()
    {
        var store = Open();

        for (var i = 0; i < 50; i++)
            await store.AddAsync([TraceRecords.Of($"r{i}", text: new string('x', 1_000))]);

        Assert.That(Lines().Count(line => line.Contains(new string('x', 1_000), StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task Open_AFileThatAKillCutShort_LosesNoWholeRecordAndSaysSo()
    {
        var first = Open();
        await first.AddAsync([TraceRecords.Of("a"), TraceRecords.Of("b", 1)]);
        first.Dispose();
        var file = Files().Single();
        var whole = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, whole[..^20]);
        var logs = new RememberingLogs();

        var again = Open(logs);

        Assert.That(await TraceRecords.IdsAsync(again), Is.EqualTo(new[] { "a" }));
        Assert.That(logs.Messages, Has.One.Contains("1 records that do not read"));
    }

    [Test]
    public async Task Open_ALineThatIsNoRecord_PassesOverIt()
    {
        var first = Open();
        await first.AddAsync([TraceRecords.Of("a")]);
        first.Dispose();
        await File.AppendAllTextAsync(Files().Single(), "rubbish\n{\"v\":1,\"k\":\"call\"}\n{\"v\":2,\"k\":\"call\",\"d\":7}\n{\"v\":1,\"k\":\"new\"}\n[]\n");
        var logs = new RememberingLogs();

        var again = Open(logs);

        Assert.That(await TraceRecords.IdsAsync(again), Is.EqualTo(new[] { "a" }));
        Assert.That(logs.Messages, Has.One.Contains("3 records that do not read"), "what a later version writes is none of them");
    }

    [Test]
    public async Task List_WhatAnotherProcessWrites_IsSeenAsItComes()
    {
        var (one, other) = (Open(), Open());
        await one.AddAsync([TraceRecords.Of("a")]);
        Assert.That(await TraceRecords.IdsAsync(other), Is.EqualTo(new[] { "a" }));

        await one.AddAsync([TraceRecords.Of("b", 1)]);
        await other.AddAsync([TraceRecords.Of("c", 2)]);
        await other.ScoreAsync("a", new(1, TraceRecords.Noon));

        Assert.That(await TraceRecords.IdsAsync(other), Is.EqualTo(new[] { "c", "b", "a" }));
        Assert.That(await TraceRecords.IdsAsync(one, new() { MinScore = 1 }), Is.EqualTo(new[] { "a" }));
        Assert.That(Files(), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Add_TheNextDayOrALargeFile_BeginsAnother()
    {
        var store = Open(configure: options => options.MaxFileBytes = 64 << 10);
        await store.AddAsync([TraceRecords.Of("a")]);
        _clock.Advance(TimeSpan.FromHours(13));
        await store.AddAsync([TraceRecords.Of("b", text: new string('y', 70_000))]);
        await store.AddAsync([TraceRecords.Of("c")]);

        Assert.That(Files(), Has.Count.EqualTo(3));
        Assert.That((await store.GetAsync("b"))!.Input[1].Text, Has.Length.EqualTo(70_000));
        Assert.That(await store.GetAsync("a"), Is.Not.Null);
    }

    [TestCase(3, 10, false)]
    [TestCase(1, 10, true)]
    [TestCase(1, 66_000, false)]
    public async Task Open_AFileThatIsTooOldOrTooLarge_IsDeleted(int days, int length, bool isKept)
    {
        void Configure(TraceStoreOptions options) => (options.MaxFileBytes, options.MaxDiskBytes, options.Retention) = (64 << 10, 64 << 10, TimeSpan.FromDays(2));
        var store = Open(configure: Configure);
        await store.AddAsync([TraceRecords.Of("a", text: new string('y', length))]);
        store.Dispose();
        File.SetLastWriteTimeUtc(Files().Single(), TraceRecords.Noon.AddDays(-days).UtcDateTime);

        var again = Open(configure: Configure);

        Assert.That(Files(), Has.Count.EqualTo(isKept ? 1 : 0));
        Assert.That(await again.GetAsync("a"), isKept ? Is.Not.Null : Is.Null);
    }

    [Test]
    public async Task DeleteByUser_OnTheDisk_LeavesNothingOfTheirsInAnyFile()
    {
        var earlier = Open();
        await earlier.AddAsync([TraceRecords.Of("a", text: "the first secret"), TraceRecords.Of("b", user: "bob")]);
        earlier.Dispose();
        var store = Open();
        await store.AddAsync([TraceRecords.Of("c", text: "the second secret"), TraceRecords.Of("d", user: "bob")]);
        await store.ScoreAsync("c", new(0, TraceRecords.Noon, "why"));

        var count = await store.DeleteByUserAsync("acme", "ann");

        Assert.That(count, Is.EqualTo(2));
        Assert.That(string.Join('\n', Lines()), Does.Not.Contain("secret").And.Not.Contain("ann").And.Not.Contain("why"));
        Assert.That(await TraceRecords.IdsAsync(Open()), Is.EquivalentTo(new[] { "b", "d" }));
        Assert.That((await store.GetAsync("d"))!.Input[0].Text, Is.EqualTo("Be brief."), "texts that others share are kept");
    }

    [Test]
    public async Task DeleteByUser_WhatAnotherProcessIsWriting_IsHiddenAtOnceAndGoneWhenThatEnds()
    {
        var (one, other) = (Open(), Open());
        await one.AddAsync([TraceRecords.Of("a", text: "the secret")]);

        await other.DeleteByUserAsync("acme", "ann");

        Assert.That(await one.GetAsync("a"), Is.Null);
        Assert.That(await other.GetAsync("a"), Is.Null);
        one.Dispose();
        Assert.That(string.Join('\n', Lines()), Does.Not.Contain("the secret"));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has no such modes: the folder's rights are inherited there.")]
    [UnsupportedOSPlatform("windows")]
    public async Task Add_TheFile_CanBeReadByItsOwnerOnly()
    {
        await Open().AddAsync([TraceRecords.Of("a")]);

        Assert.That(File.GetUnixFileMode(Files().Single()), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Open_AFolderThatCannotBe_SaysWhatToDo()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");

        Assert.That(() => new FileTraceStore(new() { Directory = file }), Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("TraceStoreOptions.Directory"));
    }

    private FileTraceStore Open(RememberingLogs? logs = null, Action<TraceStoreOptions>? configure = null)
    {
        var options = new TraceStoreOptions { Directory = _folder.FullName };
        configure?.Invoke(options);
        var store = new FileTraceStore(options, _clock, logs?.CreateLogger<FileTraceStore>());
        _opened.Add(store);
        return store;
    }

    private List<string> Files() => [.. Directory.GetFiles(_folder.FullName, "*.jsonl")];

    private List<string> Lines() => [.. Files().SelectMany(File.ReadAllLines)];
}
