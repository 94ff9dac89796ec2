using LlmKit.Control.Budgets;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Conformance;

/// <summary>Every stage, by name, around an inner client: add yours here.</summary>
internal static class Stages
{
    public static IEnumerable<TestCaseData> All
    {
        get
        {
            yield return Case("the root", Pipeline(_ => { }));
            yield return Case("the root under a deadline and a cost", Pipeline(builder => builder.WithConstraints(constraints =>
            {
                constraints.Latency = TimeSpan.FromHours(1);
                constraints.CostPerCall = 1;
            })));
            yield return Case("the root with a ledger", Pipeline(builder => builder.UseLedger(new RecordingLedger())));
            yield return Case("the root with a router", Pipeline(builder => builder.UseOrder()));
            yield return Case("the root with stages of every kind", Pipeline(builder => builder.UseGreeting().UseOrder().UseGreeting().Use(inner => inner)));
            yield return Case("tracing", Pipeline(builder => builder.UseTracing()));
            yield return Case("tracing alone", LlmStages.Tracing());
            yield return Case("guardrails", Pipeline(builder => builder.UseGuardrails(rules => rules.RedactPersonalData().RedactSecrets().BlockPromptInjection())));
            yield return Case("guardrails of every kind", Pipeline(builder => builder.UseGuardrails(rules => rules
                .RedactPersonalData(style: LlmKit.Text.RedactionStyle.Placeholder).RedactSecrets().RemoveHiddenText().RemoveExfiltration()
                .BlockPromptInjection(Rail.Input).RemovePromptInjection().BlockPromptLeak().Spotlight().DenyTerms("dynamite").DenyTopic("law", 2, "court", "judge")
                .LimitTools(tools => tools.OnlyDeclared = false).Observed(trial => trial.FlagPromptInjection(Rail.Input)).ForFeature("letters", own => own.DenyTerms("falcon")))));
            yield return Case("guardrails with guards beside", Pipeline(builder => builder.UseGuardrails(rules => rules
                .AddGuard(Rail.Input, Allowing(), guard => guard.BesideModel = true).AddGuard(Rail.Output, Allowing(), guard => guard.Streaming = GuardStreaming.Beside))));
            yield return Case("guardrails alone", LlmStages.Guardrails(rules => rules.RedactPersonalData()));
            yield return Case("a budget", Pipeline(builder => builder.UseBudget(options => options.PerCall("call", 1))));
            yield return Case("rate limits", Pipeline(builder => builder.UseRateLimits(limits => limits.Global("all", requests: 1_000_000, tokens: 1_000_000_000, concurrent: 1_000_000))));
            yield return Case("rate limits alone", LlmStages.RateLimits(limits => limits.Global("all", requests: 1_000_000, tokens: 1_000_000_000, concurrent: 1_000_000)));
            yield return Case("a model with limits", LlmStages.Model("model", options => options.Limits.RequestsPerMinute = 1_000_000));
            yield return Case("a cache", Pipeline(builder => builder.UseSemanticCache()));
            yield return Case("a cache alone", LlmStages.SemanticCache());
            yield return Case("idempotency", Pipeline(builder => builder.UseIdempotency()));
            yield return Case("idempotency that joins equal calls", Pipeline(builder => builder.UseIdempotency(options => options.Coalesce = true)));
            yield return Case("idempotency alone", LlmStages.Idempotency());
            yield return Case("a router", Pipeline(builder => builder.UseRouter()));
            yield return Case("a router alone", (inner, _) => Routers.Alone(("model", inner)));
            yield return Case("a router as a stage", LlmStages.Router("model", []));
            yield return Case("a budget alone", (inner, _) => new BudgetGuardChatClient(Routers.Metered("model", inner), new BudgetOptions().Global("all", 1_000_000_000, BudgetWindow.Lifetime)));
            yield return Case("resilience", Pipeline(builder => builder.UseResilience()));
            yield return Case("resilience alone", LlmStages.Resilience());
            yield return Case("hedging", Pipeline(builder => builder.UseHedging(options => options.Delay = TimeSpan.FromHours(1))));
            yield return Case("hedging alone", LlmStages.Hedging(options => options.Delay = TimeSpan.FromHours(1)));
            yield return Case("a router that hedges", Pipeline(builder => builder.UseRouter(router => router.Hedge(hedging => hedging.Delay = TimeSpan.FromHours(1)))));
            yield return Case("the recommended stack", Pipeline(builder => builder.UseStandardStages(budget => budget.PerCall("call", 1))));
            yield return Case("a stage alone", TestStages.Greeting().ToFactory());
            yield return Case("a stage that passes everything on", TestStages.Passing("passing").ToFactory());
        }
    }

    private static DelegateGuard Allowing() => new("allowing", (_, _) => new(GuardVerdict.Allow));

    /// <summary>A pipeline with stages, around one priced model.</summary>
    private static Func<IChatClient, IServiceProvider, IChatClient> Pipeline(Action<LlmPipelineBuilder> stages) => (inner, _) =>
    {
        var services = new ServiceCollection();
        stages(services.AddLlmPipeline().AddModel("model", _ => inner, options => options.Price = new(1, 2)));
        return services.BuildServiceProvider().GetRequiredService<IChatClient>();
    };

    private static TestCaseData Case(string name, Func<IChatClient, IServiceProvider, IChatClient> stage) =>
        new TestCaseData((Func<IChatClient, IChatClient>)(inner => stage(inner, null!))).SetArgDisplayNames(name);
}
