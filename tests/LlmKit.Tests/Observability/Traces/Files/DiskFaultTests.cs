using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Files;

/// <summary>What each fault of a disk leads to.</summary>
public sealed class DiskFaultTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly ManualTimeProvider _clock = new(TraceRecords.Noon);
    private readonly FaultyDisk _disk = new();
    private readonly RememberingLogs _logs = new();
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

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(700)]
    public async Task Add_OnAFullDisk_KeepsNothingOfTheBatchAndAllBeforeAndAfter(int more)
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a")]);
        _disk.Room = new FileInfo(Files().Single()).Length + more;

        Assert.That(async () => await store.AddAsync([TraceRecords.Of("b", 1), TraceRecords.Of("c", 2)]), Throws.TypeOf<IOException>());
        _disk.Room = long.MaxValue;
        await store.AddAsync([TraceRecords.Of("d", 3)]);

        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "d", "a" }));
        Assert.That(await TraceRecords.IdsAsync(Open()), Is.EqualTo(new[] { "d", "a" }));
        Assert.That(Files().Select(File.ReadAllText), Has.All.EndsWith("\n"));
        Assert.That((await store.GetAsync("d"))!.Input[0].Text, Is.EqualTo("Be brief."), "a text of the lost batch is written again");
    }

    [Test]
    public async Task Add_OnAFullDiskThatCannotBeCutBack_LeavesHalfALineThatSpoilsNothing()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a")]);
        (_disk.Room, _disk.CannotTruncate) = (new FileInfo(Files().Single()).Length + 50, true);

        Assert.That(async () => await store.AddAsync([TraceRecords.Of("b", 1)]), Throws.TypeOf<IOException>());
        (_disk.Room, _disk.CannotTruncate) = (long.MaxValue, false);
        await store.AddAsync([TraceRecords.Of("c", 2)]);

        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "c", "a" }));
        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "c", "a" }));
        Assert.That(_logs.Messages, Has.One.Contains("1 records that do not read"));
    }

    [Test]
    public async Task Score_OnAFullDisk_ChangesNothing()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a")]);
        _disk.Room = 0;

        Assert.That(async () => await store.ScoreAsync("a", new(1, TraceRecords.Noon)), Throws.TypeOf<IOException>());

        Assert.That((await store.GetAsync("a"))!.Scores, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Call_OnAFullDisk_IsAnsweredAndTheNextOnesAreKept(bool streamed)
    {
        _disk.Room = 0;
        using var rig = new BudgetRig(
            builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces().UseTracing(),
            more: services => services.AddSingleton<ITraceStore>(Open()).AddSingleton<ILoggerFactory>(_logs));
        var traces = rig.Services.GetRequiredService<LlmTraces>();

        var lost = await rig.AskAsync(streamed);
        Assert.That(await traces.ListAsync(), Has.Property("Traces").Empty);
        _disk.Room = long.MaxValue;
        var kept = await rig.AskAsync(streamed);

        Assert.That(lost.Text, Is.EqualTo("ok"));
        Assert.That((await traces.ListAsync()).Traces.Select(trace => trace.Id), Is.EqualTo(new[] { kept.Call!.Id }));
        Assert.That(_logs.Messages, Has.One.Contains("The trace store failed to add: IOException"));
    }

    [Test]
    public async Task DeleteByUser_OnADiskWithoutRoomForOneFile_HidesAllCleansTheOthersAndLosesNothing()
    {
        await SeedAsync("a", new string('b', 3_000));
        await SeedAsync("c", "small");
        var store = Open();
        // Of one file what stays fits, of the other it does not.
        _disk.Room = 2_000;

        Assert.That(async () => await store.DeleteByUserAsync("acme", "ann"), Throws.TypeOf<IOException>());

        Assert.That(await TraceRecords.IdsAsync(store), Is.EquivalentTo(new[] { "of-a", "of-c" }));
        Assert.That((await store.GetAsync("of-a"))!.Input[1].Text, Has.Length.EqualTo(3_000));
        Assert.That(Text(), Does.Contain("secret of a").And.Not.Contain("secret of c"));
        Assert.That(_folder.GetFiles("*.new"), Is.Empty);
        _disk.Room = long.MaxValue;
        await store.DeleteByUserAsync("acme", "ann");
        Assert.That(Text(), Does.Not.Contain("secret of a"));
        Assert.That(await TraceRecords.IdsAsync(Open()), Is.EquivalentTo(new[] { "of-a", "of-c" }));
    }

    [Test]
    public async Task Flush_ThatFails_SaysSoAndIsNotAskedOfTheSameFileAgain()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a")]);
        _disk.CannotFlush = true;

        Assert.That(async () => await store.FlushAsync(), Throws.TypeOf<IOException>());
        _disk.CannotFlush = false;
        await store.AddAsync([TraceRecords.Of("b", 1)]);
        await store.FlushAsync();

        Assert.That(Files(), Has.Count.EqualTo(2));
        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public async Task Close_WithAFlushThatFails_LosesNoRecordThatComesNextAndStopsNoHost()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a")]);
        _disk.CannotFlush = true;
        _clock.Advance(TimeSpan.FromDays(1));

        await store.AddAsync([TraceRecords.Of("b", 1)]);
        Assert.That(store.Dispose, Throws.Nothing);

        Assert.That(await TraceRecords.IdsAsync(Open()), Is.EqualTo(new[] { "b", "a" }));
        Assert.That(_logs.Messages.Count(message => message.Contains("failed to flush: IOException", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public async Task List_AFileThatVanishesWhenItIsOpened_GivesTheOthersAndIsNoFailure()
    {
        await SeedAsync("a", "x");
        await SeedAsync("c", "x");
        var victim = Files().Single(file => File.ReadAllText(file).Contains("of-a", StringComparison.Ordinal));
        _disk.Opening = path =>
        {
            if (path == victim)
                File.Delete(path);
        };

        var store = Open();

        Assert.That(await TraceRecords.IdsAsync(store), Is.EquivalentTo(new[] { "c", "of-c" }));
        Assert.That(_logs.Messages, Is.Empty);
    }

    [Test]
    public async Task List_AFileThatIsRewrittenWhenItIsRead_FindsWhatIsLeftInItsPlace()
    {
        await SeedAsync("a", "the words");
        var (store, other) = (Open(), new FileTraceStore(new() { Directory = _folder.FullName }, _clock));
        _opened.Add(other);
        var isFirst = true;
        _disk.Opening = file =>
        {
            if (!isFirst)
                return;
            isFirst = false;
            Assert.That(other.DeleteByUserAsync("acme", "ann").AsTask().IsCompletedSuccessfully && !File.Exists(file));
        };

        var found = await TraceRecords.IdsAsync(store, new() { Text = "the words" });

        Assert.That(found, Is.EqualTo(new[] { "of-a" }));
        Assert.That(_logs.Messages, Is.Empty);
    }

    [Test]
    public async Task Rewrite_OfAFileWhoseRecordsCameAgainLater_LeavesTheLaterOnesInForce()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a", text: "the secret"), TraceRecords.Of("b", 1, "first", user: "bob"), TraceRecords.Of("c", 2, "first", user: "bob")]);
        await store.AddAsync([TraceRecords.Of("c", 2, "second", user: "bob")]);
        _clock.Advance(TimeSpan.FromDays(1));
        await store.AddAsync([TraceRecords.Of("b", 1, "second", user: "bob")]);
        var reader = Open();

        await store.DeleteByUserAsync("acme", "ann");

        foreach (var one in new[] { store, reader, Open() })
        {
            Assert.That(await TraceRecords.IdsAsync(one), Is.EqualTo(new[] { "c", "b" }));
            Assert.That(((await one.GetAsync("b"))!.Input[1].Text, (await one.GetAsync("c"))!.Input[1].Text), Is.EqualTo(("second", "second")));
        }
    }

    [Test]
    public async Task Rewrite_OfATornFile_LeavesWholeLinesAndNothingOfTheTornOne()
    {
        await SeedAsync("a", "x");
        await SeedAsync("z", "the torn secret");
        var torn = Files().Single(file => File.ReadAllText(file).Contains("of-z", StringComparison.Ordinal));
        // A message of hers without its record, half of another, and nothing that says whose they are.
        var lines = (await File.ReadAllLinesAsync(torn)).Where(line => !line.Contains("\"user\":\"ann\"", StringComparison.Ordinal)).ToList();
        await File.WriteAllTextAsync(torn, string.Join('\n', lines) + "\n" + """{"v":1,"k":"msg","h":"00","d":{"role":"user","parts":[{"type":"text","content":"half a sec""");
        var store = Open();
        Assert.That(Text(), Does.Contain("half a sec").And.Contain("secret of z"));

        await store.DeleteByUserAsync("acme", "ann");

        Assert.That(Text(), Does.Not.Contain("half a sec").And.Not.Contain("secret of z"));
        Assert.That(Files().Select(File.ReadAllText), Has.All.EndsWith("}\n"));
        Assert.That((await store.GetAsync("of-z"))!.Input[1].Text, Is.EqualTo("the torn secret"));
        Assert.That(_logs.Messages, Has.One.Contains("1 records that do not read"));
        var again = Open();
        Assert.That(await TraceRecords.IdsAsync(again), Is.EquivalentTo(new[] { "of-a", "of-z" }));
        Assert.That(_logs.Messages.Count, Is.EqualTo(1), "it was said once");
    }

    /// <summary>Writes a file with a secret of Ann's and a text of Bob's.</summary>
    private async Task SeedAsync(string id, string text)
    {
        using var store = new FileTraceStore(new() { Directory = _folder.FullName }, _clock);
        await store.AddAsync([TraceRecords.Of(id, text: "secret of " + id), TraceRecords.Of("of-" + id, 1, text, user: "bob")]);
    }

    private FileTraceStore Open()
    {
        var store = new FileTraceStore(new() { Directory = _folder.FullName }, _clock, _logs.CreateLogger<FileTraceStore>(), _disk);
        _opened.Add(store);
        return store;
    }

    private List<string> Files() => [.. Directory.GetFiles(_folder.FullName, "*.jsonl")];

    private string Text() => string.Join('\n', Files().Select(File.ReadAllText));
}
