using LlmKit.Browser.Tests.Support;
using LlmKit.Observability.Traces;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>The live page reads again by itself if its reader wants that, and takes nothing out of the reader's hands.</summary>
public sealed class LiveRefreshTests
{
    private const int Seconds = 1_000;

    private readonly SampleTraces _samples = new();

    [Test]
    public async Task Refresh_NobodyAskedForIt_IsOff()
    {
        await using var host = await LiveHost.StartAsync(_samples.Take(50));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm", withClock: true);
        await tab.Page.WaitForSelectorAsync(".stat strong");
        var before = tab.Requests.Count;

        await tab.Page.Clock.FastForwardAsync(60 * Seconds);

        Assert.That(await tab.Page.Locator("button.auto").GetAttributeAsync("aria-pressed"), Is.EqualTo("false"));
        Assert.That(tab.Requests, Has.Count.EqualTo(before));
    }

    [Test]
    public async Task Refresh_On_KeepsThePlaceAndTheSelection()
    {
        await using var host = await LiveHost.StartAsync(_samples.Take(300));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm", withClock: true);
        await tab.PressAsync("j j j");
        await tab.Page.EvaluateAsync("() => { document.querySelector('.grid').scrollTop = 720; }");
        const string place = "() => { const grid = document.querySelector('.grid'), top = grid.getBoundingClientRect().top; return [...document.querySelectorAll('.rows .row')].find(row => row.getBoundingClientRect().top > top + 40).dataset.id; }";
        var before = await tab.Page.EvaluateAsync<string>(place);
        var fresh = Enumerable.Range(0, 4).Select(i => _samples.Call(SampleTraces.Begin.AddDays(9).AddMinutes(i))).ToList();
        await host.Store.AddAsync([.. fresh]);

        await tab.PressAsync("a");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('#announcer').textContent === '4 new traces'");
        var after = await tab.Page.EvaluateAsync<string>(place);
        await host.Store.AddAsync([_samples.Call(SampleTraces.Begin.AddDays(10))]);
        await tab.Page.Clock.FastForwardAsync(5 * Seconds);
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('#announcer').textContent === '1 new trace'");
        await tab.Page.EvaluateAsync("() => { document.querySelector('.grid').scrollTop = 0; }");
        await tab.Page.WaitForFunctionAsync("() => !!document.querySelector('#row-0')");

        Assert.That(after, Is.EqualTo(before));
        Assert.That(await tab.Page.Locator(".row.is-at").GetAttributeAsync("id"), Is.EqualTo("row-8"), "The fourth row, and five came before it.");
        Assert.That(await tab.Page.Locator("button.auto").GetAttributeAsync("aria-pressed"), Is.EqualTo("true"));
    }

    [Test]
    public async Task Refresh_ThePageIsHidden_RestsUntilItIsSeen()
    {
        await using var host = await LiveHost.StartAsync(_samples.Take(50));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm", withClock: true);
        await tab.Page.WaitForSelectorAsync(".stat strong");
        await tab.PressAsync("a");
        await tab.Page.WaitForFunctionAsync("() => document.documentElement.dataset.refreshing === 'true'");
        const string hide = "isHidden => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";

        await tab.Page.EvaluateAsync(hide, true);
        var isResting = await tab.Page.EvaluateAsync<string>("() => document.documentElement.dataset.refreshing");
        await host.Store.AddAsync([_samples.Call(SampleTraces.Begin.AddDays(9))]);
        await tab.Page.Clock.FastForwardAsync(60 * Seconds);
        var whileHidden = await tab.Page.Locator(".stat strong").First.TextContentAsync();
        await tab.Page.EvaluateAsync(hide, false);
        await tab.Page.WaitForFunctionAsync("count => document.querySelector('.stat strong').textContent !== count", whileHidden);

        Assert.That(isResting, Is.EqualTo("false"));
    }

    [Test]
    public async Task Refresh_InATrace_ShowsWhatCameAndKeepsThePartThatIsOpen()
    {
        var agent = _samples.Agent(SampleTraces.Begin);
        await using var host = await LiveHost.StartAsync(agent.Take(3));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm#/trace/" + agent[1].Id + "?tab=decisions", withClock: true);
        var before = await tab.CountAsync("[role=treeitem]");
        await host.Store.AddAsync([.. agent.Skip(3)]);

        await tab.PressAsync("a");
        await tab.Page.WaitForFunctionAsync("count => document.querySelectorAll('[role=treeitem]').length > count", before);

        Assert.That(await tab.CountAsync("[role=treeitem]"), Is.EqualTo(agent.Count));
        Assert.That(await tab.TextAsync("[role=tab][aria-selected=true]"), Does.StartWith("Decisions"));
        Assert.That(await tab.Page.Locator("[role=treeitem][aria-selected=true]").GetAttributeAsync("data-id"), Is.EqualTo(agent[1].Id));
    }

    [TestCase(600, false)]
    [TestCase(5_400, true)]
    public async Task Sort_InTheLivePage_SaysWhereItIsNotOfAll(int records, bool isPart)
    {
        var all = _samples.Take(records);
        await using var host = await LiveHost.StartAsync(all);
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm#/?sort=cost");

        var sorted = isPart ? all.OrderByDescending(record => record.StartedAt).ThenByDescending(record => record.Id, StringComparer.Ordinal).Take(5_000) : all;
        var id = await tab.Page.Locator("#row-0").GetAttributeAsync("data-id");
        var first = all.Single(record => record.Id == id);

        Assert.That(first.Cost, Is.EqualTo(sorted.Max(record => record.Cost)));
        Assert.That(await tab.CountAsync(".notice:has-text('5,000 newest that match')"), Is.EqualTo(isPart ? 1 : 0));
    }
}
