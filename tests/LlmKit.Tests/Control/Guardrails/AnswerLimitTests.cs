using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

[TestFixture(false)]
[TestFixture(true)]
public sealed class AnswerLimitTests(bool streamed)
{
    private static readonly string[] Loop = [.. Enumerable.Repeat("and so on and ", 400)];

    [Test]
    public async Task Ask_AnAnswerThatIsTooLong_IsCutThere()
    {
        using var rig = new GuardrailRig(rules => rules.MostAnswerLength = 12, ScriptedAnswer.Text("one two ", "three four ", "five six"));

        var (response, call) = await rig.AskAsync(streamed, "Count");

        Assert.That(response.Text, Is.EqualTo("one two thre"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
        Assert.That(call.Marks.HasFlag(AnswerMarks.Truncated));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Rule, Is.EqualTo("answer-length"));
        Assert.That(rig.Model.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task Ask_AnAnswerThatEndsAtTheLimit_IsNotCut()
    {
        using var rig = new GuardrailRig(rules => rules.MostAnswerLength = 8, ScriptedAnswer.Text("one ", "two."));

        var (response, _) = await rig.AskAsync(streamed, "Count");

        Assert.That((response.Text, response.FinishReason), Is.EqualTo(("one two.", ChatFinishReason.Stop)));
    }

    [Test]
    public async Task Ask_AnAnswerThatRunsInCircles_IsCut()
    {
        using var rig = new GuardrailRig(rules => rules.MostRepetition = 200, ScriptedAnswer.Text(["It began, ", .. Loop]));

        var (response, call) = await rig.AskAsync(streamed, "Tell me");

        Assert.That(response.Text, Has.Length.InRange(200, 400));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Rule, Is.EqualTo("answer-repetition"));
    }

    [Test]
    public async Task Ask_AnAnswerOfPlainProse_IsNoCircle()
    {
        var prose = Enumerable.Range(0, 400).Select(number => $"Row {number} has {number * 7 % 31} parts and {number * 3 % 17} screws. ").ToArray();
        using var rig = new GuardrailRig(rules => rules.MostRepetition = 200, ScriptedAnswer.Text(prose));

        var (response, _) = await rig.AskAsync(streamed, "Tell me");

        Assert.That(response.Text, Is.EqualTo(string.Concat(prose)));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(64)]
    [TestCase(1000)]
    public void EndOfSense_HoweverTheTextIsCut_IsTheSame(int piece)
    {
        var text = "It began, " + string.Concat(Loop);
        var watch = new RepetitionWatch(200);
        var end = -1;

        for (var at = 0; at < text.Length && end < 0; at += piece)
        {
            if (watch.EndOfSense(text.AsSpan(at, Math.Min(piece, text.Length - at))) is { } index)
                end = at + index;
        }

        Assert.That(end, Is.EqualTo(new RepetitionWatch(200).EndOfSense(text)));
    }

    [Test]
    public async Task Ask_ARequestThatIsTooLong_IsBlocked()
    {
        using var rig = new GuardrailRig(rules => rules.MostRequestLength = 10);

        var (response, _) = await rig.AskAsync(streamed, "This is longer than that.");

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(rig.Model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_ATopicInTheRequest_IsBlockedWhenEnoughOfItWasSaid()
    {
        using var rig = new GuardrailRig(rules => rules.DenyTopic("medicine", 2, "dose", "tablet", "ibuprofen"));

        var (one, _) = await rig.AskAsync(streamed, "A dose, a dose, a dose of humour.");
        var (two, call) = await rig.AskAsync(streamed, "Which dose of Ibuprofen?");

        Assert.That(one.Text, Is.EqualTo("Fine."));
        Assert.That(two.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single().Rule, Is.EqualTo("medicine"));
    }

    [Test]
    public async Task Ask_ATopicInTheAnswer_IsBlocked()
    {
        using var rig = new GuardrailRig(rules => rules.DenyTopic("medicine", 2, "dose", "tablet", "ibuprofen"), ScriptedAnswer.Text("Take a do", "se of ibu", "profen now."));

        var (response, _) = await rig.AskAsync(streamed, "What helps?");

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(response.Text, Does.Not.Contain("profen"));
    }

    [Test]
    public async Task Ask_ATopicThatIsOnlyFlagged_IsOnRecord()
    {
        using var rig = new GuardrailRig(rules => rules.FlagTopic("medicine", 1, "ibuprofen"), ScriptedAnswer.Text("ibuprofen"));

        var (response, call) = await rig.AskAsync(streamed, "What helps?");

        Assert.That(response.Text, Is.EqualTo("ibuprofen"));
        Assert.That(call.Steps.OfType<GuardrailStep>().Single(), Has.Property("Verdict").EqualTo(RailVerdict.Flag).And.Property("Rail").EqualTo(Rail.Output));
    }
}
