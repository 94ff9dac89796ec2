using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Files;

/// <summary>What is left on a disk of users who were to be forgotten, where several processes share a folder.</summary>
public sealed class ForgottenFilesTests : IDisposable
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
    public async Task DeleteByUser_AToolThatAnotherProcessWrites_IsHiddenAtOnceAndGoneWhenThatEnds()
    {
        var (calls, tools) = (Open(), Open());
        await calls.AddAsync([Part("a", "t", "ann"), Part("b", "u", "bob")]);
        await tools.AddAsync([Part("tool-a", "t", null, "Ann's address"), Part("tool-b", "u", null)]);

        // The call's file is clean then, so that the other process cannot tell by itself whose tool it has.
        var count = await calls.DeleteByUserAsync("acme", "ann");

        Assert.That(count, Is.EqualTo(2));
        Assert.That(await TraceRecords.IdsAsync(tools), Is.EquivalentTo(new[] { "b", "tool-b" }));
        Assert.That(await TraceRecords.IdsAsync(Open()), Is.EquivalentTo(new[] { "b", "tool-b" }));
        tools.Dispose();
        Assert.That(Text(), Does.Not.Contain("Ann's address").And.Contain("tool-b"));
    }

    [TestCase("00000000-1-0.jsonl")]
    [TestCase("99999999-1-0.jsonl")]
    public async Task Open_AFileThatWasNotThereWhenTheUserWasForgotten_IsCleaned(string name)
    {
        var killed = Open();
        await killed.AddAsync([Part("a", "t", "ann"), Part("tool-a", "t", null, "Ann's address"), Part("b", "u", "bob")]);
        await killed.ScoreAsync("a", new(0, TraceRecords.Noon, "she said no"));
        var aside = Path.Combine(_folder.FullName, "aside");
        File.Copy(Files().Single(), aside);
        var other = Open();
        await other.DeleteByUserAsync("acme", "ann");
        killed.Dispose();
        File.Move(aside, Path.Combine(_folder.FullName, name));

        var again = Open();

        Assert.That(Text(), Does.Not.Contain("Ann's address").And.Not.Contain("\"ann\"").And.Not.Contain("she said no"));
        Assert.That(await TraceRecords.IdsAsync(again), Is.EqualTo(new[] { "b" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task DeleteByUser_WhatAnotherProcessSaidOfTheirAnswers_GoesToo(bool isOwnFirst)
    {
        var (own, other) = (Open(), Open());
        var (deleting, scoring) = isOwnFirst ? (own, other) : (other, own);
        await deleting.AddAsync([TraceRecords.Of("a"), TraceRecords.Of("b", user: "bob")]);
        await scoring.ScoreAsync("a", new(0, TraceRecords.Noon, "she said no"));
        await scoring.ScoreAsync("b", new(0, TraceRecords.Noon, "he said no"));

        await deleting.DeleteByUserAsync("acme", "ann");
        scoring.Dispose();

        Assert.That(Text(), Does.Not.Contain("she said no").And.Contain("he said no"));
        Assert.That((await Open().GetAsync("b"))!.Scores.Single().Label, Is.EqualTo("he said no"));
    }

    [Test]
    public async Task DeleteByUser_AScoreInAClosedFileOfItsOwn_Goes()
    {
        var first = Open();
        await first.AddAsync([TraceRecords.Of("a"), TraceRecords.Of("b", user: "bob")]);
        first.Dispose();
        var second = Open();
        await second.ScoreAsync("a", new(0, TraceRecords.Noon, "she said no"));
        second.Dispose();

        await Open().DeleteByUserAsync("acme", "ann");

        Assert.That(Text(), Does.Not.Contain("she said no").And.Contain("\"bob\""));
    }

    [TestCase("00000000-1-0.jsonl")]
    [TestCase("99999999-1-0.jsonl")]
    public async Task Open_AFileOfScoresThatCameBack_IsCleaned(string name)
    {
        await SeedAsync();
        var scoring = Open();
        await scoring.ScoreAsync("a", new(0, TraceRecords.Noon, "she said no"));
        await scoring.ScoreAsync("b", new(0, TraceRecords.Noon, "he said no"));
        scoring.Dispose();
        var scores = Files().Single(file => File.ReadAllText(file).Contains("she said no", StringComparison.Ordinal));
        var aside = Path.Combine(_folder.FullName, "aside");
        File.Copy(scores, aside);
        var other = Open();
        await other.DeleteByUserAsync("acme", "ann");
        other.Dispose();
        File.Move(aside, Path.Combine(_folder.FullName, name));

        var again = Open();

        Assert.That(Text(), Does.Not.Contain("she said no").And.Contain("he said no"));
        Assert.That(await TraceRecords.IdsAsync(again), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task DeleteByUser_WhileAnotherProcessRewrites_WaitsAndLeavesOneCopyOfEach()
    {
        await SeedAsync();
        var store = Open();
        Task<int> deleting;
        using (new FileStream(Path.Combine(_folder.FullName, "purge.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            deleting = store.DeleteByUserAsync("acme", "ann").AsTask();

            Assert.That(deleting.IsCompleted, Is.False);
            Assert.That(await store.GetAsync("a"), Is.Null, "it is hidden at once");
            Assert.That(Text(), Does.Contain("the first secret"));
        }

        Assert.That(await Eventually.EndsAsync(deleting, _clock, TimeSpan.FromSeconds(1)), Is.EqualTo(1));
        Assert.That(Text(), Does.Not.Contain("the first secret"));
        Assert.That(Files().Count(file => File.ReadAllText(file).Contains("\"bob\"", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task DeleteByUser_WhileAnotherProcessRewrites_EndsWithItsCaller()
    {
        await SeedAsync();
        using var cancel = new CancellationTokenSource();
        using var turn = new FileStream(Path.Combine(_folder.FullName, "purge.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var store = Open();
        var deleting = store.DeleteByUserAsync("acme", "ann", cancel.Token).AsTask();

        await cancel.CancelAsync();

        Assert.That(async () => await deleting, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await store.GetAsync("a"), Is.Null);
        await turn.DisposeAsync();
        Open();
        Assert.That(Text(), Does.Not.Contain("the first secret"), "the next that opens the folder does it");
    }

    [Test]
    public async Task Open_ARewriteThatWasKilledBeforeItDeletedTheOldFile_LeavesOneCopyOfEach()
    {
        await SeedAsync();
        var old = Files().Single();
        var aside = Path.Combine(_folder.FullName, "aside");
        File.Copy(old, aside);
        var first = Open();
        await first.DeleteByUserAsync("acme", "ann");
        first.Dispose();
        File.Move(aside, old);

        var again = Open();

        Assert.That(Text(), Does.Not.Contain("the first secret"));
        Assert.That(Files().Count(file => File.ReadAllText(file).Contains("What about b?", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That((await again.GetAsync("b"))!.Input[1].Text, Is.EqualTo("What about b?"));
    }

    [Test]
    public async Task DeleteByUser_BySeveralAtOnce_LeavesOneCopyOfEach()
    {
        for (var file = 0; file < 4; file++)
        {
            using var store = new FileTraceStore(new() { Directory = _folder.FullName }, _clock);
            await store.AddAsync([.. Enumerable.Range(0, 8).Select(user => TraceRecords.Of($"r{file}-{user}", user: $"user{user}")), TraceRecords.Of($"kept{file}", user: "bob")]);
        }

        var deleting = Task.WhenAll(Enumerable.Range(0, 8).Select(user => Open()).ToList().Select((store, user) => Task.Run(async () => await store.DeleteByUserAsync("acme", $"user{user}"))));
        await Eventually.EndsAsync(deleting, _clock, TimeSpan.FromSeconds(1));
        Open();

        var lines = Files().SelectMany(File.ReadAllLines).ToList();
        for (var file = 0; file < 4; file++)
            Assert.That(lines.Count(line => line.Contains($"\"id\":\"kept{file}\"", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(lines, Has.None.Contains("\"user\":\"user"));
    }

    private static TraceRecord Part(string id, string trace, string? user, string? text = null) =>
        TraceRecords.Of(id, text: text, tenant: user is null ? null : "acme", user: user) with { TraceId = trace, Kind = user is null ? TraceKind.Tool : TraceKind.Chat };

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

    private string Text() => string.Join('\n', Files().Select(File.ReadAllText));
}
