using System.Net;
using System.Net.Http.Json;
using LlmKit.Browser.Tests.Support;
using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

public sealed class LivePageTests
{
    [Test]
    public async Task List_TenThousandTraces_IsPagedAndFiltered()
    {
        var records = new SampleTraces().Take(10_000);
        await using var host = await LiveHost.StartAsync(records);
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm");
        await tab.Page.ReloadAsync();
        await tab.ReadyAsync("list");

        var opened = await tab.Page.EvaluateAsync<double>("() => performance.getEntriesByName('ready-list')[0].startTime");
        var filtered = await tab.Page.EvaluateAsync<double>("""
            async () => {
              performance.clearMarks();
              const begun = performance.now();
              location.hash = '#/?tenant=globex&status=completed&minDuration=1';
              while (performance.getEntriesByName('ready-list').length === 0) await new Promise(done => setTimeout(done, 1));
              return performance.getEntriesByName('ready-list')[0].startTime - begun;
            }
            """);

        TestContext.Out.WriteLine($"{records.Count:N0} traces in the live page: the list stands {opened:N0} ms after the navigation, a filtered list after {filtered:N0} ms.");
        var expected = records.Count(record => record.Tenant == "globex" && record.Status == LlmKit.Calls.CallStatus.Completed && record.Duration >= TimeSpan.FromSeconds(1));
        await tab.Page.WaitForFunctionAsync("count => document.querySelector('.stat strong')?.textContent === count", $"{expected:N0}");
        Assert.That(await tab.CountAsync(".rows .row"), Is.InRange(10, 60));
        Assert.That(tab.Said, Is.Empty);
    }

