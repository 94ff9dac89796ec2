using LlmKit.Browser.Tests.Support;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

public sealed class ReportListTests
{
    private const string Count = ".stat strong";

    [Test]
    public async Task List_ManyTraces_KeepsFewRowsInThePage()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(3_000));

        var rows = await tab.CountAsync(".rows .row");
        var scrolled = await tab.Page.EvaluateAsync<double>("() => { const grid = document.querySelector('.grid'); grid.scrollTop = 50000; return grid.scrollTop; }");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.rows .row').id !== 'row-0'");

        Assert.That(rows, Is.InRange(10, 60));
        Assert.That(scrolled, Is.EqualTo(50_000));
        Assert.That(await tab.CountAsync(".rows .row"), Is.InRange(10, 60));
    }

    [TestCase("tenant=globex", "tenant")]
    [TestCase("kind=retrieval", "kind")]
    [TestCase("status=bad", "bad")]
    [TestCase("model=strong", "model")]
    [TestCase("hit=yes", "hit")]
    [TestCase("minCost=0.01", "cost")]
    [TestCase("minDuration=3", "duration")]
    [TestCase("maxScore=0.4", "score")]
    [TestCase("tag=channel%3Dmail", "tag")]
    [TestCase("error=rate_limited", "error")]
    public async Task Filters_One_ShowsWhatMatches(string filter, string name)
    {
        var records = new SampleTraces().Take(600);
        Func<TraceRecord, bool> matches = name switch
        {
            "tenant" => record => record.Tenant == "globex",
            "kind" => record => record.Kind == TraceKind.Retrieval,
            "bad" => record => record.IsBad,
            "model" => record => record.Model == "strong",
            "hit" => record => record.IsHit,
            "cost" => record => record.Cost >= 0.01m,
            "duration" => record => record.Duration >= TimeSpan.FromSeconds(3),
            "score" => record => record.LastScore <= 0.4,
            "tag" => record => record.Tags.TryGetValue("channel", out var channel) && channel == "mail",
            _ => record => record.ErrorType == "rate_limited",
        };
        var expected = records.Count(matches);
        await using var tab = await ViewerTab.OpenReportAsync(records);

        await tab.GoAsync("#/?" + filter);

        await tab.Page.WaitForSelectorAsync(".chosen .chip");
        await tab.Page.WaitForFunctionAsync("count => document.querySelector('.stat strong')?.textContent === count", $"{expected:N0}");
        Assert.That(expected, Is.GreaterThan(0));
        Assert.That(await tab.Page.Locator(".grid").GetAttributeAsync("aria-rowcount"), Is.EqualTo($"{expected + 1}"));
    }

    [Test]
    public async Task Filters_ByForm_StandInTheAddressAndCanBeTakenBack()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(400));
        var all = await tab.TextAsync(Count);

        await tab.Page.SelectOptionAsync("select[name=status]", "failed");
        await tab.Page.WaitForSelectorAsync(".chosen .chip");
        await tab.ReadyAsync("list");
        await tab.Page.WaitForSelectorAsync(Count);
        var some = await tab.TextAsync(Count);
        var address = tab.Page.Url;
        await tab.Page.ClickAsync(".chosen .chip");
        await tab.Page.WaitForSelectorAsync(".chosen", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        await tab.Page.WaitForSelectorAsync(Count);

        Assert.That(address, Does.EndWith("#/?status=failed"));
        Assert.That(some, Is.Not.EqualTo(all));
        Assert.That(await tab.TextAsync(Count), Is.EqualTo(all));
    }

    [Test]
    public async Task Summary_ACallThatFailedBecauseItWasBlocked_CountsOnce()
    {
        var good = new SampleTraces().Take(40).First(record => !record.IsBad);
        var bad = good with { Id = "bad", Status = CallStatus.Failed, Marks = AnswerMarks.Blocked, ErrorType = "LlmKit.GuardrailBlockedException" };
        await using var tab = await ViewerTab.OpenReportAsync([good, bad]);
        await tab.Page.WaitForSelectorAsync(Count);

        var share = await tab.TextAsync(".stat:has-text('Failed or blocked') strong");
        await tab.PressAsync("g", "charts");

        Assert.That(share, Is.EqualTo("50 %"));
        Assert.That(await tab.TextAsync(".card:has(h2:text('Errors and blocks')) .figure"), Is.EqualTo("1 (50 %)"));
    }

    [Test]
    public async Task Search_TextOfAMessage_FindsItsRecords()
    {
        var records = new SampleTraces().Take(200);
        records[17] = records[17] with { Input = [SampleTraces.Say("user", "Is the <b>purple</b> heron & its nest \"safe\"?")] };
        await using var tab = await ViewerTab.OpenReportAsync(records);

        await tab.PressAsync("/");
        await tab.Page.Keyboard.TypeAsync("<B>Purple</b> heron & its nest \"");
        await tab.PressAsync("Enter");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.stat strong')?.textContent === '1'");
        await tab.PressAsync("Escape");

        Assert.That(await tab.CountAsync(".rows .row"), Is.EqualTo(1));
    }

    [Test]
    public async Task Keyboard_DownAndEnter_OpensAndEscapeComesBackToTheSameRow()
    {
        var records = new SampleTraces().Take(300);
        var third = records.OrderByDescending(record => record.StartedAt).ElementAt(2);
        await using var tab = await ViewerTab.OpenReportAsync(records);

        await tab.PressAsync("j ArrowDown j k");
        await tab.PressAsync("Enter", "trace");
        var opened = tab.Page.Url;
        await tab.PressAsync("Escape", "list");

        Assert.That(opened, Does.EndWith("#/trace/" + third.Id));
        Assert.That(await tab.Page.Locator(".row.is-at").GetAttributeAsync("id"), Is.EqualTo("row-2"));
        Assert.That(await tab.Page.Locator(".grid").GetAttributeAsync("aria-activedescendant"), Is.EqualTo("row-2"));
    }

    [TestCase("duration", "duration")]
    [TestCase("tokens", "tokens")]
    [TestCase("cost", "cost")]
    [TestCase("started", "time")]
    public async Task Sort_ByAColumn_TurnsAroundWithTheSecondPressAndStandsInTheAddress(string by, string cell)
    {
        var records = new SampleTraces().Take(400);
        Func<TraceRecord, double?> value = by switch
        {
            "duration" => record => record.Duration.TotalMilliseconds,
            "tokens" => record => record.Usage.Total == 0 ? null : record.Usage.Total,
            "cost" => record => (double?)record.Cost,
            _ => record => record.StartedAt.UtcTicks,
        };
        await using var tab = await ViewerTab.OpenReportAsync(records);
        var first = "() => document.querySelector('#row-0').dataset.id";
        var isDefault = by == "started";

        await tab.Page.Locator($"[data-sort={by}]").ClickAsync();
        await SortedAsync($"location.hash.endsWith('sort={by}{(isDefault ? "-up" : "")}')", isDefault ? "ascending" : "descending");
        var once = await tab.Page.EvaluateAsync<string>(first);
        var focused = await tab.Page.EvaluateAsync<string>("() => document.activeElement.dataset.sort ?? ''");
        await tab.Page.Keyboard.PressAsync("Enter");
        await SortedAsync(isDefault ? "location.hash === '#/'" : $"location.hash.endsWith('sort={by}-up')", isDefault ? "descending" : "ascending");
        var twice = await tab.Page.EvaluateAsync<string>(first);

        var (most, least) = (records.Max(value), records.Min(value));
        var ends = new[] { once, twice }.Select(id => value(records.Single(record => record.Id == id)));
        Assert.That(ends, Is.EqualTo(isDefault ? new[] { least, most } : [most, least]));
        Assert.That(focused, Is.EqualTo(by));
        Assert.That(await tab.CountAsync($"#row-0 .{cell}"), Is.EqualTo(1));

        // The address changes before the list does, whose header says how it is sorted.
        Task SortedAsync(string address, string direction) => tab.Page.WaitForFunctionAsync(
            $"() => {address} && document.documentElement.dataset.ready === 'list' && document.querySelector('[role=columnheader]:has([data-sort={by}])').getAttribute('aria-sort') === '{direction}'");
    }

    [Test]
    public async Task Keyboard_QuestionMark_ShowsTheKeys()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(5));

        await tab.PressAsync("?");

        Assert.That(await tab.Page.Locator("dialog.help").IsVisibleAsync());
    }

    [Test]
    public async Task List_Nothing_SaysSo()
    {
        await using var tab = await ViewerTab.OpenReportAsync([]);

        Assert.That(await tab.TextAsync(".empty"), Does.Contain("No traces"));
        Assert.That(tab.Said, Is.Empty);
    }

    [Test]
    public async Task List_WhatDidNotFit_IsSaid()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(200), new() { MaxBytes = 60_000 });

        Assert.That(await tab.TextAsync(".notice"), Does.Match(@"\d+ traces were left out: the report holds at most 60\.0 kB"));
    }

    [Test]
    public async Task Figure_ReportOfAThousandTraces()
    {
        var records = new SampleTraces().Take(1_000);
        await using var tab = await ViewerTab.OpenReportAsync(records);

        var ready = await tab.Page.EvaluateAsync<double>("() => performance.getEntriesByName('ready-list')[0].startTime");

        TestContext.Out.WriteLine($"A report of {records.Count:N0} traces: its list stands after {ready:N0} ms.");
        Assert.That(ready, Is.Positive);
    }
}
