using LlmKit.Browser.Tests.Support;
using LlmKit.Calls;
using LlmKit.Observability.Traces;
using Microsoft.Playwright;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

public sealed class ReportTraceTests
{
    private readonly List<TraceRecord> _agent = new SampleTraces().Agent(SampleTraces.Begin);

    [Test]
    public async Task Waterfall_OfATrace_IsATreeWithAttemptsAndDecisions()
    {
        await using var tab = await OpenAsync(_agent[^1]);

        var levels = await tab.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('[role=treeitem]')].map(item => item.ariaLevel + ' ' + item.querySelector('.title').textContent)");
        var attempts = await tab.CountAsync(".lane-row.attempt");
        var steps = await tab.CountAsync(".lane-row.step");
        await tab.PressAsync("d");

        Assert.That(levels, Is.EqualTo(
            new[] { "1 invoke_agent support", "2 chat small", "2 execute_tool get_order", "2 execute_tool search_policy", "3 embeddings embed-3-small", "3 retrieval policies", "2 chat small" }));
        Assert.That(attempts, Is.EqualTo(4));
        Assert.That(steps, Is.EqualTo(_agent.Sum(record => record.Steps.Count)), "What was decided is there without a key.");
        Assert.That(await tab.CountAsync(".lane-row.step"), Is.Zero);
        Assert.That(await tab.CountAsync(".span.thin.tone-bad"), Is.EqualTo(2));
    }

    [Test]
    public async Task Waterfall_Decisions_StandBetweenAttemptsWithTheirReasons()
    {
        await using var tab = await OpenAsync(_agent[^1]);

        var lanes = await tab.Page.Locator("[data-id='" + _agent[^1].Id + "'] ~ .lane-row").AllInnerTextsAsync();
        var flat = lanes.Select(lane => string.Join(' ', lane.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();

        Assert.That(flat, Is.EqualTo(new[]
        {
            "guardrails flagged injection · in the tool result",
            "cache bypass the request has tools",
            "router chosen small · score 0.66 ≥ 0.5",
            "attempt small overloaded 529",
            "resilience retry small · overloaded · again after 450 ms",
            "attempt small overloaded 529",
            "resilience give-up small · attempts are used up",
            "router fallback small · failed: Overloaded",
            "router chosen strong",
            "budget reserved limit daily",
            "attempt strong 3.04 s",
            "guardrails allowed prompt-leak · in the output",
        }));
    }

    [Test]
    public async Task Waterfall_WhatACallAskedForItself_StandsInThePlaceOfItsAttemptAndIsCountedNowhere()
    {
        TraceAttempt Attempt(string model, int start, string? purpose = null) => new() { Model = model, Purpose = purpose, Started = TimeSpan.FromMilliseconds(start), Duration = TimeSpan.FromMilliseconds(100), Cost = 1 };
        var call = new SampleTraces().Call(SampleTraces.Begin) with { Status = CallStatus.Completed, Marks = AnswerMarks.None, ErrorType = null, Duration = TimeSpan.FromMilliseconds(350), Steps = [], Cost = 3, Attempts = [Attempt("small", 1), Attempt("judge", 120, "judge"), Attempt("strong", 240)] };
        var judge = call with
        {
            Id = "judging",
            SpanId = null,
            ParentId = call.Id,
            Purpose = "judge",
            Name = "judge <b>gpt</b>",
            Instructions = null,
            StartedAt = call.StartedAt.AddMilliseconds(120.4),
            Duration = TimeSpan.FromMilliseconds(101),
            Cost = 1,
            Attempts = [Attempt("judge", 0, "judge")],
            Input = [new("""{"role":"user","parts":[{"type":"text","content":"Is it <i>good</i>?"}]}"""u8.ToArray())],
        };
        await using var tab = await ViewerTab.OpenReportAsync([judge, call]);
        var listed = await tab.CountAsync(".row[data-id]");
        var sums = await tab.TextAsync(".summary");
        await tab.GoAsync("#/trace/" + call.Id);

        var lanes = await tab.Page.Locator(".lane-row .label").AllInnerTextsAsync();
        var head = (await tab.TextAsync(".trace-head")).ReplaceLineEndings(" ");
        await tab.Page.Locator("[data-id=judging]").ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.call h2').textContent === 'judge <b>gpt</b>'");

        Assert.That(listed, Is.EqualTo(1));
        Assert.That(sums, Does.Contain("$3.00"));
        Assert.That(lanes.Select(lane => lane.ReplaceLineEndings(" ").Trim()), Is.EqualTo(new[] { "C " + call.Name, "attempt small", "C judge <b>gpt</b>", "attempt strong" }));
        Assert.That(head, Does.Contain("$3.00").And.Contain("model call 1"));
        Assert.That(await tab.TextAsync(".message .text"), Does.Contain("Is it <i>good</i>?"));
        Assert.That(await tab.TextAsync(".call-title"), Does.Contain("judge"));
        Assert.That(await tab.Page.Locator("[data-id=judging]").GetAttributeAsync("aria-level"), Is.EqualTo("2"));
    }

    [Test]
    public async Task Waterfall_ADecisionIsClicked_OpensTheDecisionsOfItsOperation()
    {
        await using var tab = await OpenAsync(_agent[0]);

        await tab.Page.Locator(".lane-row.step:has-text('fallback')").ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('[role=tab][aria-selected=true]').textContent.startsWith('Decisions')");

        Assert.That(await tab.Page.Locator("[role=treeitem][aria-selected=true]").GetAttributeAsync("data-id"), Is.EqualTo(_agent[^1].Id));
    }

    [Test]
    public async Task Waterfall_Bars_StandWhereTheirTimeIs()
    {
        await using var tab = await OpenAsync(_agent[^1]);

        var lefts = await tab.Page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.lane-row.record .span')].map(bar => parseFloat(bar.style.left))");

        Assert.That(lefts[0], Is.Zero);
        Assert.That(lefts[6], Is.EqualTo(2_150 / 7_450.0 * 84).Within(0.1));
    }

    [Test]
    public async Task Keyboard_InATrace_GoesFromOperationToOperationAndFromPartToPart()
    {
        await using var tab = await OpenAsync(_agent[0]);

        await tab.PressAsync("j j");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.call h2').textContent === 'execute_tool get_order'");
        await tab.PressAsync("k");
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.call h2').textContent === 'chat small'");
        await tab.PressAsync("2");

        Assert.That(await tab.TextAsync("[role=tab][aria-selected=true]"), Does.StartWith("Decisions"));
        Assert.That(tab.Page.Url, Does.EndWith("?tab=decisions"));
    }

    [Test]
    public async Task Conversation_Messages_HaveTheirRolesAndFoldWhatIsLong()
    {
        await using var tab = await OpenAsync(_agent[^1]);

        var roles = await tab.Page.Locator(".message .role:not(.fold .fold .role)").AllInnerTextsAsync();
        var open = await tab.CountAsync(".message details[open]");
        await tab.Page.Locator("summary:has-text('get_order')").ClickAsync();

        Assert.That(roles, Is.SupersetOf(new[] { "system", "user", "assistant", "tool" }));
        Assert.That(open, Is.Zero);
        Assert.That(await tab.TextAsync("details[open] .json"), Does.Contain("\"order_id\""));
        Assert.That(await tab.TextAsync(".turn ~ .message .text"), Does.Contain("**we pay for the parcel**"));
    }

    [Test]
    public async Task Conversation_WhatWasCutOrWithheld_IsSaid()
    {
        var record = new SampleTraces().Call(SampleTraces.Begin) with
        {
            Input =
            [
                SampleTraces.Json("""{"role":"user","parts":[{"type":"text","content":"long","llmkit.truncated":{"original_chars":40000}},{"type":"llmkit.truncated","dropped_parts":3}]}"""),
                SampleTraces.Json("""{"role":"user","parts":[{"type":"text","content":"","llmkit.redaction_failed":true}]}"""),
            ],
            DroppedMessages = 7,
        };
        await using var tab = await OpenAsync([record], record);

        Assert.That(
            await tab.Page.Locator(".conversation .note").AllInnerTextsAsync(),
            Is.EqualTo(new[] { "Cut here: it has 40,000 characters in all.", "3 parts are left out here.", "7 messages are left out: the record would have grown too large.", "Withheld: its redaction failed." }));
    }

    [Test]
    public async Task Decisions_OfACall_ExplainRouteAndVerdicts()
    {
        await using var tab = await OpenAsync(_agent[^1], "?tab=decisions");

        Assert.That(await tab.Page.Locator(".route").TextContentAsync(), Does.Contain("small was chosen").And.Contain("≥ threshold 0.5").And.Contain("propensity 92 %").And.Contain("small gave no answer, so the next model was asked: failed: Overloaded").And.Contain("strong answered in 3.04 s"));
        Assert.That(await tab.TextAsync("table:has(caption:text('Guardrail verdicts')) tbody"), Does.Contain("flagged").And.Contain("tool-result").And.Contain("injection"));
        Assert.That(await tab.CountAsync("table:has(caption:text('Decisions')) tbody tr"), Is.EqualTo(_agent[^1].Steps.Count));
    }

    [Test]
    public async Task Cost_OfACall_IsByAttempt()
    {
        await using var tab = await OpenAsync(_agent[^1], "?tab=cost");

        var rows = await tab.Page.Locator(".panel tbody tr").AllInnerTextsAsync();

        Assert.That(rows, Has.Count.EqualTo(3));
        Assert.That(rows[0], Does.Contain("overloaded 529"));
        Assert.That(rows[2], Does.Contain("strong").And.Contain("1,518").And.Contain("$0.0107"));
        Assert.That(await tab.TextAsync(".panel tfoot"), Does.Contain("$0.0107"));
    }

    [Test]
    public async Task Retrieval_Documents_HaveTheirScores()
    {
        await using var tab = await OpenAsync(_agent.Single(record => record.Documents is not null), "?tab=retrieval");

        Assert.That(await tab.CountAsync(".panel tbody tr"), Is.EqualTo(4));
        Assert.That(await tab.TextAsync(".panel tbody tr"), Does.Contain("0.871").And.Contain("Damaged goods"));
    }

    [Test]
    public async Task Prompt_Template_IsShownWithItsVariablesAndRendered()
    {
        var record = new SampleTraces().Call(SampleTraces.Begin) with
        {
            Prompt = SampleTraces.Json("""{"template":"Help {{name}} of {{tenant}}, {{ größe }} {no} {{{n-1}}}."}"""),
            PromptVariables = SampleTraces.Json("""{"name":"Ann {{tenant}}","größe":7,"n-1":null}"""),
        };
        await using var tab = await OpenAsync([record], record, "?tab=prompt");

        Assert.That(await tab.Page.Locator(".template").AllInnerTextsAsync(), Is.EqualTo(new[] { "Help {{name}} of {{tenant}}, {{ größe }} {no} {{{n-1}}}.", "Help Ann {{tenant}} of {{tenant}}, 7 {no} {}." }), "as LlmPrompt.Render has it");
        Assert.That(await tab.Page.Locator("mark.unset").AllInnerTextsAsync(), Is.EqualTo(new[] { "{{tenant}}", "{{tenant}}" }));
        Assert.That(await tab.CountAsync(".panel tbody tr"), Is.EqualTo(3));
    }

    [Test]
    public async Task Request_OfASpanWithAttributes_ShowsThem()
    {
        var record = new SampleTraces().Call(SampleTraces.Begin) with { Attributes = new Dictionary<string, string> { ["http.response.status_code"] = "503" } };
        await using var tab = await OpenAsync([record], record, "?tab=request");

        Assert.That(await tab.TextAsync(".panel"), Does.Contain("http.response.status_code").And.Contain("503"));
    }

    [Test]
    public async Task Compare_TwoPicks_ShowsTheRequestFirstAndMarksTheWordsThatDiffer()
    {
        var one = new SampleTraces().Call(SampleTraces.Begin) with
        {
            Id = "one",
            Options = SampleTraces.Json("""{"temperature":0}"""),
            Input = [SampleTraces.Say("user", string.Join('\n', Enumerable.Range(1, 40).Select(i => $"line {i}")))],
            Output = [SampleTraces.Say("assistant", "The parcel comes on Monday.")],
        };
        var other = one with { Id = "other", StartedAt = one.StartedAt.AddMinutes(1), Input = [SampleTraces.Say("user", string.Join('\n', Enumerable.Range(1, 40).Select(i => i == 20 ? "line twenty" : $"line {i}")))], Output = [SampleTraces.Say("assistant", "The parcel comes on Friday.")] };
        await using var tab = await ViewerTab.OpenReportAsync([one, other]);

        await tab.PressAsync("c j");
        await tab.PressAsync("c", "compare");

        var sections = (await tab.Page.Locator(".compare h2, .diff-name").AllInnerTextsAsync()).ToList();
        Assert.That(sections.IndexOf("Messages"), Is.InRange(sections.IndexOf("Request"), sections.IndexOf("Answer")));
        Assert.That(await tab.Page.Locator("del").AllInnerTextsAsync(), Is.EqualTo(new[] { "twenty", "Friday" }));
        Assert.That(await tab.Page.Locator("ins").AllInnerTextsAsync(), Is.EqualTo(new[] { "20", "Monday" }));
        Assert.That(await tab.CountAsync(".diff .gap"), Is.EqualTo(2));
        await tab.Page.Locator(".gap button").First.ClickAsync();
        Assert.That(await tab.CountAsync(".diff .gap"), Is.EqualTo(1));
        Assert.That(await tab.TextAsync(".diff-same"), Does.Contain("same"));
        await tab.PressAsync("j j k");
        Assert.That(await tab.TextAsync("[role=status]:not(#announcer)"), Is.EqualTo("difference 1 of 2"));
        Assert.That(await tab.TextAsync("tr.is-at"), Does.Contain("line twenty"));
        await tab.PressAsync("Escape", "list");
    }

    [Test]
    public async Task Compare_TextsTooLargeToCompareWhole_StillEnds()
    {
        var one = new SampleTraces().Call(SampleTraces.Begin) with { Id = "one", Input = [SampleTraces.Say("user", string.Join('\n', Enumerable.Range(1, 12_000).Select(i => $"left {i}")))] };
        var other = one with { Id = "other", Input = [SampleTraces.Say("user", string.Join('\n', Enumerable.Range(1, 12_000).Select(i => i == 6_000 ? "left 6000" : $"right {i}")))] };
        await using var tab = await ViewerTab.OpenReportAsync([one, other]);

        await tab.GoAsync("#/compare/one/other");

        Assert.That(await tab.TextAsync(".diff-section"), Does.Contain("left 6000"));
    }

    [Test]
    public async Task Charts_OfTraces_HaveFourPicturesAndTheirTables()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(500));

        await tab.PressAsync("g", "charts");

        Assert.That(await tab.Page.Locator(".card h2").AllInnerTextsAsync(), Is.EqualTo(new[] { "Cost", "Latency", "Cache hit rate", "Errors and blocks" }));
        Assert.That(await tab.CountAsync(".card svg[role=img]"), Is.EqualTo(4));
        Assert.That(await tab.CountAsync(".card table"), Is.EqualTo(4));
        Assert.That(await tab.CountAsync("svg path.line"), Is.GreaterThan(4));
        Assert.That(await tab.CountAsync("svg rect"), Is.GreaterThan(10));
        await tab.Page.Locator(".segments button:text('Tenant')").ClickAsync();
        await tab.Page.WaitForFunctionAsync("() => document.querySelector('.card .legend')?.textContent.includes('globex')");
    }

    [TestCase(1, "1 call")]
    [TestCase(0, null)]
    [TestCase(400, "calls")]
    public async Task Charts_OfFewOrOfManyGroups_StayReadable(int calls, string? said)
    {
        var records = new SampleTraces().Take(calls + 40).Where(record => record.Kind == TraceKind.Chat).Take(calls).Select((record, i) => record with { Tenant = $"tenant-{i % 100:000}" });
        await using var tab = await ViewerTab.OpenReportAsync(records);

        await tab.GoAsync("#/charts?by=tenant");

        if (said is null)
        {
            Assert.That(await tab.TextAsync(".charts .empty"), Does.Contain("No calls match"));
            return;
        }

        var card = tab.Page.Locator(".card:has(h2:text('Latency'))");
        Assert.That(await card.Locator(".figure").InnerTextAsync(), Does.EndWith(said));
        Assert.That(await card.Locator("button.key").CountAsync(), Is.EqualTo(calls == 1 ? 1 : 6));
        Assert.That(await tab.CountAsync(".card .unit"), Is.EqualTo(4));
        Assert.That(await card.Locator("thead th").AllTextContentsAsync(), calls == 1 ? Has.Count.EqualTo(4) : Has.Count.EqualTo(14).And.Some.Contains("95 others 95 %"));
        Assert.That(await card.Locator(".dot").CountAsync(), Is.GreaterThan(calls == 1 ? 1 : 20));
    }

    [Test]
    public async Task Theme_SystemIsDark_IsFollowedUntilSomebodySwitches()
    {
        await using var tab = await ViewerTab.OpenReportAsync(new SampleTraces().Take(5), scheme: ColorScheme.Dark);
        const string background = "() => getComputedStyle(document.body).backgroundColor";

        var dark = await tab.Page.EvaluateAsync<string>(background);
        await tab.PressAsync("t");
        var light = await tab.Page.EvaluateAsync<string>(background);

        Assert.That(dark, Is.EqualTo("rgb(15, 18, 23)"));
        Assert.That(light, Is.EqualTo("rgb(246, 247, 249)"));
    }

    private Task<ViewerTab> OpenAsync(TraceRecord record, string rest = "") => OpenAsync(_agent, record, rest);

    private static async Task<ViewerTab> OpenAsync(IReadOnlyList<TraceRecord> records, TraceRecord record, string rest = "")
    {
        var tab = await ViewerTab.OpenReportAsync(records);
        await tab.GoAsync($"#/trace/{record.Id}{rest}");
        return tab;
    }
}
