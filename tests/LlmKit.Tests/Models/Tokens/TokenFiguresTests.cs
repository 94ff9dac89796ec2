using LlmKit.Benchmarks.Tokens;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Tokens;

/// <summary>The figures that are promised, held on texts whose real tokens are known.</summary>
public sealed class TokenFiguresTests
{
    private const double MostMedianError = 0.05;
    private const double MostUnderReserved = 0.01;

    private static IEnumerable<TestCaseData> Workloads() =>
        from workload in TokenWorkload.All
        from tokenizer in Enum.GetNames<Tokenizer>()
        select new TestCaseData(workload.Name, tokenizer);

    [TestCaseSource(nameof(Workloads))]
    public void Estimates_OfAnApplicationsCalls_AreNearAndSafe(string workload, string tokenizer)
    {
        var trial = TokenTrial.Run(TokenWorkload.All.Single(known => known.Name == workload), Enum.Parse<Tokenizer>(tokenizer), calls: 600, 11, 12);

        Assert.That(trial.Corrected, Is.LessThan(MostMedianError));
        Assert.That(trial.UnderReserved, Is.LessThan(MostUnderReserved));
        Assert.That(trial.Reserved, Is.LessThan(3));
    }

    [Test]
    public void Estimate_OfTheSingleTexts_IsNearUncorrected()
    {
        var errors = TokenCorpus.Texts.Select(text => Math.Abs(TokenEstimator.Estimate(text.Text) / (double)text.O200k - 1)).Order().ToList();

        Assert.That(errors[errors.Count / 2], Is.LessThan(0.06));
        Assert.That(errors[^1], Is.LessThan(0.35));
    }

    [Test]
    public async Task Ask_ProviderThatOftenReportsNothing_IsChargedWhatItWouldHaveReported([Values] bool streamed, [Values(0, 2)] int mix)
    {
        var model = new ReportingChatClient();
        var ledger = new RecordingLedger();
        using var host = PipelineHost.For(model, builder => builder.UseLedger(ledger), options => options.Price = new(1_000_000, 0));
        var errors = new List<double>();
        var under = 0;
        foreach (var (i, call) in TokenWorkload.All[mix].Calls(Tokenizer.Claude, seed: 21, count: 500).Index())
        {
            var isSilent = i >= TokenTrial.FirstCalls && i % 2 == 0;
            model.Reported = isSilent ? null : call.Tokens;

            var charged = await ChargedAsync(host.Chat, call, streamed);

            if (isSilent)
                errors.Add(Math.Abs(charged / (double)call.Tokens - 1));
            under += ledger.Holds[^1].Reserved < call.Tokens ? 1 : 0;
        }

        errors.Sort();
        Assert.That(errors[errors.Count / 2], Is.LessThan(MostMedianError));
        Assert.That(under, Is.LessThanOrEqualTo(5));
    }

    private static async Task<long> ChargedAsync(IChatClient chat, WorkloadCall call, bool streamed)
    {
        var options = call.Options?.Clone() ?? new();
        options.MaxOutputTokens = 16;
        if (!streamed)
            return (await chat.GetResponseAsync(call.Messages, options)).GetCall().Usage.Input;
        var updates = await chat.GetStreamingResponseAsync(call.Messages, options).ToListAsync();
        return updates[^1].GetCall()!.Usage.Input;
    }

    /// <summary>Answers with a word and reports the input tokens that it is told to, or nothing.</summary>
    private sealed class ReportingChatClient() : DelegatingChatClient(new ScriptedChatClient(ScriptedAnswer.Text("Paris")))
    {
        public long? Reported { get; set; }

        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Paris")) { FinishReason = ChatFinishReason.Stop, Usage = Usage() });

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            new[]
            {
                new ChatResponseUpdate(ChatRole.Assistant, "Paris"),
                new ChatResponseUpdate(ChatRole.Assistant, Usage() is { } usage ? [new UsageContent(usage)] : []) { FinishReason = ChatFinishReason.Stop },
            }.ToAsyncEnumerable();

        private UsageDetails? Usage() => Reported is { } tokens ? new() { InputTokenCount = tokens, OutputTokenCount = 1 } : null;
    }
}
