using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

/// <summary>Providers that answer what is no answer, under the recommended stack and a budget: nothing crashes, and the money is right.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class NonsenseAnswerTests(bool streamed)
{
    private static IEnumerable<TestCaseData> Nothings()
    {
        yield return Case("no task and no stream", new() { HasNoTask = true });
        yield return Case("no answer", new() { HasNoAnswer = true });
        yield return Case("a null among the messages", new() { Messages = [new(ChatRole.Assistant, "Par"), null!] });
        yield return Case("a null among the contents", new() { Messages = [new(ChatRole.Assistant, [new TextContent("Par"), null!])] });
        yield return Case("a null among the contents beside usage", new() { Messages = [new(ChatRole.Assistant, [new TextContent("Par"), null!])], Usage = new() { InputTokenCount = 4, OutputTokenCount = 2 } });
    }

    [TestCaseSource(nameof(Nothings))]
    public async Task Ask_AnswerThatIsNone_IsTheModelsFailureAndPaidFor(NonsenseChatClient model)
    {
        using var rig = Rig(builder => builder.AddPriced("model", model));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.InstanceOf<LlmException>().With.Message.Contains("'model'"));
        Assert.That(Last(outcome.Error!).GetModelFailure()!.Kind, Is.EqualTo(ModelFailureKind.Transient));
        Assert.That(outcome.Call!.Status, Is.EqualTo(CallStatus.Failed));
        Assert.That(rig.Spent("all"), Is.GreaterThan(0).And.EqualTo(outcome.Call.Cost));
        Assert.That((rig.Reserved("all"), rig.Memory.OpenReservations, outcome.Call.PendingAttempts), Is.EqualTo((0m, 0, 0)));
    }

    [TestCaseSource(nameof(Nothings))]
    public async Task Ask_AnswerThatIsNoneFromTheFirstModel_IsAnsweredByTheNext(NonsenseChatClient model)
    {
        using var rig = Rig(builder => builder.AddPriced("model", model).AddPriced("next", ScriptedAnswer.Text("Paris")), resilience => resilience.MaxRetries = 0);

        var outcome = await rig.AskAsync(streamed);

        // A stream that has given content cannot begin anew with another model.
        if (streamed && model.Messages is [_, null])
            Assert.That(outcome.Error, Is.InstanceOf<LlmException>());
        else
            Assert.That(outcome.Text, Is.EqualTo("Paris"));
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
    }

    private static IEnumerable<TestCaseData> Oddities()
    {
        yield return Case("no messages", new() { Messages = [] });
        yield return Case("a message without contents", new() { Messages = [new(ChatRole.Assistant, (IList<AIContent>?)null)] });
        yield return Case("a null text", new() { Messages = [new(ChatRole.Assistant, [new TextContent(null)])] });
        yield return Case("a finish reason nobody knows", new() { Messages = [new(ChatRole.Assistant, "Paris")], Finish = new("tired") });
        yield return Case("an answer of the user", new() { Messages = [new(ChatRole.User, "Paris")] });
        yield return Case("negative usage", new() { Messages = [new(ChatRole.Assistant, "Paris")], Usage = new() { InputTokenCount = -5, OutputTokenCount = long.MinValue, TotalTokenCount = -1, CachedInputTokenCount = -3, ReasoningTokenCount = -7 } });
        yield return Case("usage beyond reason", new() { Messages = [new(ChatRole.Assistant, "Paris")], Usage = new() { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue, TotalTokenCount = long.MaxValue } });
        yield return Case("only a total", new() { Messages = [new(ChatRole.Assistant, "Paris")], Usage = new() { TotalTokenCount = 17 } });
        yield return Case("an empty error", new() { Messages = [new(ChatRole.Assistant, [new ErrorContent(null)])] });
    }

    [TestCaseSource(nameof(Oddities))]
    public async Task Ask_OddAnswer_IsGivenAsItIsAndPaidForOnce(NonsenseChatClient model)
    {
        using var rig = Rig(builder => builder.AddPriced("model", model));

        var outcome = await rig.AskAsync(streamed);

        Assert.That(outcome.Error, Is.Null);
        Assert.That(outcome.Text, Is.EqualTo(string.Concat(model.Messages!.Select(message => message.Text))));
        Assert.That(outcome.Call!.Attempts, Has.Count.EqualTo(1));
        Assert.That(rig.Spent("all"), Is.GreaterThan(0).And.EqualTo(outcome.Call.Cost));
        Assert.That((rig.Reserved("all"), rig.Memory.OpenReservations), Is.EqualTo((0m, 0)));
    }

    [Test]
    public async Task Ask_UsageBeyondReasonManyTimes_StaysExactInTheLedgerAndTheInteraction()
    {
        var model = new NonsenseChatClient { Messages = [new(ChatRole.Assistant, "Paris")], Usage = new() { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue } };
        using var rig = new BudgetRig(builder => builder.AddPriced("model", model).UseBudget(budget => budget.Global("all", 1, BudgetWindow.Lifetime).Observe = true));
        var interaction = new LlmInteraction();

        for (var i = 0; i < 3; i++)
            await rig.AskAsync(streamed, new LlmCallOptions { Interaction = interaction, MaxOutputTokens = 20 });

        Assert.That(rig.Spent("all"), Is.EqualTo(6m * int.MaxValue));
        Assert.That(interaction.Cost, Is.EqualTo(6m * int.MaxValue));
    }

    [Test]
    public async Task Ask_MostTokensAtTheDearestPrice_CostWhatTheyCost()
    {
        var dearest = new ModelPrice(1e9m, 1e9m, reasoningPerMillion: 1e9m);
        var model = new NonsenseChatClient { Messages = [new(ChatRole.Assistant, "Paris")], Usage = new() { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue, ReasoningTokenCount = long.MaxValue } };
        using var host = PipelineHost.For(model, facts: options => options.Price = dearest);

        var (_, call) = await host.Chat.AskAsync(streamed);

        Assert.That(call.Cost, Is.EqualTo(2000m * int.MaxValue));
    }

    private static Exception Last(Exception error) => error is AttemptsExhaustedException several ? several.Failures[^1] : error;

    private static BudgetRig Rig(Func<LlmPipelineBuilder, LlmPipelineBuilder> models, Action<ResilienceOptions>? resilience = null) => new(builder =>
    {
        models(builder).UseTracing().UseGuardrails(rails => rails.RedactPersonalData().RedactSecrets())
            .UseBudget(budget => budget.Global("all", 900_000_000, BudgetWindow.Lifetime)).UseSemanticCache().UseRouter()
            .UseResilience(options =>
            {
                options.MaxRetries = 0;
                resilience?.Invoke(options);
            });
    });

    private static TestCaseData Case(string name, NonsenseChatClient model) => new TestCaseData(model).SetArgDisplayNames(name);

    /// <summary>Answers just what it is told to, plain and streamed.</summary>
    public sealed class NonsenseChatClient : IChatClient
    {
        public bool HasNoTask { get; init; }

        public bool HasNoAnswer { get; init; }

        public ChatMessage[]? Messages { get; init; }

        public UsageDetails? Usage { get; init; }

        public ChatFinishReason Finish { get; init; } = ChatFinishReason.Stop;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            HasNoTask ? null! : Task.FromResult(HasNoAnswer ? null! : new ChatResponse([.. Messages ?? []]) { FinishReason = Finish, Usage = Usage });

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            HasNoTask ? null! : Updates().ToAsyncEnumerable();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private IEnumerable<ChatResponseUpdate> Updates()
        {
            if (HasNoAnswer)
                yield return null!;
            if (Usage is not null)
                yield return new(ChatRole.Assistant, [new UsageContent(Usage)]);
            foreach (var message in Messages ?? [])
                yield return message is null ? null! : new(message.Role, message.Contents);
            yield return new(ChatRole.Assistant, []) { FinishReason = Finish };
        }
    }
}
