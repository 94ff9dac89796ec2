using LlmKit.Browser.Tests.Support;
using Microsoft.Playwright;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>The report of real traffic: what the Quickstart's pipeline did, through both SDKs, with faults, hits and escalations.</summary>
public sealed class QuickstartReportTests
{
    private const int Requests = 150;

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("llmkit-quickstart").FullName;

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Report_OfTheQuickstart_ShowsWhatItsCallsDidAndWhy()
    {
        await using var tab = await ViewerTab.OpenFileAsync(await QuickstartRun.ReportAsync(_folder, Requests), ColorScheme.Light);

        var calls = int.Parse(await tab.Page.Locator(".grid").GetAttributeAsync("aria-rowcount") ?? "0") - 1;
        await tab.PictureAsync("quickstart-list");
        await tab.GoAsync("#/?hit=yes");
        var hits = int.Parse(await tab.Page.Locator(".grid").GetAttributeAsync("aria-rowcount") ?? "0") - 1;
        await tab.GoAsync("#/?sort=duration");
        await tab.PressAsync("Enter", "trace");
        await tab.PictureAsync("quickstart-waterfall");
        var (attempts, steps) = (await tab.CountAsync(".lane-row.attempt"), await tab.CountAsync(".lane-row.step"));
        await tab.PressAsync("2");
        await tab.PictureAsync("quickstart-decisions");
        await tab.GoAsync("#/?sort=duration");
        await tab.PressAsync("c j c", "compare");
        await tab.PictureAsync("quickstart-diff");
        await tab.GoAsync("#/charts?by=model");
        await tab.PictureAsync("quickstart-charts");

        Assert.That(calls, Is.GreaterThanOrEqualTo(Requests));
        Assert.That(hits, Is.InRange(1, calls - 1));
        Assert.That(attempts, Is.GreaterThan(1), "the slowest call was made again or escalated");
        Assert.That(steps, Is.GreaterThan(1));
        Assert.That(await tab.CountAsync("svg"), Is.GreaterThanOrEqualTo(4), "cost, latency, hits, errors");
        Assert.That(tab.Said, Is.Empty);
        Assert.That(tab.Requests, Has.All.StartsWith("file:"));
    }
}
