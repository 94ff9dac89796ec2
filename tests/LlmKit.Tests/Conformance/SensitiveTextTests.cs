using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Observability.Tracing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Conformance;

/// <summary>Prompts, answers and tool arguments through the whole stack, however it ends: no log, span, measurement, step or message of ours holds them.</summary>
public sealed class SensitiveTextTests
{
    // Of this run only, so that a recorder that hears other tests too can be searched as a whole.
    private readonly string _secret = "canary" + Guid.NewGuid().ToString("n");
    private readonly string _feature = "feature" + Guid.NewGuid().ToString("n");

    [TestCaseSource(nameof(Ends))]
    public async Task Ask_HoweverItEnds_NothingOfItIsReported(End end, bool streamed)
    {
        using var telemetry = new TelemetryRecorder();
        using var host = new PipelineHost(builder => Compose(builder, end));
        var calls = new List<LlmCall>();
        Exception? error = null;

        for (var i = 0; i < 2; i++)
            error = await AskAsync(host, streamed, calls, end) ?? error;

        Assert.That(error is null, Is.EqualTo(end is End.Answered or End.Escalated or End.ToldToAFaultyListener), $"{error}");
        // What a deadline left behind ends its span on a thread of its own.
        await ManualTimeExtensions.UntilAsync(() => telemetry.Everything().Any(text => text.Contains(_feature, StringComparison.Ordinal)));
        Assert.That(telemetry.Everything().Concat(host.Logs.Messages).Where(Holds), Is.Empty);
        Assert.That(calls.SelectMany(Said).Where(Holds), Is.Empty);
        Assert.That(Chain(error).Where(exception => exception is LlmException).Select(exception => exception.Message).Where(Holds), Is.Empty);
    }

    public enum End
    {
        Answered,
        ToldToAFaultyListener,
        FailedEverywhere,
        FailedInTheMiddle,
        Truncated,
        OutOfMoney,
        OutOfTime,
        Blocked,
        Escalated,
        Gated,
    }

    private static IEnumerable<TestCaseData> Ends =>
        from end in Enum.GetValues<End>()
        from streamed in new[] { false, true }
        where streamed || end is not (End.FailedInTheMiddle or End.Truncated)
        select new TestCaseData(end, streamed);

    private void Compose(LlmPipelineBuilder builder, End end)
    {
        var (a, b) = Answers(end);
        foreach (var (name, answer) in new[] { ("a", a), ("b", b) })
            builder.AddModel(name, new ScriptedChatClient(answer), options => options.Price = new(1, 2));
        builder.UseTracing()
            .UseGuardrails(rules =>
            {
                rules.RedactPersonalData(style: LlmKit.Text.RedactionStyle.Placeholder).BlockPromptInjection().LimitTools(tools => tools.OnlyDeclared = false)
                    .AddGuard(Rail.Texts, new DelegateGuard("echoing", (input, _) => throw new InvalidOperationException(input.Text)), guard => guard.WhenFailing = GuardFailure.Allow)
                    .Observed(trial => trial.RequireFormat(AnswerFormats.OneOf("yes", "no")).DenyTopic("topic", 1, _secret));
                rules.WhenBlocked = WhenBlocked.Throw;
                if (end == End.Blocked)
                    rules.DenyTerms(_secret);
            })
            .UseBudget(budget => budget.PerTenant("daily", end == End.OutOfMoney ? 0 : 20, BudgetWindow.Daily))
            .UseSemanticCache()
            .UseRouter(router =>
            {
                if (end == End.Escalated)
                    router.Cascade("a", "b");
            })
            .UseResilience(options => options.Randomizer = () => 0);
    }

    private (ScriptedAnswer A, ScriptedAnswer B) Answers(End end)
    {
        var good = ScriptedAnswer.Text("The ", _secret, " is it.") with { Contents = [new FunctionCallContent("1", "find", new Dictionary<string, object?> { ["what"] = _secret })] };
        var failure = new HttpRequestException($"echo of {_secret}", null, System.Net.HttpStatusCode.ServiceUnavailable);
        return end switch
        {
            End.FailedEverywhere => (ScriptedAnswer.Throws(failure), ScriptedAnswer.Throws(failure)),
            End.FailedInTheMiddle => (good with { Failure = failure, FailAfterChunks = 2 }, good),
            End.Truncated => (good with { FinishReason = null }, good),
            End.OutOfTime => (ScriptedAnswer.Hangs(), ScriptedAnswer.Hangs()),
            End.Escalated => (ScriptedAnswer.Text(_secret) with { FinishReason = ChatFinishReason.Length }, good),
            _ => (good, good),
        };
    }

    private async Task<Exception?> AskAsync(PipelineHost host, bool streamed, List<LlmCall> calls, End end)
    {
        var options = new LlmCallOptions
        {
            Tenant = "acme",
            Feature = _feature,
            Instructions = $"You know {_secret}.",
            Deadline = end == End.OutOfTime ? host.Clock.GetUtcNow().AddSeconds(9) : null,
            ExcludedModels = end == End.Gated ? ["a", "b"] : null,
            OnCompleted = call =>
            {
                calls.Add(call);
                if (end == End.ToldToAFaultyListener)
                    throw new InvalidOperationException(_secret);
            },
        };
        var asking = Outcome.OfAsync(host.Chat, streamed, options, $"Tell ann@example.org of {_secret}.");
        return (await host.Clock.FinishAsync(asking)).Error;
    }

    private static IEnumerable<string> Said(LlmCall call)
    {
        foreach (var step in call.Steps)
        {
            var tags = new List<KeyValuePair<string, object?>>();
            step.AddTags(tags);
            yield return $"{step} {string.Join(" ", tags)}";
        }

        foreach (var attempt in call.Attempts)
            yield return attempt.ToString();
        yield return System.Text.Json.JsonSerializer.Serialize(call);
    }

    private static IEnumerable<Exception> Chain(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return exception;
    }

    private bool Holds(string text) => text.Contains(_secret, StringComparison.OrdinalIgnoreCase) || text.Contains("ann@example", StringComparison.Ordinal);
}
