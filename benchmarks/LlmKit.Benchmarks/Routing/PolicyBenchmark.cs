using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Orchestration.Routing.Learning;
using LlmKit.Orchestration.Routing.Policies;

namespace LlmKit.Benchmarks.Routing;

/// <summary>What does a decision among four models cost, for a prompt of 1,024 characters that nobody has read yet?</summary>
/// <remarks>Each is made for a request of its own, as a router makes it; the row of the request alone is what all have in common. Shorter than others: the rows are many and small.</remarks>
[WarmupCount(10)]
[IterationCount(6)]
[IterationTime(40)]
public class PolicyBenchmark : StageBenchmark
{
    private const int PromptLength = 1_024;
    private const double Chance = 0.5;

    private static readonly (string, double)[] Weights = [(RememberingPolicy.Models[0], 0.4), (RememberingPolicy.Models[1], 0.3), (RememberingPolicy.Models[2], 0.2), (RememberingPolicy.Models[3], 0.1)];

    private readonly RoutingPrompts _prompts = new();
    private readonly RoutingRequest _seen;
    private readonly RoutingPolicy _priority = RoutingPolicies.Priority(RememberingPolicy.Models);
    private readonly RoutingPolicy _weighted = RoutingPolicies.Weighted(Weights);
    private readonly RoutingPolicy _roundRobin = RoutingPolicies.RoundRobin();
    private readonly RoutingPolicy _sticky = RoutingPolicies.Sticky(key: null, Weights);
    private readonly RoutingPolicy _leastBusy = RoutingPolicies.LeastBusy();
    private readonly RoutingPolicy _leastLatency = RoutingPolicies.LeastLatency();
    private readonly RoutingPolicy _leastCost = RoutingPolicies.LeastCost();
    private readonly RoutingPolicy _length = RoutingPolicies.Length(Pipelines.Model, Pipelines.OtherModel, threshold: 600);
    private readonly RoutingPolicy _complexity = RoutingPolicies.Complexity(Pipelines.Model, Pipelines.OtherModel, threshold: 0.4);
    private readonly RoutingPolicy _when;
    private readonly RoutingPolicy _exploring;
    private readonly RoutingPolicy _callSite;
    private readonly RoutingPolicy _learned;

    public PolicyBenchmark()
    {
        const int examples = 400;
        const double threshold = 0.1;
        _seen = RememberingPolicy.Request(_prompts.Next(PromptLength));
        _when = RoutingPolicies.When(static request => request.Tenant == "other", _weighted, _priority);
        _exploring = _weighted.Exploring();
        RoutingExample[] known = [.. _prompts.Examples(examples, length: 300).Select(example => example with { CallSite = Conversation.Options.Feature })];
        _callSite = RoutingPolicies.CallSite(Pipelines.Model, Pipelines.OtherModel, CallSiteGains.Fit(known), threshold);
        _learned = RoutingPolicies.Learned(GainModel.FitPrompts(known), Pipelines.Model, Pipelines.OtherModel, threshold);
    }

    [Benchmark(Description = "the request alone"), BenchmarkCategory(Plain)]
    public RoutingRequest Request() => _seen.WithChance(Chance);

    [Benchmark(Description = "priority"), BenchmarkCategory(Plain)]
    public string Priority() => Choose(_priority);

    [Benchmark(Description = "weighted"), BenchmarkCategory(Plain)]
    public string Weighted() => Choose(_weighted);

    [Benchmark(Description = "round robin"), BenchmarkCategory(Plain)]
    public string RoundRobin() => Choose(_roundRobin);

    [Benchmark(Description = "sticky by user"), BenchmarkCategory(Plain)]
    public string Sticky() => Choose(_sticky);

    [Benchmark(Description = "least busy"), BenchmarkCategory(Plain)]
    public string LeastBusy() => Choose(_leastBusy);

    [Benchmark(Description = "least latency"), BenchmarkCategory(Plain)]
    public string LeastLatency() => Choose(_leastLatency);

    [Benchmark(Description = "least cost, once the request's tokens are estimated"), BenchmarkCategory(Plain)]
    public string LeastCost() => Choose(_leastCost);

    [Benchmark(Description = "length"), BenchmarkCategory(Plain)]
    public string Length() => Choose(_length);

    [Benchmark(Description = "complexity"), BenchmarkCategory(Plain)]
    public string Complexity() => Choose(_complexity);

    [Benchmark(Description = "call site"), BenchmarkCategory(Plain)]
    public string CallSite() => Choose(_callSite);

    [Benchmark(Description = "priority under a condition"), BenchmarkCategory(Plain)]
    public string When() => Choose(_when);

    [Benchmark(Description = "weighted, exploring"), BenchmarkCategory(Plain)]
    public string Exploring() => Choose(_exploring);

    [Benchmark(Description = "learned"), BenchmarkCategory(Plain)]
    public string Learned() => Choose(_learned);

    private string Choose(RoutingPolicy policy) => policy.Choose(Request()).Model;
}
