using LlmKit.Calls;
using LlmKit.Control.Budgets;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Control.Budgets.Ledger.Memory;
using LlmKit.Control.Budgets.Limits;
using LlmKit.Control.Budgets.Spending;
using LlmKit.Control.Guardrails;
using LlmKit.Execution.Resilience;
using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Conformance;

/// <summary>Inside an open call, a stage with nothing to do gives the inner client's own task and stream: it costs no state machine.</summary>
public sealed class IdleStageTests
{
    private readonly FixedChatClient _inner = new();
    private readonly LlmCall _call = new(CallSetup.Alone("test", new ManualTimeProvider(), null), new("acme", "ann", null), isStreaming: false);

    [TestCaseSource(nameof(Idle))]
    public void Ask_StageWithNothingToDo_GivesTheInnerTaskAndStreamThemselves(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_inner);
        var options = new LlmCallOptions { Call = _call };
        ChatMessage[] messages = [new(ChatRole.User, "Hello there")];

        var task = client.GetResponseAsync(messages, options);
        var stream = client.GetStreamingResponseAsync(messages, options);

        Assert.That(task, Is.SameAs(_inner.Response));
        Assert.That(stream, Is.SameAs(_inner.Stream));
    }

    private static IEnumerable<TestCaseData> Idle
    {
        get
        {
            yield return Case("a budget within its limit", inner => new BudgetGuardChatClient(
                inner, new(BudgetPolicy.Compile(new BudgetOptions().PerTenant("daily", 1, BudgetWindow.Daily), [])), new InMemoryBudgetLedger(new ManualTimeProvider()), new(), [], null, CallSetup.Alone("budget", null, null)));
            yield return Case("rails for the input that find nothing", inner => new GuardrailChatClient(inner, new GuardrailOptions().RedactPersonalData(Rail.Input).BlockPromptInjection()));
            yield return Case("resilience with everything off", inner => new ResilienceChatClient(inner, new()
            {
                MaxRetries = 0,
                FailureRatio = null,
                TotalTimeout = null,
                AttemptTimeout = null,
                FirstContentTimeout = null,
                BetweenUpdatesTimeout = null,
            }));
            yield return Case("a router that observes", inner => new RouterChatClient([KeyValuePair.Create("only", inner)], new() { Observe = true }));
        }
    }

    private static TestCaseData Case(string name, Func<IChatClient, IChatClient> stage) => new TestCaseData(stage).SetArgDisplayNames(name);
}
