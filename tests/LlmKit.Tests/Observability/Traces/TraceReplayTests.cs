using LlmKit.Observability.Replay;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces;

/// <summary>A call of production becomes a test, or is asked again.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class TraceReplayTests(bool streamed)
{
    [Test]
    public async Task ToCassette_OfACallThroughThePipeline_AnswersTheSameRequestWithoutAModel()
    {
        using var rig = Rig();
        var (trace, options) = await TraceAsync(rig);
        using var cassette = trace.ToCassette();
        using var down = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Throws(new InvalidOperationException("no model is to be asked"))));

        var replayed = await Outcome.OfAsync(down.Chat.WithCassette(cassette), streamed, options, "what now?");

        Assert.That(replayed.Text, Is.EqualTo("answer 1"));
        cassette.AssertAllPlayed();
        var other = await Outcome.OfAsync(down.Chat.WithCassette(cassette), streamed, options, "what else?");
        Assert.That(other.Error, Is.TypeOf<CassetteMissException>());
    }

    [Test]
    public async Task ToFrozenCall_AskedAgainThreeTimes_TellsHowFarTheAnswersAgree()
    {
        using var rig = Rig();
        var (trace, _) = await TraceAsync(rig);

        var report = await Replayer.RunAsync(trace.ToFrozenCall(), rig.Chat, new() { Times = 3 });

        Assert.That(report.ToText(), Does.Contain("3"));
        Assert.That(trace.ToFrozenCall().Answer!.Text, Is.EqualTo("answer 1"));
        Assert.That(trace.ToFrozenCall().Options!.Temperature, Is.EqualTo(0.5f));
    }

    [Test]
    public void ToCassette_OfARecordThatIsNotWhole_SaysWhatIsMissing()
    {
        var record = TraceRecords.Of("a");
        var cut = new TraceMessage("""{"role":"user","parts":[{"type":"text","content":"x","llmkit.truncated":{"original_chars":9}}]}"""u8.ToArray());

        Assert.That(() => (record with { Input = [] }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("TraceStoreOptions.Content"));
        Assert.That(() => (record with { Output = [] }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("no answer"));
        Assert.That(() => (record with { DroppedMessages = 1 }).ToCassette(), Throws.InvalidOperationException.With.Message.Contains("too large"));
        Assert.That(() => (record with { Instructions = cut }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("was cut"));
        Assert.That(() => (record with { LacksTexts = true }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("is lost"));
        Assert.That(() => (record with { Input = [new("""{"role":"tool","parts":[{"type":"tool_call_response","response":"abc… [cut, 99 characters]"}]}"""u8.ToArray())] }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("a tool was cut"));
        Assert.That(() => (record with { Input = [cut] }).ToFrozenCall(), Throws.InvalidOperationException.With.Message.Contains("was cut"));
    }

    private static BudgetRig Rig() => new(builder => builder
        .AddPriced("model", new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number + 1}"))).WithTraces(options => options.Content = true).UseTracing());

    private async Task<(TraceRecord Trace, LlmCallOptions Options)> TraceAsync(BudgetRig rig)
    {
        var options = BudgetRig.Call();
        (options.Instructions, options.Temperature, options.StopSequences, options.ResponseFormat) = ("Be brief.", 0.5f, ["END"], ChatResponseFormat.Json);
        var outcome = await Outcome.OfAsync(rig.Chat, streamed, options, "what now?");
        return ((await rig.Services.GetRequiredService<LlmTraces>().GetAsync(outcome.Call!.Id))!, options);
    }
}
