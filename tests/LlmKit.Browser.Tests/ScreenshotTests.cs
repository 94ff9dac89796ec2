using LlmKit.Browser.Tests.Support;
using LlmKit.Observability.Traces;
using Microsoft.Playwright;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>Pictures of every view, light and dark, for people to look at.</summary>
public sealed class ScreenshotTests
{
    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Report_EveryView_HasItsPicture(ColorScheme scheme)
    {
        var samples = new SampleTraces();
        List<TraceRecord> records = [.. samples.Take(1_200), .. samples.Agent(SampleTraces.Begin.AddDays(3))];
        await using var tab = await ViewerTab.OpenReportAsync(records, scheme: scheme);
        var suffix = "-" + scheme.ToString().ToLowerInvariant();
        var agent = records[^1];
        var escalated = records.First(record => record.Steps.Any(step => step.Decision == "escalated"));
        var pair = records.Where(record => record.Feature == "draft-reply" && record.Attempts.Count == 1 && record.Cost is not null).Take(2).ToList();

        await tab.PressAsync("j j j c");
        await tab.PictureAsync("list" + suffix);
        await tab.GoAsync($"#/trace/{agent.Id}");
        await tab.PictureAsync("waterfall" + suffix);
        await tab.PressAsync("2");
        await tab.PictureAsync("decisions" + suffix);
        await tab.PressAsync("3");
        await tab.PictureAsync("cost" + suffix);
        await tab.GoAsync($"#/trace/{records.Last(record => record.Documents is not null).Id}?tab=retrieval");
        await tab.PictureAsync("retrieval" + suffix);
        await tab.GoAsync($"#/trace/{escalated.Id}?tab=decisions");
        await tab.PictureAsync("route" + suffix);
        await tab.GoAsync($"#/trace/{pair[0].Id}?tab=prompt");
        await tab.PictureAsync("prompt" + suffix);
        await tab.GoAsync($"#/compare/{pair[0].Id}/{pair[1].Id}");
        await tab.PictureAsync("diff" + suffix);
        await tab.GoAsync("#/charts?by=tenant");
        await tab.PictureAsync("charts" + suffix);

        Assert.That(tab.Said, Is.Empty);
    }

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Report_OnANarrowScreen_HasItsPictures(ColorScheme scheme)
    {
        var samples = new SampleTraces();
        List<TraceRecord> records = [.. samples.Take(300), .. samples.Agent(SampleTraces.Begin.AddDays(3))];
        await using var tab = await ViewerTab.OpenReportAsync(records, scheme: scheme, narrow: true);
        var suffix = "-narrow-" + scheme.ToString().ToLowerInvariant();

        await tab.PictureAsync("list" + suffix);
        await tab.GoAsync($"#/trace/{records[^1].Id}?tab=decisions");
        await tab.PictureAsync("waterfall" + suffix);
        await tab.GoAsync("#/charts?by=tenant");
        await tab.PictureAsync("charts" + suffix);

        Assert.That(tab.Said, Is.Empty);
    }
}
