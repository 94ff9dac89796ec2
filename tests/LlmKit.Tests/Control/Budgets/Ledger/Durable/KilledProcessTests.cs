using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Budgets.Ledger.Durable;

/// <summary>A process that spends is killed at any moment, again and again: what it said was settled is spent afterwards.</summary>
public sealed class KilledProcessTests
{
    private const int Kills = 25;
    private const decimal Reserved = 5;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("victim").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Settled_ThenKilled_IsNeverLost()
    {
        var random = new Random(11);
        decimal settled = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var victim = Start();
            var lines = new List<decimal> { await NextAsync(victim) };
            // One settlement may have been made and not said, and one attempt may have been under way.
            Assert.That(lines[0], Is.InRange(settled, settled + 1 + Reserved), $"after {kill} kills");
            for (var i = random.Next(200); i > 0; i--)
                lines.Add(await NextAsync(victim));
            victim.Kill();
            while (await victim.StandardOutput.ReadLineAsync() is { } line)
            {
                if (decimal.TryParse(line, CultureInfo.InvariantCulture, out var last))
                    lines.Add(last);
            }

            await victim.WaitForExitAsync();
            settled = lines[^1];
        }

        using var after = Start("once");
        Assert.That(await NextAsync(after), Is.InRange(settled, settled + 1 + Reserved));
        Assert.That(settled, Is.GreaterThan(Kills));
    }

    private static async Task<decimal> NextAsync(Process victim) =>
        await victim.StandardOutput.ReadLineAsync() is { } line
            ? decimal.Parse(line, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The process ended: {await victim.StandardError.ReadToEndAsync()}");

    private Process Start(params string[] more) => Process.Start(new ProcessStartInfo("dotnet")
    {
        ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "LlmKit.Victim.dll"), Path.Combine(_folder, "budget.ledger"), string.Join(' ', more) },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
