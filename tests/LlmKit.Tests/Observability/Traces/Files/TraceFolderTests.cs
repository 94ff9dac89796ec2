using System.Diagnostics.Metrics;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Files;

/// <summary>What processes that share a folder do to each other's files.</summary>
public sealed class TraceFolderTests : IDisposable
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
    public async Task Close_AWriterThatNeverReads_LeavesNothingOfAForgottenUser()
    {
        var (writing, other) = (Open(), Open());
        await writing.AddAsync([TraceRecords.Of("a", text: "the secret")]);
        await other.DeleteByUserAsync("acme", "ann");

        writing.Dispose();

        Assert.That(Text(), Does.Not.Contain("the secret"));
    }

    [Test]
    public async Task Add_TheNextFile_CleansWhatOthersLeft()
    {
        var (writing, killed, other) = (Open(), Open(), Open());
        await killed.AddAsync([TraceRecords.Of("a", text: "the secret")]);
        await writing.AddAsync([TraceRecords.Of("b", user: "bob")]);
        await other.DeleteByUserAsync("acme", "ann");
        // What a killed process leaves: a file that nobody writes.
        File.Move(FileWith("the secret"), Path.Combine(_folder.FullName, "aside"));
        killed.Dispose();
        File.Copy(Path.Combine(_folder.FullName, "aside"), Path.Combine(_folder.FullName, "20260101-1-0.jsonl"));
        _clock.Advance(TimeSpan.FromDays(1));

        await writing.AddAsync([TraceRecords.Of("c", user: "bob")]);

        Assert.That(Text(), Does.Not.Contain("the secret"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DeleteOld_TheFileThatSaysWhoIsForgotten_IsSaidAgainElsewhere(bool atOpening)
    {
        var (holding, third) = (Open(), Open());
        await holding.AddAsync([TraceRecords.Of("a", text: "the secret")]);
        var other = Open();
        await other.DeleteByUserAsync("acme", "ann");
        other.Dispose();
        File.SetLastWriteTimeUtc(FileWith("forget"), TraceRecords.Noon.AddDays(-8).UtcDateTime);

        if (atOpening)
            Open().Dispose();
        else
            await third.AddAsync([TraceRecords.Of("b", user: "bob")]);

        Assert.That(File.GetLastWriteTimeUtc(FileWith("forget")), Is.GreaterThan(TraceRecords.Noon.AddDays(-8).UtcDateTime), "the old file is gone");
        holding.Dispose();
        Assert.That(Text(), Does.Not.Contain("the secret"));
    }

    [Test]
    public async Task Purge_AFileThatAnotherHasRead_IsReadAnewThere()
    {
        await SeedAsync();
        var (one, other) = (Open(), Open());
        var before = Files().Single();

        await one.DeleteByUserAsync("acme", "ann");

        Assert.That(File.Exists(before), Is.False);
        Assert.That(FileWith("\"bob\""), Does.StartWith(before[..^".jsonl".Length]), "it is read in the same order");
        var record = (await other.GetAsync("b"))!;
        Assert.That((record.Input[1].Text, record.IsIncomplete), Is.EqualTo(("What about b?", false)));
        Assert.That(await TraceRecords.IdsAsync(other), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Refresh_AFileThatBecameShorter_IsReadAnew()
    {
        await SeedAsync();
        var reader = Open();
        var file = Files().Single();

        await File.WriteAllLinesAsync(file, (await File.ReadAllLinesAsync(file)).Where(line => !line.Contains("\"id\":\"a\"", StringComparison.Ordinal)));

        Assert.That(await TraceRecords.IdsAsync(reader), Is.EqualTo(new[] { "b" }));
        Assert.That((await reader.GetAsync("b"))!.IsIncomplete, Is.False);
    }

    [Test]
    public async Task Get_AnotherLineWhereItStood_GivesNothingOfAnotherRecord()
    {
        await SeedAsync();
        var reader = Open();
        var file = Files().Single();
        var text = await File.ReadAllTextAsync(file);

        await File.WriteAllTextAsync(file, text.Replace("\"id\":\"a\"", "\"id\":\"z\"", StringComparison.Ordinal).Replace($"\"h\":\"{TraceRecords.Of("b").Input[1].Hash[..4]}", "\"h\":\"zzzz", StringComparison.Ordinal));

        Assert.That(await reader.GetAsync("a"), Is.Null);
        Assert.That((await reader.GetAsync("b"))!.IsIncomplete, Is.True);
        await File.WriteAllTextAsync(file, new string('1', text.Length));
        Assert.That(await reader.GetAsync("b"), Is.Null);
    }

    [Test]
    public void Open_WhatAKilledRewriteLeft_IsDeletedAfterAnHour()
    {
        foreach (var (name, minutes) in new[] { ("old", 61), ("young", 59) })
        {
            var file = Path.Combine(_folder.FullName, name + ".jsonl.new");
            File.WriteAllText(file, "x");
            File.SetLastWriteTimeUtc(file, TraceRecords.Noon.AddMinutes(-minutes).UtcDateTime);
        }

        Open();

        Assert.That(_folder.GetFiles("*.new").Select(file => file.Name), Is.EqualTo(new[] { "young.jsonl.new" }));
    }

    [Test]
    public async Task Purge_AFile_KeepsItsAgeAndTheScoresThatStandInAnother()
    {
        await SeedAsync();
        var age = TraceRecords.Noon.AddDays(-3).UtcDateTime;
        File.SetLastWriteTimeUtc(Files().Single(), age);
        var (store, other) = (Open(), Open());
        await store.ScoreAsync("b", new(0.25, TraceRecords.Noon));
        await store.ScoreAsync("b", new(0.75, TraceRecords.Noon, Source: "judge"));
        await TraceRecords.IdsAsync(other);

        await store.DeleteByUserAsync("acme", "ann");

        Assert.That((await store.GetAsync("b"))!.Scores.Select(score => score.Value), Is.EqualTo(new[] { 0.25, 0.75 }));
        Assert.That((await other.GetAsync("b"))!.Scores.Select(score => score.Value), Is.EqualTo(new[] { 0.25, 0.75 }));
        Assert.That(File.GetLastWriteTimeUtc(FileWith("\"bob\"")), Is.EqualTo(age));
    }

    [Test]
    public async Task Purge_AFileWithLinesThatDoNotRead_IsDone()
    {
        await SeedAsync();
        const string twice = """{"v":1,"k":"call","d":{"id":"x","startedAt":"2026-01-01T00:00:00Z","tags":{"t":"1","t":"2"}}}""";
        await File.AppendAllTextAsync(Files().Single(), $"[]\n{{\"v\":1,\"k\":\"call\"}}\n{{\"v\":1,\"k\":\"msg\",\"h\":null}}\n{twice}\n");
        var store = Open();

        await store.DeleteByUserAsync("acme", "ann");

        Assert.That(Text(), Does.Not.Contain("\"ann\"").And.Contain("\"bob\""));
        Assert.That(await TraceRecords.IdsAsync(store), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task DeleteByUser_NothingOfTheirsInTheOwnFile_BeginsNoOther()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("b", user: "bob")]);

        for (var i = 0; i < 3; i++)
            await store.DeleteByUserAsync("acme", "ann");

        Assert.That(Files(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Close_AFileInWhichNothingWasWritten_IsDeleted()
    {
        var store = Open();
        await store.AddAsync([]);

        store.Dispose();

        Assert.That(Files(), Is.Empty);
    }

    [Test]
    public void DeleteOld_MoreRecordsThanTheIndexHolds_DeletesTheOldestAndCountsThem()
    {
        for (var i = 0; i < 3; i++)
        {
            using var store = new FileTraceStore(new() { Directory = _folder.FullName }, _clock);
            _ = store.AddAsync([TraceRecords.Of($"a{i}"), TraceRecords.Of($"b{i}")]).IsCompletedSuccessfully;
            store.Dispose();
            File.SetLastWriteTimeUtc(FileWith($"\"a{i}\""), TraceRecords.Noon.AddMinutes(i).UtcDateTime);
        }

        var index = new TraceIndex();
        var folder = new TraceFolder(_folder.FullName, index, NullLogger.Instance, most: 2);
        folder.Refresh(own: null);

        var dropped = Dropped("evicted", () => folder.DeleteOld(new(), _clock.GetUtcNow()));

        Assert.That(dropped, Is.EqualTo(4));
        Assert.That(index.All().Select(trace => trace.Id), Is.EquivalentTo(new[] { "a2", "b2" }));
        Assert.That(Files(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Score_MoreThanWaitForTheirRecords_AreCounted()
    {
        var index = new TraceIndex();

        var dropped = Dropped("score", () =>
        {
            for (var i = 0; i < 10_002; i++)
                index.Score(new("x.jsonl", TraceDisk.Real), $"r{i}", new(1, TraceRecords.Noon));
        });

        Assert.That(dropped, Is.EqualTo(2));
    }

    private static long Dropped(string reason, Action act)
    {
        var (dropped, thread) = (0L, Environment.CurrentManagedThreadId);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "llmkit.trace.dropped")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread && Equals(tags[0].Value, reason))
                dropped += count;
        });
        listener.Start();
        act();
        return dropped;
    }

    private async Task SeedAsync()
    {
        var store = Open();
        await store.AddAsync([TraceRecords.Of("a", text: "the first secret"), TraceRecords.Of("b", 1, user: "bob")]);
        store.Dispose();
    }

    private FileTraceStore Open()
    {
        var store = new FileTraceStore(new() { Directory = _folder.FullName }, _clock);
        _opened.Add(store);
        return store;
    }

    private List<string> Files() => [.. Directory.GetFiles(_folder.FullName, "*.jsonl")];

    private string FileWith(string text) => Files().Single(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal));

    private string Text() => string.Join('\n', Files().Select(File.ReadAllText));
}
