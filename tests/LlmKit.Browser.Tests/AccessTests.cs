using System.Text.Json;
using LlmKit.Browser.Tests.Support;
using LlmKit.Observability.Traces;
using Microsoft.Playwright;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>Those who do not see the page, see it badly, or have no mouse can use all of it.</summary>
public sealed class AccessTests
{
    // The contrast of every visible text with what it stands on, by WCAG 2.2: 4.5 to 1, and 3 to 1 where it is large.
    private const string PoorContrast = """
        () => {
          const channel = part => { const share = part / 255; return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; };
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const read = color => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
          const ground = node => { const all = []; for (let at = node; at; at = at.parentElement) all.push(read(getComputedStyle(at).backgroundColor)); return all.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]); };
          const poor = new Set();
          const walker = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode.parentElement;
            if (!walker.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || node.closest('.unseen, svg, option, dialog:not([open])')) continue;
            const style = getComputedStyle(node), under = ground(node), ink = over(read(style.color), under);
            const [a, b] = [light(ink), light(under)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
            const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
            if (ratio < (isLarge ? 3 : 4.5) - 0.01) poor.add(ratio.toFixed(2) + ' ' + (node.className || node.tagName) + ': ' + walker.currentNode.data.trim().slice(0, 24));
          }
          return [...poor];
        }
        """;

    private readonly List<TraceRecord> _records = [.. new SampleTraces().Take(300), .. new SampleTraces(11).Agent(SampleTraces.Begin.AddDays(3))];

    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Views_TheirTexts_StandOutFromTheirGround(ColorScheme scheme)
    {
        await using var tab = await ViewerTab.OpenReportAsync(_records, scheme: scheme);
        var poor = new List<string>();

        foreach (var view in Views())
        {
            await tab.GoAsync(view);
            poor.AddRange((await tab.Page.EvaluateAsync<string[]>(PoorContrast)).Select(text => $"{view}: {text}"));
        }

        Assert.That(poor, Is.Empty);
    }

    [Test]
    public async Task Views_WhatCanBeUsed_HasANameAndARole()
    {
        await using var tab = await ViewerTab.OpenReportAsync(_records);
        var session = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var nameless = new List<string>();

        foreach (var view in Views())
        {
            await tab.GoAsync(view);
            var tree = await session.SendAsync("Accessibility.getFullAXTree");
            nameless.AddRange(Nameless(tree!.Value).Select(role => $"{view}: {role}"));
            Assert.That(await tab.CountAsync("h1"), Is.EqualTo(1), view);
        }

        Assert.That(nameless, Is.Empty);
    }

    [Test]
    public async Task Views_ByTabAlone_EveryStopIsSeenAndInReadingOrder()
    {
        await using var tab = await ViewerTab.OpenReportAsync(_records);

        foreach (var view in Views())
        {
            await tab.GoAsync(view);
            await tab.Page.EvaluateAsync("() => { document.querySelector('.skip').focus(); document.activeElement.blur(); window.stops = []; }");
            for (var i = 0; i < 40; i++)
            {
                await tab.Page.Keyboard.PressAsync("Tab");
                await tab.Page.EvaluateAsync("""
                    () => {
                      const on = document.activeElement, style = getComputedStyle(on);
                      if (on === document.body) return;
                      const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || (on.matches('.grid, .lanes') && !!on.querySelector('.is-at'));
                      window.stops.push({ on, name: on.tagName + '.' + on.className, shown });
                    }
                    """);
            }

            var wrong = await tab.Page.EvaluateAsync<string[]>("""
                () => {
                  const end = window.stops.findIndex((stop, i) => i > 0 && stop.on.matches('.skip')), stops = end > 0 ? window.stops.slice(0, end) : window.stops;
                  const unseen = stops.filter(stop => !stop.shown).map(stop => 'unseen: ' + stop.name);
                  const jumps = stops.filter((stop, i) => i > 0 && !(stops[i - 1].on.compareDocumentPosition(stop.on) & Node.DOCUMENT_POSITION_FOLLOWING)).map(stop => 'back: ' + stop.name);
                  return stops.length < 4 ? ['few stops: ' + stops.length] : unseen.concat(jumps);
                }
                """);
            Assert.That(wrong, Is.Empty, view);
        }
    }

    [Test]
    public async Task Keyboard_Alone_PicksTwoCallsComparesThemAndComesBack()
    {
        await using var tab = await ViewerTab.OpenReportAsync(_records);

        await tab.PressAsync("s s");
        await tab.Page.WaitForFunctionAsync("() => location.hash.includes('sort=') && document.documentElement.dataset.ready === 'list'");
        await tab.PressAsync("c j");
        var announced = await tab.Page.Locator("#announcer").TextContentAsync();
        await tab.PressAsync("c", "compare");
        await tab.PressAsync("j");
        await tab.Page.Keyboard.PressAsync("Escape");
        await tab.ReadyAsync("list");

        Assert.That(announced, Is.EqualTo("1 of 2 picked to compare"));
        Assert.That(tab.Page.Url, Does.Contain("sort="));
        Assert.That(await tab.Page.EvaluateAsync<string>("() => document.activeElement.className"), Is.EqualTo("grid"));
    }

    [Test]
    public async Task Views_OnANarrowScreen_DoNotStandOverItsEdge()
    {
        await using var tab = await ViewerTab.OpenReportAsync(_records, narrow: true);

        foreach (var view in Views())
        {
            await tab.GoAsync(view);
            var width = await tab.Page.EvaluateAsync<int>("() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth)");
            Assert.That(width, Is.LessThanOrEqualTo(390), view);
        }
    }

    private IEnumerable<string> Views()
    {
        var agent = _records[^1].Id;
        var escalated = _records.First(record => record.Steps.Any(step => step.Decision == "escalated")).Id;
        return
        [
            "", "#/?status=bad", "#/?tenant=nobody", $"#/trace/{agent}", $"#/trace/{escalated}?tab=decisions", $"#/trace/{agent}?tab=cost", $"#/trace/{escalated}?tab=prompt",
            $"#/trace/{agent}?tab=request", $"#/trace/{agent}?tab=scores", $"#/trace/{agent}?tab=json", $"#/trace/{_records.Last(record => record.Documents is not null).Id}?tab=retrieval", $"#/compare/{agent}/{escalated}", "#/charts?by=tenant",
        ];
    }

    private static IEnumerable<string> Nameless(JsonElement tree)
    {
        string[] usable = ["button", "link", "checkbox", "combobox", "searchbox", "textbox", "spinbutton", "tab", "tree", "treeitem", "grid", "tabpanel", "dialog", "image", "img"];
        foreach (var node in tree.GetProperty("nodes").EnumerateArray())
        {
            if (node.GetProperty("ignored").GetBoolean() || !node.TryGetProperty("role", out var role) || role.GetProperty("value").GetString() is not { } name || !usable.Contains(name))
                continue;
            if (!node.TryGetProperty("name", out var said) || string.IsNullOrWhiteSpace(said.GetProperty("value").GetString()))
                yield return name;
        }
    }
}
