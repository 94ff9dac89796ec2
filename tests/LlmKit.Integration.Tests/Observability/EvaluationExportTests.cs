using LlmKit.Integration.Tests.Observability.Otlp;
using LlmKit.Testing;
using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.Observability;

/// <summary>Verdicts of guards and users' feedback, as they arrive at a collector: evaluations that belong to the chat.</summary>
[NonParallelizable]
public sealed class EvaluationExportTests
{
    private const string EventName = "gen_ai.evaluation.result";
    private const int Information = 9;
    private const string Marker = "M4RKER";

    [Test]
    public async Task Verdicts_OfGuards_AreEvaluationsOfTheChatWithoutTexts([Values] bool streamed)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model(), static builder => builder.UseGuardrails(rules =>
        {
            rules.Redact(Rail.Input, TextDetectors.Email);
            rules.AddGuard(Rail.Output, new DelegateGuard("tone", static (_, _) => new(GuardVerdict.Flag("rude", 0.75))));
            rules.AddGuard(Rail.Output, new DelegateGuard("broken", static (_, _) => throw new InvalidOperationException(Marker)), guard => guard.WhenFailing = GuardFailure.Allow);
        }));

        var call = await exported.AskAsync($"{Marker} ann@example.org", streamed);

        var chat = exported.Chat();
        var told = Evaluations(exported).ToDictionary(log => (string)log.Attributes["gen_ai.evaluation.name"]!);
        Assert.That(told.Values.Select(log => (log.TraceId, log.SpanId, log.Severity)), Is.All.EqualTo((chat.TraceId, chat.Id, Information)));
        Assert.That(told.Values.Select(log => (log.Attributes["gen_ai.response.id"], log.Attributes["llmkit.call.id"])), Is.All.EqualTo(("response-1", call.Id)));
        Assert.That(told.Keys, Is.EquivalentTo(new[] { "email", "tone", "broken" }));
        Assert.That(Of(told["email"], "score.label", "score.value", "explanation"), Is.EqualTo(new object?[] { "redact", 0.9, null }));
        Assert.That(told["email"].Attributes["llmkit.guardrails.rail"], Is.EqualTo("input"));
        Assert.That(Of(told["tone"], "score.label", "score.value", "explanation"), Is.EqualTo(new object?[] { "flag", 0.75, "rude" }));
        Assert.That(Of(told["broken"], "score.label", "score.value"), Is.EqualTo(new object?[] { "not-evaluated", null }));
        Assert.That(told["broken"].Attributes["error.type"], Is.EqualTo("_OTHER"));
        Assert.That((exported.Flush().Holds(Marker), exported.Flush().Holds("ann@example.org")), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Verdict_ThatBlocks_IsAnEvaluationToo([Values] bool streamed, [Values] bool throws)
    {
        await using var exported = await Exported.StartAsync(static _ => { }, Model(), builder => builder.UseGuardrails(rules =>
        {
            rules.DenyTerms("forbidden");
            rules.WhenBlocked = throws ? WhenBlocked.Throw : WhenBlocked.Answer;
        }));

        try
        {
            await exported.AskAsync("forbidden", streamed);
        }
        catch (GuardrailBlockedException) when (throws)
        {
        }

        var told = Evaluations(exported).Single();
        Assert.That((told.SpanId, told.Attributes["gen_ai.evaluation.score.label"]), Is.EqualTo((exported.Chat().Id, "block")));
    }

    [Test]
    public async Task Feedback_OnACallThatHasEnded_BelongsToItsTrace([Values] bool streamed, [Values] bool stored)
    {
        await using var exported = await Exported.StartAsync(options => options.Redact = text => text.Replace(Marker, "X", StringComparison.Ordinal), Model(), builder =>
        {
            if (stored)
                builder.WithTraces();
        });
        var call = await exported.AskAsync("hello", streamed);

        Assert.That(await exported.Feedback.RecordAsync(call.Id, 0.25, "outdated " + Marker));

        var chat = exported.Chat();
        var told = Evaluations(exported).Single();
        Assert.That(told.TraceId, Is.EqualTo(chat.TraceId));
        Assert.That(exported.Children(chat).Single(child => child.Id == told.SpanId).Name, Is.EqualTo("evaluate user_feedback"));
        Assert.That(Of(told, "name", "score.value", "score.label", "explanation"), Is.EqualTo(new object?[] { "user_feedback", 0.25, "fail", "outdated X" }));
        Assert.That((told.Attributes["gen_ai.response.id"], told.Attributes["llmkit.call.id"]), Is.EqualTo(("response-1", call.Id)));
    }

    private static IEnumerable<OtlpLog> Evaluations(Exported exported) => exported.Flush().Logs.Where(log => log.EventName == EventName);

    private static object?[] Of(OtlpLog log, params string[] names) => [.. names.Select(name => log.Attributes.GetValueOrDefault("gen_ai.evaluation." + name))];

    private static ScriptedChatClient Model() => new((_, _) => ScriptedAnswer.Text("fine", " ", "day"), time: null, modelId: "gpt-m");
}
