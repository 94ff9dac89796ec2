using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

/// <summary>Wrong settings of every stage of the recommended stack: the build names them, and a reload with one of them changes nothing.</summary>
public sealed class InvalidConfigurationTests
{
    private static readonly string[] Wrong =
    [
        "Constraints:Latency=-00:00:01", "Constraints:Latency=soon", "Constraints:CostPerCall=-1", "Constraints:CostPerCall=NaN", "Constraints:CostPerCall=1e400", "Constraints:CostPerCall=100000000000000000000",
        "Models:model:InputPerMillion=-1", "Models:model:InputPerMillion=1,5", "Models:model:CachedInputPerMillion=-2", "Models:model:ContextWindow=0", "Models:model:MaxOutputTokens=-3", "Models:model:CatalogueId=nobody", "Models:nobody:Region=nobody",
        "Budget:Limits:all:Amount=-5", "Budget:Limits:all:Amount=NaN", "Budget:Limits:all:Scope=Galaxy", "Budget:Limits:all:Window=Hourly", "Budget:Limits:all:Overrides:acme=7", "Budget:LedgerTimeout=00:00:00", "Budget:LedgerTimeout=99999999999", "Budget:MissingIdentity=Maybe", "Budget:WhenLedgerFails=Shrug",
        "SemanticCache:MinSimilarity=1.7", "SemanticCache:MinSimilarity=-0.1", "SemanticCache:MinSimilarity=NaN", "SemanticCache:MaxEntries=-1", "SemanticCache:TimeToLive=-01:00:00", "SemanticCache:EmbeddingTimeout=00:00:00", "SemanticCache:SharedBy=Nobody", "SemanticCache:MaxTemperature=-1",
        "Router:Models:0=nobody", "Router:Weights:model=-1", "Router:Weights:model=NaN", "Router:Strategy=Lottery", "Router:FeatureModels:triage:0=nobody", "Router:AllowedModels:acme:0=nobody", "Router:FallbackOn:0=BadMood", "Router:MissingIdentity=Maybe",
        "Resilience:MaxRetries=-1", "Resilience:FailureRatio=1.5", "Resilience:FailureRatio=NaN", "Resilience:BaseDelay=-00:00:01", "Resilience:AttemptTimeout=00:00:00", "Resilience:BreakDuration=00:00:00",
        "Guardrails:MaxHoldback=-4", "Guardrails:WhenBlocked=Shrug", "Guardrails:DeniedTerms:0= ",
        "Tracing:MaxTextLength=-1", "Tracing:MaxModelNames=-1",
    ];

    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));
    private readonly RememberingLogs _logs = new();

    [TestCaseSource(nameof(Wrong))]
    public void Build_WithAWrongSetting_NamesItsValueAndTheRemedy(string setting)
    {
        var (key, value) = Split(setting);
        using var rig = Rig(ChangingConfiguration.Of((key, value)));

        var exception = Assert.Throws<LlmConfigurationException>(() => _ = rig.Chat)!;

        Assert.That(exception.Failures, Has.Some.Contains(value).Or.Some.Contains(Named(key)));
        Assert.That(exception.Failures, Has.All.EndsWith("."));
    }

    [TestCaseSource(nameof(Wrong))]
    public async Task Reload_WithAWrongSetting_ChangesNothingAndSaysWhy(string setting)
    {
        foreach (var streamed in new[] { false, true })
        {
            var (key, value) = Split(setting);
            var configuration = ChangingConfiguration.Of();
            using var rig = Rig(configuration);
            _ = rig.Chat;
            configuration["LlmKit:Default:Resilience:MaxRetries"] = "0";
            configuration["LlmKit:Default:Constraints:Latency"] = "00:00:42";

            Assert.That(() => configuration.Change(key, value), Throws.Nothing);
            var outcome = await rig.AskAsync(streamed);

            Assert.That(outcome.Text, Is.EqualTo("Paris"));
            Assert.That(outcome.Call!.Constraints, Is.Empty);
            Assert.That(outcome.Call.Setup.Constraints.For(null).Latency, Is.Null);
            Assert.That((rig.Spent("all"), rig.Memory.OpenReservations), Is.EqualTo((11m, 0)));
            Assert.That(_logs.Messages, Has.Some.StartsWith("Warning: The pipeline 'Default' keeps its configuration: the new one was refused as a whole. ").And.Some.Contains(value).Or.Some.Contains(Named(key)));
        }
    }

    [Test]
    public async Task Reload_WithAWrongSettingWhileACallRuns_LeavesTheCallAndItsMoneyAlone([Values] bool streamed)
    {
        var configuration = ChangingConfiguration.Of();
        using var rig = Rig(configuration, builder => builder.Use(inner => new InspectingChatClient(inner, _ => configuration.Change("Budget:Limits:all:Amount", "-1"))));

        var outcome = await rig.AskAsync(streamed);

        Assert.That((outcome.Text, outcome.Call!.Status), Is.EqualTo(("Paris", CallStatus.Completed)));
        Assert.That((rig.Spent("all"), rig.Reserved("all"), rig.Memory.OpenReservations), Is.EqualTo((11m, 0m, 0)));
    }

    private static (string Key, string Value) Split(string setting) => setting.Split('=', 2) is [var key, var value] ? (key, value) : throw new ArgumentException(setting);

    private static string Named(string key) => $"'{key.Split(':')[^1]}'";

    private BudgetRig Rig(IConfiguration configuration, Action<LlmPipelineBuilder>? inside = null) => new(
        builder =>
        {
            builder.AddPriced("model", _model).UseStandardStages(budget => budget.Global("all", 1000, BudgetWindow.Lifetime));
            inside?.Invoke(builder);
        },
        configuration: configuration,
        more: services => services.AddSingleton<ILoggerFactory>(_logs));
}
