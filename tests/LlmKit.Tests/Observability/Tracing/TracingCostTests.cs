using System.Diagnostics;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Tracing;

public class TracingCostTests
{
    private static readonly ModelPrice Price = new(inputPerMillion: 1m, outputPerMillion: 10m, cachedInputPerMillion: 0.5m, cacheWritePerMillion: 2m);

    [Test]
    public async Task Call_OpenInference_TellsWhatThePromptsCostIsMadeOf([Values] bool streamed, [Values] bool cached)
    {
        using var recorder = new TelemetryRecorder();
        var traced = new TracedPipeline { Price = Price, Options = options => options.CostAliases = CostAliases.OpenInference };
        var answer = ScriptedAnswer.Text("hi") with { Usage = new() { InputTokenCount = 100, OutputTokenCount = 3, CachedInputTokenCount = cached ? 40 : 0, AdditionalCounts = cached ? new() { [TokenUsage.CacheWriteKey] = 10 } : null } };

        await traced.AskAsync(traced.Build(alone: false, answer), streamed);

        var span = recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name);
        Assert.That(Costs(span), cached
            ? Is.EquivalentTo(new Dictionary<string, decimal> { ["llm.cost.prompt"] = 90, ["llm.cost.prompt_details.input"] = 50, ["llm.cost.prompt_details.cache_read"] = 20, ["llm.cost.prompt_details.cache_write"] = 20, ["llm.cost.completion"] = 30, ["llm.cost.total"] = 120 })
            : Is.EquivalentTo(new Dictionary<string, decimal> { ["llm.cost.prompt"] = 100, ["llm.cost.prompt_details.input"] = 100, ["llm.cost.completion"] = 30, ["llm.cost.total"] = 130 }));
        Assert.That((double)span.GetTagItem(LlmKitDiagnostics.CostInputTag)!, Is.EqualTo(cached ? 0.00007 : 0.0001).Within(1e-12));
    }

    [Test]
    public async Task Call_AttemptsAtSeveralPrices_TellsAllTheirVersions([Values] bool streamed)
    {
        using var recorder = new TelemetryRecorder();
        var failure = new IOException("cut");
        var dear = new ModelPrice(inputPerMillion: 3m, outputPerMillion: 30m);
        var broken = new ScriptedChatClient(ScriptedAnswer.Text("a", "b") with { Failure = failure, FailAfterChunks = 0 });
        var traced = new TracedPipeline
        {
            Price = Price,
            Stages = builder => builder.AddModel("dear", broken, options => options.Price = dear).UseRouter(static router => router.Priority("dear", "small")),
        };

        await traced.AskAsync(traced.Build(alone: false, ScriptedAnswer.Text("hi")), streamed);

        Assert.That(recorder.Chat(LlmKitDiagnostics.FeatureTag, traced.Name).GetTagItem(LlmKitDiagnostics.CostPriceVersionTag), Is.EqualTo($"{dear.Version},{Price.Version}"));
    }

    /// <summary>Gives what stands under OpenInference's names, in millionths of a dollar.</summary>
    private static Dictionary<string, decimal> Costs(Activity span) => span.TagObjects
        .Where(tag => tag.Key.StartsWith("llm.cost.", StringComparison.Ordinal))
        .ToDictionary(tag => tag.Key, tag => Math.Round((decimal)(double)tag.Value! * 1_000_000, 6));
}
