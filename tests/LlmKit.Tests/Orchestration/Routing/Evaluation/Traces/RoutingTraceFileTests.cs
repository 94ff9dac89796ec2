using System.Text;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Evaluation.Traces;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Evaluation.Traces;

public sealed class RoutingTraceFileTests
{
    private static readonly RoutingTrace s_trace = new()
    {
        Id = "c.1",
        CallId = "c",
        Time = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Policy = "learned",
        PolicyVersion = "ab@0.1",
        Candidates = ["weak", "strong"],
        Model = "strong",
        Reason = "explore",
        Score = double.PositiveInfinity,
        Threshold = 0.1,
        Propensity = 0.05,
        Feature = "search",
        PromptHash = "00",
        PromptLength = 4,
        Prompt = "a\nb\u2028",
        AnsweredBy = "strong",
        IsAnswer = true,
        Status = CallStatus.Completed,
        Failure = ModelFailureKind.Timeout,
        Attempts = 2,
        InputTokens = 10,
        OutputTokens = 20,
        Cost = 0.000_000_12m,
        Seconds = 1.5,
        Outcome = new(1, "good"),
        Shadows = new Dictionary<string, ShadowOutcome> { ["weak"] = new(0, 0.1m) },
    };

    private readonly string _path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"traces-{Guid.NewGuid():N}.jsonl");

    [TearDown]
    public void Delete() => File.Delete(_path);

    [Test]
    public void Read_WhatWasWritten_IsTheSame()
    {
        RoutingTraceFile.Append(_path, [s_trace]);
        RoutingTraceFile.Append(_path, [s_trace with { Id = "d.1", Outcome = null, Shadows = null }]);

        var reading = RoutingTraceFile.Read(_path);

        Assert.That(reading.Torn, Is.Empty);
        Assert.That(reading.Traces, Has.Count.EqualTo(2));
        Assert.That(reading.Traces[0].Candidates, Is.EqualTo(s_trace.Candidates));
        Assert.That(reading.Traces[0].Shadows, Is.EqualTo(s_trace.Shadows));
        Assert.That(reading.Traces[0] with { Candidates = s_trace.Candidates, Shadows = s_trace.Shadows }, Is.EqualTo(s_trace));
        Assert.That((reading.Traces[1].Id, reading.Traces[1].Outcome), Is.EqualTo(("d.1", (RoutingOutcome?)null)));
    }

    [Test]
    public void Append_AfterATornLine_LosesThatLineAlone()
    {
        RoutingTraceFile.Append(_path, [s_trace]);
        var whole = File.ReadAllBytes(_path);
        File.WriteAllBytes(_path, [.. whole, .. whole[..^40]]);

        Assert.That(RoutingTraceFile.Read(_path), Has.Property("Torn").EqualTo(new[] { 2 }).And.Property("Traces").Count.EqualTo(1));
        RoutingTraceFile.Append(_path, [s_trace]);

        Assert.That(RoutingTraceFile.Read(_path), Has.Property("Torn").EqualTo(new[] { 2 }).And.Property("Traces").Count.EqualTo(2));
    }

    [Test]
    public void Read_LateOutcomes_AreJoinedAndTheLastOneCounts()
    {
        RoutingTraceFile.Append(_path, [Late("c", 0.1)]);
        RoutingTraceFile.Append(_path, [s_trace with { Id = "c.1", IsAnswer = false, Outcome = null }, s_trace with { Id = "c.2" }, s_trace with { Id = "d.1", CallId = "d", Outcome = null }]);
        RoutingTraceFile.Append(_path, [Late("c.1", 0.2), Late("c", 0.3), Late("nobody", 1), Late("c.7", 1), Late("d.1", 0.4), Late("c.2", 0.5)]);

        var reading = RoutingTraceFile.Read(_path);

        Assert.That(reading.Traces.Select(trace => trace.Outcome!.Score), Is.EqualTo([0.2, 0.5, 0.4]));
        Assert.That(reading.Traces[1].Outcome, Is.EqualTo(new RoutingOutcome(0.5, "late", "judge")));
        Assert.That((reading.Late, reading.Duplicates, reading.Unknown, reading.Torn.Count), Is.EqualTo((5, 3, 2, 0)));
    }

    [Test]
    public void Read_LateOutcomesOfSeveralProcesses_CountByTheirTime()
    {
        RoutingTraceFile.Append(_path, [Late("c", 0.5) with { Time = DateTimeOffset.UnixEpoch.AddDays(2) }, Late("c", 0.1) with { Time = DateTimeOffset.UnixEpoch }]);
        RoutingTraceFile.Append(_path, [s_trace]);

        var reading = RoutingTraceFile.Read(_path);

        Assert.That((reading.Traces.Single().Outcome!.Score, reading.Late, reading.Duplicates), Is.EqualTo((0.5, 2, 2)));
    }

    [TestCase("judge", false)]
    [TestCase(RoutingOutcome.User, true)]
    public void Read_ALateOutcome_HasNoShadowsOfAnotherSource(string source, bool hasShadows)
    {
        RoutingTraceFile.Append(_path, [s_trace]);
        RoutingTraceFile.Append(_path, [Late("c", 0.5) with { Outcome = new(0.5, Source: source) }]);

        Assert.That(RoutingTraceFile.Read(_path).Traces.Single().Shadows, hasShadows ? Is.EqualTo(s_trace.Shadows) : Is.Null);
    }

    [Test]
    public void Write_WhetherADecisionWasForced_IsInTheFileOnlyWhereItWas()
    {
        RoutingTraceFile.Append(_path, [s_trace, s_trace with { Id = "c.2", IsForced = true }]);

        Assert.That(File.ReadAllLines(_path).Select(line => line.Contains("\"isForced\":true", StringComparison.Ordinal)), Is.EqualTo(new[] { false, true }));
        Assert.That(File.ReadAllText(_path), Does.Not.Contain("\"isForced\":false"));
        Assert.That(RoutingTraceFile.Read(_path).Traces.Select(trace => trace.IsForced), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void Read_ALateOutcomeOfACallThatNobodyAnswered_IsUnknown()
    {
        RoutingTraceFile.Append(_path, [s_trace with { IsAnswer = false, Outcome = null }]);
        RoutingTraceFile.Append(_path, [Late("c", 1)]);

        var reading = RoutingTraceFile.Read(_path);

        Assert.That((reading.Traces[0].Outcome, reading.Late, reading.Unknown), Is.EqualTo(((RoutingOutcome?)null, 0, 1)));
    }

    [Test]
    public void Read_ATornLateOutcomeOrOneOfALaterForm_IsAsATrace()
    {
        RoutingTraceFile.Append(_path, [Late("c", 1)]);
        File.AppendAllText(_path, "{\"of\":\"c\"}\n{\"of\":\"c\",\"time\":\"2026-01-02T00:00:00Z\",\"outcome\":null}\n");

        Assert.That(RoutingTraceFile.Read(_path), Has.Property("Torn").EqualTo(new[] { 2, 3 }).And.Property("Unknown").EqualTo(1));
        RoutingTraceFile.Append(_path, [Late("c", 1) with { FormatVersion = 2 }]);
        Assert.That(() => RoutingTraceFile.Read(_path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("Line 4"));
    }

    [Test]
    public void Read_ALaterForm_IsRefused()
    {
        RoutingTraceFile.Append(_path, [s_trace with { FormatVersion = 2 }]);

        Assert.That(() => RoutingTraceFile.Read(_path), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("Line 1").And.Message.Contains("'2'"));
    }

    [Test]
    public void Read_SomethingElse_IsReported()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes("{}\n\nnull\n[1]\nno json"));

        var reading = RoutingTraceFile.Read(stream);

        Assert.That((reading.Traces.Count, string.Join(",", reading.Torn)), Is.EqualTo((0, "1,3,4,5")));
    }

    [TestCase("\"candidates\":[\"weak\",\"strong\"]", "\"candidates\":null")]
    [TestCase("\"candidates\":[\"weak\",\"strong\"]", "\"candidates\":[null]")]
    [TestCase("\"callId\":\"c\"", "\"callId\":null")]
    [TestCase("\"shadows\":{\"weak\":{\"score\":0,\"cost\":0.1}}", "\"shadows\":{\"weak\":null}")]
    public void Read_NullWhereSomethingMustStand_IsReported(string written, string edited)
    {
        using var good = new MemoryStream();
        RoutingTraceFile.Write(good, [s_trace]);
        var line = Encoding.UTF8.GetString(good.ToArray());
        Assert.That(line, Does.Contain(written));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(line.Replace(written, edited, StringComparison.Ordinal)));

        var reading = RoutingTraceFile.Read(stream);

        Assert.That((reading.Traces.Count, string.Join(",", reading.Torn)), Is.EqualTo((0, "1")));
    }

    [Test]
    public void ToString_ATrace_HoldsNoPrompt() => Assert.That(s_trace.ToString(), Is.EqualTo("c.1: learned/ab@0.1 chose strong"));

    private static LateOutcome Late(string of, double score) => new(of, new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), new(score, "late", "judge"));
}
