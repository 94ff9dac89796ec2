using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Models;

namespace LlmKit.Benchmarks.Tokens;

/// <summary>What does it cost to know how many tokens a request has?</summary>
public class EstimateBenchmark : StageBenchmark
{
    private static readonly string English = string.Concat(Conversation.Messages.Select(message => message.Text));
    private static readonly string Mixed = string.Join('\n', TokenCorpus.Texts.Where((_, i) => i % 15 == 0).Select(text => text.Text))[..1_024];
    private static readonly string Thai = string.Concat(TokenCorpus.Of("thai").Select(text => text.Text));

    private readonly Model _model = new("model", new(), entry: null, provider: null, clientModelId: null);
    private readonly RequestFacts _request = new(Conversation.Messages, Conversation.Options);

    [Benchmark(Description = "worst case of 1,024 English characters, on every call"), BenchmarkCategory(Plain)]
    public int WorstCase() => TokenEstimator.WorstCase(English);

    [Benchmark(Description = "worst case of 1,024 characters of code, JSON and languages"), BenchmarkCategory(Plain)]
    public int WorstCaseMixed() => TokenEstimator.WorstCase(Mixed);

    [Benchmark(Description = "worst case of 300 Thai characters"), BenchmarkCategory(Plain)]
    public int WorstCaseThai() => TokenEstimator.WorstCase(Thai);

    [Benchmark(Description = "estimate of 1,024 English characters, when somebody asks"), BenchmarkCategory(Plain)]
    public int Estimate() => TokenEstimator.Estimate(English);

    [Benchmark(Description = "estimate of 1,024 characters of code, JSON and languages"), BenchmarkCategory(Plain)]
    public int EstimateMixed() => TokenEstimator.Estimate(Mixed);

    [Benchmark(Description = "learn from a report, one call in 128 with a scan"), BenchmarkCategory(Plain)]
    public void Teach() => _request.Teach(_model, call: null, 240);
}
