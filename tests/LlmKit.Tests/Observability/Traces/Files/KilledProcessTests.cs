using System.Diagnostics;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Files;

/// <summary>A process that makes calls is killed at any moment, again and again: what it said was kept is there afterwards.</summary>
public sealed class KilledProcessTests
{
    private const int Kills = 6;

    [Test]
    public async Task Flushed_ThenKilled_IsNeverLost()
    {
        var folder = Directory.CreateTempSubdirectory("victim");
        var random = new Random(11);
        var said = new List<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var victim = Start(folder.FullName);
            for (var i = random.Next(1, 100); i > 0; i--)
                said.Add(await victim.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The process ended: {await victim.StandardError.ReadToEndAsync()}"));
            victim.Kill();
            await victim.WaitForExitAsync();
        }

        using var store = new FileTraceStore(new() { Directory = folder.FullName }, new ManualTimeProvider(DateTimeOffset.UnixEpoch));
        foreach (var id in said)
        {
            var record = await store.GetAsync(id);
            Assert.That((record?.Output.Single().Text, record?.IsIncomplete), Is.EqualTo(("an answer", (bool?)false)), id);
        }

        Assert.That(Directory.GetFiles(folder.FullName, "*.jsonl"), Has.Length.EqualTo(Kills));
        store.Dispose();
        folder.Delete(recursive: true);
    }

    private static Process Start(string folder) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "LlmKit.Victim.dll"), folder, "traces" },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
