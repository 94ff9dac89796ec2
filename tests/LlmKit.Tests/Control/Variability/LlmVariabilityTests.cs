using LlmKit.Calls;
using LlmKit.Control.Variability;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Variability;

public sealed class LlmVariabilityTests
{
    private static readonly ChatMessage[][] Requests = [.. Enumerable.Range(0, 40).Select(number => new[] { new ChatMessage(ChatRole.User, $"request {number}") })];

    [Test]
    public async Task ProbeAsync_AnswersThatAreTheSame_AreWithinWhatIsDeclared()
    {
        using var host = Host(_ => "billing");

        var report = await Probe(host).ProbeAsync("triage", Requests);

        Assert.That((report.Verdict, report.Disagreement?.Value, report.Counted, report.Failed), Is.EqualTo((ToleranceVerdict.Within, (double?)0, 40, 0)));
        Assert.That(report.Texts?.Value, Is.EqualTo(1));
        Assert.That(report.Disagreement!.Value.High, Is.GreaterThan(0).And.LessThan(0.1));
        Assert.That(report.Cost, Is.GreaterThan(0));
    }

    [Test]
    public async Task ProbeAsync_AnswersInOtherWords_DifferAsTextsAndNotAsValues()
    {
        using var host = Host(number => number % 2 == 0 ? "Billing" : "billing.");

        var report = await Probe(host).ProbeAsync("triage", Requests, new() { Repeats = 4, MostAtOnce = 1 });

        Assert.That((report.Texts?.Value, report.Values?.Value, report.Disagreement?.Value), Is.EqualTo(((double?)0, (double?)1, (double?)0)));
    }

    [Test]
    public async Task ProbeAsync_AnswersThatVaryTooMuch_RaiseTheAlarmAndPinTheFeature()
    {
        using var host = Host(number => $"{number % 3}", pins: true);
        var probe = Probe(host);

        var report = await probe.ProbeAsync("triage", Requests, new() { Repeats = 3, MostAtOnce = 1 });

        Assert.That((report.Verdict, report.Disagreement?.Value, probe.IsPinned("triage")), Is.EqualTo((ToleranceVerdict.Exceeded, (double?)1, true)));
        Assert.That(host.Logs.Messages, Has.Some.Contains("'triage' answers otherwise").And.Some.Contains("It is pinned"));
    }

    [Test]
    public async Task Ask_OfAPinnedFeature_IsReproducibleUntilItIsLetGo()
    {
        using var host = Host(number => $"{number % 3}", pins: true);
        var probe = Probe(host);
        await probe.ProbeAsync("triage", Requests, new() { Repeats = 3, MostAtOnce = 1 });

        var pinned = await host.Chat.AskAsync(streamed: false, new LlmCallOptions { Feature = "triage" });
        probe.Unpin("triage");
        var free = await host.Chat.AskAsync(streamed: true, new LlmCallOptions { Feature = "triage", Cache = LlmCacheDirectives.Bypass });

        Assert.That(pinned.Call.Steps.OfType<VariabilityStep>().Select(step => step.Decision), Is.EqualTo(new[] { "pinned" }));
        Assert.That(free.Call.Steps.OfType<VariabilityStep>(), Is.Empty);
    }

    [Test]
    public async Task ProbeAsync_OfTooFewRequests_ShowsNeither()
    {
        using var host = Host(_ => "billing");

        var report = await Probe(host).ProbeAsync("triage", Requests[..5]);

        Assert.That(report.Verdict, Is.EqualTo(ToleranceVerdict.NotShown));
    }

    [Test]
    public async Task ProbeAsync_AnswersThatFail_AreCountedAndLeftOut()
    {
        using var host = Host(number => number % 2 == 0 ? null : "billing");

        var report = await Probe(host).ProbeAsync("triage", Requests[..4], new() { Repeats = 2, MostAtOnce = 1 });

        Assert.That((report.Failed, report.Counted, report.Disagreement?.Value, report.Verdict), Is.EqualTo((4, 0, (double?)null, ToleranceVerdict.None)));
    }

    [Test]
    public async Task ProbeAsync_ToolCalls_AgreeByNameAndArguments()
    {
        var call = new ScriptedAnswer { Contents = [new FunctionCallContent("c", "weather", new Dictionary<string, object?> { ["city"] = "Paris" })], FinishReason = ChatFinishReason.ToolCalls };
        using var host = PipelineHost.For(call, builder => builder.WithConstraints("triage", constraints => constraints.Disagreement = 0.1).UseVariability());

        var report = await Probe(host).ProbeAsync("triage", Requests);

        Assert.That((report.Disagreement?.Value, report.Verdict), Is.EqualTo(((double?)0, ToleranceVerdict.Within)));
    }

    [Test]
    public async Task ProbeAsync_OfAConsistentFeature_ComparesWhatItDeclares()
    {
        var number = 0;
        using var host = PipelineHost.For(
            new ScriptedChatClient((_, _) => ScriptedAnswer.Text($"{{\"at\":{Interlocked.Increment(ref number)},\"kind\":\"bug\"}}")),
            builder => builder.UseVariability(options => options.Consistent("triage", declared => (declared.Value, declared.MostSamples) = (AnswerValues.Matching("\"kind\":\"(\\w+)"), 1))));

        var report = await Probe(host).ProbeAsync("triage", Requests[..3]);

        Assert.That((report.Texts?.Value, report.Values?.Value), Is.EqualTo(((double?)0, (double?)1)));
    }

    [Test]
    public async Task ProbeAsync_AFeature_StandsOnItsSheet()
    {
        using var host = Host(_ => "billing");
        await Probe(host).ProbeAsync("triage", Requests);

        var sheet = host.Services.GetRequiredService<LlmConstraintSheets>().Of("triage");

        Assert.That(sheet.Disagreement, Is.EqualTo(new MeasuredDisagreement(new(0, 0, sheet.Disagreement!.Rate.High), 40, host.Clock.GetUtcNow())));
        Assert.That(sheet.ToMarkdown(), Does.Contain("| Another answer when asked again | 10.0 % | yes: 0.0 %, at most 6.3 % (40 requests"));
    }

    [Test]
    public void ProbeAsync_OfAPipelineWithoutTheStage_SaysWhatToDo()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("x"), builder => builder.Services.AddSingleton<LlmVariability>());

        Assert.That(() => Probe(host).ProbeAsync("triage", Requests), Throws.ArgumentException.With.Message.Contains("has no UseVariability"));
    }

    private static LlmVariability Probe(PipelineHost host) => host.Services.GetRequiredService<LlmVariability>();

    private static PipelineHost Host(Func<int, string?> answer, bool pins = false) => PipelineHost.For(
        new ScriptedChatClient((number, _) => answer(number) is { } text ? ScriptedAnswer.Text(text) : ScriptedAnswer.Throws(new IOException("cut")), modelId: "m-2025-08-07"),
        builder => builder
            .WithConstraints("triage", constraints => constraints.Disagreement = 0.1)
            .UseSemanticCache()
            .UseVariability(options =>
            {
                if (pins)
                    options.PinWhenExceeded("triage");
            }));
}
