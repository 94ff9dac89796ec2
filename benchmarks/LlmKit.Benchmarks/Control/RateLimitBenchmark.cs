using BenchmarkDotNet.Attributes;
using LlmKit.Benchmarks.Inputs;
using LlmKit.Internal.RateLimiting;
using LlmKit.Internal.RateLimiting.Accounts;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Control;

/// <summary>What does it cost to hold calls to rate limits?</summary>
public class RateLimitBenchmark : StageBenchmark
{
    private const long Ample = 10_000_000_000;
    private const int Tasks = 16;
    private const int PerTask = 4_096;

    private static readonly RateCharge[] One = [Charge("tenants", RateLimitScope.Tenant, "acme")];
    private static readonly RateCharge[] Three =
    [
        Charge("all", RateLimitScope.Global, ""),
        Charge("tenants", RateLimitScope.Tenant, "acme"),
        Charge("users", RateLimitScope.User, "acme\u001fu42"),
    ];

    private readonly RateLimiter _limiter = new(TimeProvider.System);
    private readonly IChatClient _noStage = Pipelines.Build();
    private readonly IChatClient _stage = Pipelines.Build(pipeline => pipeline.UseRateLimits(limits => limits.PerTenant("tenants", requests: Ample, tokens: Ample, concurrent: Ample)));
    private readonly IChatClient _longStage = Pipelines.Build(pipeline => pipeline.UseRateLimits(limits => limits.PerTenant("tenants", requests: Ample, tokens: Ample, concurrent: Ample)), updates: 200);

    [Benchmark(Description = "acquire and release: requests, tokens and calls at once of one tenant"), BenchmarkCategory(Plain)]
    public void Acquire() => AcquireAndSettle(One);

    [Benchmark(Description = "the same of a user, of a tenant and of all together"), BenchmarkCategory(Plain)]
    public void AcquireThree() => AcquireAndSettle(Three);

    [Benchmark(Description = "the same of one tenant by 16 tasks at once, processor time of all cores", OperationsPerInvoke = Tasks * PerTask), BenchmarkCategory(Plain)]
    public void Hot() => Parallel.For(0, Tasks, _ =>
    {
        for (var i = 0; i < PerTask; i++)
            AcquireAndSettle(One);
    });

    [Benchmark(Description = "a pipeline without limits"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> NoStage() => Ask(_noStage);

    [Benchmark(Description = "a pipeline with limits for each tenant"), BenchmarkCategory(Plain)]
    public Task<ChatResponse> Stage() => Ask(_stage);

    [Benchmark(Description = "a pipeline with limits for each tenant, 100 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> StageStreamed() => ReadAsync(_stage);

    [Benchmark(Description = "a pipeline with limits for each tenant, 200 updates"), BenchmarkCategory(Streamed)]
    public ValueTask<int> StageStreamed200() => ReadAsync(_longStage);

    private static RateCharge Charge(string name, RateLimitScope scope, string value)
    {
        var rule = new RateRule(name, scope, new(Ample, null, null, Ample, Ample));
        return new(rule, rule.AccountOf(value));
    }

    private void AcquireAndSettle(RateCharge[] charges) => _limiter.Acquire(new(charges, new(10, 10))).Permit!.Settle(new(8, 2));
}
