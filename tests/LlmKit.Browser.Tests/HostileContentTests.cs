using LlmKit.Browser.Tests.Support;
using LlmKit.Observability.Traces;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>Whatever a prompt, an answer, a tool or a document says, it is shown and does nothing.</summary>
public sealed class HostileContentTests
{
    private const string Hostile =
        "</script><script>window.pwned=1;alert(1)</script><!--<script><img src=x onerror=\"window.pwned=2\"><svg/onload=window.pwned=3>"
        + "<iframe src=\"https://evil.example/\"></iframe><a href=\"javascript:window.pwned=4\">x</a>\u2028\u2029{{script}}]]>${window.pwned=5}\"'`<style>*{display:none}</style><base href=\"https://evil.example/\">";

    private static readonly string Quoted = System.Text.Json.JsonSerializer.Serialize(Hostile);

    private readonly TraceRecord _record = new SampleTraces().Call(SampleTraces.Begin) with
    {
        Id = "h-1" + Hostile,
        TraceId = "t" + Hostile,
        Name = Hostile,
        Tenant = Hostile,
        User = Hostile,
        Feature = Hostile,
        Model = Hostile,
        Provider = Hostile,
        ErrorType = Hostile,
        PromptName = Hostile,
        Conversation = "javascript:window.pwned=6",
        Tags = new Dictionary<string, string> { [Hostile] = Hostile, ["__proto__"] = "x", ["style"] = "position:fixed" },
        Input =
        [
            SampleTraces.Say("user", Hostile),
            SampleTraces.Json($$$"""{"role":{{{Quoted}}},"name":{{{Quoted}}},"parts":[{"type":"uri","uri":"https://evil.example/pixel.png","mime_type":"image/png","modality":"image"},{"type":"blob","mime_type":{{{Quoted}}},"content":"","llmkit.omitted":{"bytes":4,"sha256":"00"}},{"type":"file","file_id":{{{Quoted}}}},{"type":{{{Quoted}}},"x":1},null,7]}"""),
            SampleTraces.Json($$"""{"role":"assistant","parts":[{"type":"tool_call","id":{{Quoted}},"name":{{Quoted}},"arguments":{ {{Quoted}}:{{Quoted}},"__proto__":{"polluted":1} } },{"type":"tool_call_response","id":"1","response":{{Quoted}}},{"type":"reasoning","content":{{Quoted}}}]}"""),
        ],
        Output = [SampleTraces.Say("assistant", Hostile, "stop")],
        Documents = SampleTraces.Json($$"""[{"id":{{Quoted}},"score":"<img src=x>","title":{{Quoted}},"uri":"javascript:window.pwned=7","content":{{Quoted}}},null]"""),
        Prompt = SampleTraces.Json($$"""{"template":{{Quoted}}}"""),
        PromptVariables = SampleTraces.Json($$"""{ {{Quoted}}:{{Quoted}} }"""),
        Options = SampleTraces.Json($$"""{ {{Quoted}}:{{Quoted}} }"""),
        Tools = SampleTraces.Json($$"""[{"name":{{Quoted}},"description":{{Quoted}}},null]"""),
        Attributes = new Dictionary<string, string> { [Hostile] = Hostile },
        Steps = [new(Hostile, Hostile, Hostile) { Facts = new Dictionary<string, string> { [Hostile] = Hostile } }, new("router", "chosen", Hostile) { Facts = new Dictionary<string, string> { ["llmkit.model"] = Hostile } }, new("guardrails", "blocked", Hostile)],
        Scores = [new(0.2, SampleTraces.Begin, Hostile, Hostile, Hostile)],
    };

    [Test]
    public async Task Report_OfHostileTraces_ShowsThemAndRunsNothing()
    {
        var other = _record with { Id = "h-2", Input = [SampleTraces.Say("user", Hostile + " again")] };
        await using var tab = await ViewerTab.OpenReportAsync([_record, other], new() { Title = Hostile });

        await WalkAsync(tab);

        Assert.That(tab.Requests, Has.All.StartsWith("file:///").Or.StartsWith("data:,"));
        Assert.That(tab.Requests, Has.None.Contain("evil"));
        Assert.That(await tab.Page.TitleAsync(), Does.StartWith("</script>"));
    }

    [Test]
    public async Task LivePage_OfHostileTraces_ShowsThemAndRunsNothing()
    {
        await using var host = await LiveHost.StartAsync([_record, _record with { Id = "h-2" }]);
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm");

        await WalkAsync(tab);

        Assert.That(tab.Requests, Has.All.StartsWith(host.Address + "/llm").Or.StartsWith("data:,"));
    }

    [Test]
    public async Task Page_WhatTriesToRunAnyway_IsStoppedByItsPolicy()
    {
        await using var tab = await ViewerTab.OpenReportAsync([_record]);

        var stopped = await tab.Page.EvaluateAsync<string>("""
            async () => {
              const tries = [];
              try { document.body.innerHTML = '<b>x</b>'; tries.push('innerHTML'); } catch { }
              const script = document.createElement('script');
              try { script.textContent = 'window.pwned = 9'; document.body.append(script); } catch { }
              await fetch('https://evil.example/').then(() => tries.push('fetch'), () => { });
              const image = new Image();
              const loaded = new Promise(done => { image.onload = () => done(true); image.onerror = () => done(false); });
              image.src = 'https://evil.example/x.png';
              if (await loaded) tries.push('image');
              const block = document.createElement('div');
              block.setAttribute('style', 'position: fixed');
              document.body.append(block);
              if (getComputedStyle(block).position === 'fixed') tries.push('style');
              if (window.pwned) tries.push('script');
              return tries.join();
            }
            """);

        Assert.That(stopped, Is.Empty);
        Assert.That(tab.Said, Is.Not.Empty);
    }

    private static async Task WalkAsync(ViewerTab tab)
    {
        await tab.PressAsync("j c");
        Assert.That(await tab.TextAsync(".row .title"), Does.Contain("<script>"));
        await tab.PressAsync("Enter", "trace");
        for (var i = 1; i <= 8; i++)
        {
            await tab.PressAsync($"{i}");
            foreach (var fold in await tab.Page.Locator(".panel details:not([open]) > summary").AllAsync())
            {
                if (await fold.IsVisibleAsync())
                    await fold.ClickAsync();
            }
        }

        await tab.PressAsync("d d");
        await tab.PressAsync("Escape", "list");
        await tab.PressAsync("k");
        await tab.PressAsync("c", "compare");
        Assert.That(await tab.TextAsync(".compare"), Does.Contain("onerror"));
        await tab.PressAsync("g", "charts");
        Assert.That(await tab.TextAsync(".charts"), Does.Contain("<script>"));
        Assert.That(await tab.Page.EvaluateAsync<bool>("() => 'pwned' in window || 'polluted' in {}"), Is.False);
        Assert.That(await tab.CountAsync("img, iframe, base, object, embed, a:not([href^='#']), [onerror], [onload], script:not([type='application/json']):not(:last-of-type)"), Is.Zero);
        Assert.That(tab.Said, Is.Empty);
    }
}