    [Test]
    public async Task List_Scrolled_FetchesWhatFollows()
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(900));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm");

        await tab.Page.EvaluateAsync("() => { document.querySelector('.grid').scrollTop = 200 * 38; }");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.rows').clientHeight > 300 * 38");

        Assert.That(tab.Requests, Has.Some.Contain("after="));
    }

    [Test]
    public async Task Trace_Opened_ShowsAllOfItAndTakesScores()
    {
        var agent = new SampleTraces().Agent(SampleTraces.Begin);
        await using var host = await LiveHost.StartAsync(agent);
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm/#/trace/" + agent[1].Id + "?tab=scores");

        await tab.Page.Locator("button:text-is('Right')").ClickAsync();
        await tab.Page.WaitForSelectorAsync(".panel tbody tr");

        Assert.That(await tab.CountAsync("[role=treeitem]"), Is.EqualTo(agent.Count));
        Assert.That((await host.Store.GetAsync(agent[1].Id))!.LastScore, Is.EqualTo(1));
    }

    [Test]
    public async Task Charts_OfTheStore_Stand()
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(800));
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/llm#/charts?by=feature");

        Assert.That(await tab.CountAsync(".card svg[role=img]"), Is.EqualTo(4));
        Assert.That(await tab.TextAsync(".legend"), Does.Contain("triage"));
    }

    [Test]
    public async Task Page_OfAnApplicationBelowAPath_FindsItsApi()
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(20), map: app =>
        {
            app.UsePathBase("/inner");
            app.UseRouting();
            app.MapLlmTraces("/traces");
        });
        await using var tab = await ViewerTab.OpenLiveAsync(host.Address + "/inner/traces/");

        Assert.That(await tab.CountAsync(".rows .row"), Is.GreaterThan(5));
    }

    [Test]
    public async Task Answers_Headers_ForbidAllButThePageItself()
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(3));
        using var client = new HttpClient { BaseAddress = new(host.Address) };

        foreach (var path in new[] { "/llm", "/llm/api/traces", "/llm/api/groups?by=tenant", "/llm/api/traces/none" })
        {
            using var answer = await client.GetAsync(path);
            Assert.That(answer.Headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"), path);
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options").Single(), Is.EqualTo("nosniff"), path);
            Assert.That(answer.Headers.GetValues("Referrer-Policy").Single(), Is.EqualTo("no-referrer"), path);
            Assert.That(answer.Headers.CacheControl!.NoStore, path);
            Assert.That(answer.Headers.Contains("Access-Control-Allow-Origin"), Is.False, path);
        }
    }

    [Test]
    public async Task Page_OutsideOfDevelopmentWithoutAPolicy_IsNotThere([Values("/llm", "/llm/api/traces", "/llm/api/groups", "/llm/api/trace/x", "/llm/api/traces/x")] string path)
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(3), "Production");
        using var client = new HttpClient { BaseAddress = new(host.Address) };

        using var answer = await client.GetAsync(path);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await answer.Content.ReadAsStringAsync(), Is.Empty);
    }

    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("desk.localhost", HttpStatusCode.OK)]
    [TestCase("rebound.example", HttpStatusCode.NotFound)]
    public async Task Page_InDevelopmentUnderAName_IsThereForTheMachineItselfOnly(string name, HttpStatusCode expected)
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(3));
        using var client = new HttpClient { BaseAddress = new(host.Address) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/llm/api/traces") { Headers = { Host = name } };

        using var answer = await client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [Test]
    public async Task Page_WithAPolicy_IsThereForThoseWhoSatisfyIt([Values(false, true)] bool byConvention)
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(3), "Production",
            services =>
            {
                services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, KeyScheme>("key", null);
                services.AddAuthorization(options => options.AddPolicy("ops", policy => policy.AddAuthenticationSchemes("key").RequireAuthenticatedUser()));
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                if (byConvention)
                    app.MapLlmTraces().RequireAuthorization("ops");
                else
                    app.MapLlmTraces("/llm", "ops");
            });
        using var client = new HttpClient { BaseAddress = new(host.Address) };

        using var stranger = await client.GetAsync("/llm/api/traces");
        client.DefaultRequestHeaders.Add("X-Key", "yes");
        using var reader = await client.GetAsync("/llm/api/traces");

        Assert.That(stranger.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(reader.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public void Map_APolicyWithoutAuthorization_SaysWhatToDo()
    {
        var mistake = Assert.ThrowsAsync<InvalidOperationException>(() => LiveHost.StartAsync([], "Production", map: app => app.MapLlmTraces("/llm", "ops")));

        Assert.That(mistake!.Message, Does.Contain("AddAuthorization"));
    }

    [TestCase("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [TestCase("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [TestCase("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [TestCase("X-Nothing", "said", HttpStatusCode.Forbidden)]
    [TestCase("Sec-Fetch-Site", "same-origin", HttpStatusCode.NoContent)]
    public async Task Scores_FromElsewhere_AreRefused(string header, string value, HttpStatusCode expected)
    {
        var records = new SampleTraces().Take(3);
        await using var host = await LiveHost.StartAsync(records);
        using var client = new HttpClient { BaseAddress = new(host.Address) };
        client.DefaultRequestHeaders.Add(header, value);
        using var content = JsonContent.Create(new { value = 1.0 });
        await content.LoadIntoBufferAsync();

        using var answer = await client.PostAsync($"/llm/api/traces/{records[0].Id}/scores", content);

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("""{"value": 1.5}""", "application/json", HttpStatusCode.BadRequest)]
    [TestCase("""[1]""", "application/json", HttpStatusCode.BadRequest)]
    [TestCase("""{"value""", "application/json", HttpStatusCode.BadRequest)]
    [TestCase("""{"value": 1}""", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Scores_ThatAreNone_AreRefused(string body, string type, HttpStatusCode expected)
    {
        var records = new SampleTraces().Take(3);
        await using var host = await LiveHost.StartAsync(records);
        using var client = new HttpClient { BaseAddress = new(host.Address) };
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");

        using var answer = await client.PostAsync($"/llm/api/traces/{records[0].Id}/scores", new StringContent(body, System.Text.Encoding.UTF8, type));

        Assert.That(answer.StatusCode, Is.EqualTo(expected));
    }

    [TestCase("limit=0")]
    [TestCase("limit=many")]
    [TestCase("from=yesterdayish")]
    [TestCase("kind=7")]
    [TestCase("status=odd")]
    [TestCase("minCost=cheap")]
    [TestCase("after=nowhere")]
    public async Task Lists_FiltersThatCannotBeRead_AreRefused(string filter)
    {
        await using var host = await LiveHost.StartAsync(new SampleTraces().Take(3));
        using var client = new HttpClient { BaseAddress = new(host.Address) };

        using var answer = await client.GetAsync("/llm/api/traces?" + filter);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain(filter.Split('=')[0]));
    }
}
