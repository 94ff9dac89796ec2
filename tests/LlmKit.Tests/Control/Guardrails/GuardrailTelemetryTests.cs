using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

[TestFixture(false)]
[TestFixture(true)]
public sealed class GuardrailTelemetryTests(bool streamed)
{
    private const string Draft = "gen_ai.security.";

    private readonly string _own = "own-" + Guid.NewGuid();
    private readonly TelemetryRecorder _recorder = new();

    [TearDown]
    public void StopRecording() => _recorder.Dispose();

    [Test]
    public async Task Ask_WithTheNamesOfTheDraft_AddsThemToTheSpan()
    {
        var span = await AskAsync(rules => rules.DraftTelemetry = true);

        var finding = span.Events.Single(e => e.Name.StartsWith(Draft, StringComparison.Ordinal));
        Assert.That(finding.Name, Is.EqualTo("gen_ai.security.finding"));
        Assert.That(finding.Tags.ToDictionary(tag => tag.Key, tag => tag.Value), Is.EquivalentTo(new Dictionary<string, object?>
        {
            ["gen_ai.security.policy.rule.id"] = _own,
            ["gen_ai.security.verdict.decision"] = "block",
            ["gen_ai.security.action.type"] = "block",
            ["gen_ai.security.target.type"] = "input",
        }));
    }

    [Test]
    public async Task Ask_WithTheNamesOfTheDraft_SaysOfARuleThatIsOnlyObservedThatItDidNothing()
    {
        var span = await AskAsync(rules => (rules.DraftTelemetry, rules.Observe) = (true, true));

        var finding = span.Events.Single(e => e.Name == "gen_ai.security.finding").Tags.ToDictionary(tag => tag.Key, tag => tag.Value);
        Assert.That((finding["gen_ai.security.verdict.decision"], finding["gen_ai.security.action.type"]), Is.EqualTo(("block", "audit")));
    }

    [Test]
    public async Task Ask_WithoutThem_NamesNothingOfTheDraft()
    {
        var span = await AskAsync(_ => { });

        Assert.That(span.Events.Select(e => e.Name).Concat(span.TagObjects.Select(tag => tag.Key)), Has.None.StartsWith(Draft));
    }

    [Test]
    public async Task Ask_WithOrWithoutThem_MeasuresUnderNamesOfOurOwn([Values] bool draft)
    {
        await AskAsync(rules => rules.DraftTelemetry = draft);

        var measured = _recorder.All("llmkit.guardrails.rule", _own).Single();
        Assert.That((measured.Instrument, measured.Value), Is.EqualTo(("llmkit.guardrails.verdicts", 1d)));
        Assert.That((measured.Tags["llmkit.guardrails.rail"], measured.Tags["llmkit.guardrails.verdict"]), Is.EqualTo(("input", "block")));
        Assert.That(measured.Tags.Keys, Has.None.StartsWith(Draft));
        Assert.That(string.Join(" ", measured.Tags), Does.Not.Contain("fool"));
    }

    private async Task<Activity> AskAsync(Action<GuardrailOptions> configure)
    {
        using var host = PipelineHost.For(
            ScriptedAnswer.Text("Fine."), builder => builder.UseTracing().UseGuardrails(rules => configure(rules.AddGuard(Rail.Input, new DelegateGuard(_own, (_, _) => new(GuardVerdict.Block("rude")))))));
        var options = new LlmCallOptions { Feature = _own };

        if (streamed)
            await host.Chat.GetStreamingResponseAsync("You fool.", options).ToListAsync();
        else
            await host.Chat.GetResponseAsync("You fool.", options);
        return _recorder.Chat(LlmKitDiagnostics.FeatureTag, _own);
    }
}
