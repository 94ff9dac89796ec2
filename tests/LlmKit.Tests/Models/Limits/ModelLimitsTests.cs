using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Limits;

/// <summary>Limits of models, on the composed path. "hi" and 20 tokens are 25 in the worst case, and 11 once answered.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class ModelLimitsTests(bool streamed)
{
    private static readonly ScriptedAnswer Answer = ScriptedAnswer.Text("ok");

    [Test]
    public async Task Ask_MoreThanTheModelsLimit_IsRefused()
    {
        using var host = Host(limits => (limits.RequestsPerMinute, limits.Queue) = (2, 0));
        await AskAsync(host);
        await AskAsync(host);

        var refusal = (RateLimitExceededException)(await AskAsync(host)).Error!;

        Assert.That((refusal.Limit, refusal.Scope, refusal.Kind, refusal.Model, refusal.RetryAfter), Is.EqualTo(("model", RateLimitScope.Model, RateLimitKind.Requests, "model", (TimeSpan?)TimeSpan.FromSeconds(30))));
    }

    [Test]
    public async Task Ask_MoreThanOneModelsLimit_GoesToTheOther()
    {
        var other = new ScriptedChatClient(Answer);
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(Answer), options => (options.Limits.RequestsPerMinute, options.Limits.Queue) = (1, 0))
            .AddModel("other", other)
            .UseRouter());
        await AskAsync(host);

        var outcome = await AskAsync(host);

        Assert.That((outcome.Error, outcome.Call!.Model, other.Requests.Count), Is.EqualTo(((Exception?)null, "other", 1)));
    }

    [Test]
    public async Task Ask_AFullModel_IsWaitedForAndItsTimeIsNotTheAttempts()
    {
        using var host = Host(limits => limits.Concurrent = 1, more: builder => builder.UseResilience(options => options.AttemptTimeout = TimeSpan.FromSeconds(5)), slow: [Answer with { Delay = TimeSpan.FromSeconds(4) }]);
        var first = AskAsync(host);
        var second = AskAsync(host);

        await host.Clock.EndAsync(Task.WhenAll(first, second));

        Assert.That((await second).Error, Is.Null);
        Assert.That((await second).Decisions, Does.Contain("waited"));
        Assert.That((await second).Call!.Duration, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(8)));
        Assert.That((await second).Call!.Attempts.Single().Started, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(4)));
    }

    [Test]
    public async Task Ask_EachAttempt_IsARequest()
    {
        var model = new ScriptedChatClient(ScriptedAnswer.Throws(Support.Failures.Http(500)));
        using var host = Host(limits => (limits.RequestsPerMinute, limits.Queue) = (2, 0), model, builder => builder.UseResilience(options => options.MaxRetries = 5));

        var outcome = await host.Clock.FinishAsync(AskAsync(host));

        Assert.That(model.Requests, Has.Count.EqualTo(2));
        Assert.That(((AttemptsExhaustedException)outcome.Error!).Failures[^1], Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public async Task Ask_Tokens_AreTakenInTheWorstCaseAndCorrected()
    {
        using var host = Host(limits => (limits.TokensPerMinute, limits.Queue) = (36, 0));

        var outcomes = new[] { await AskAsync(host), await AskAsync(host), await AskAsync(host) };

        Assert.That(outcomes.Select(outcome => outcome.Error is null), Is.EqualTo(new[] { true, true, false }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Ask_OneSideOfTheTokens_IsLimitedByItself(bool input)
    {
        using var host = Host(limits =>
        {
            limits.Queue = 0;
            if (input)
                limits.InputTokensPerMinute = 25;
            else
                limits.OutputTokensPerMinute = 22;
        });

        var passed = 0;
        while (passed < 9 && (await AskAsync(host)).Error is null)
            passed++;

        Assert.That(passed, Is.EqualTo(input ? 3 : 3));
    }

    [Test]
    public async Task Ask_OfOpenLength_MayTakeAllThereIs()
    {
        using var host = Host(limits => limits.TokensPerMinute = 100);

        var outcome = await Outcome.OfAsync(host.Chat, streamed);

        Assert.That(outcome.Error, Is.Null);
    }

    [Test]
    public async Task Ask_RefusedForLackOfMoney_TakesNothingOfTheLimit()
    {
        using var host = Host(limits => (limits.RequestsPerMinute, limits.Queue) = (2, 0), more: builder => builder.UseBudget(budget => budget.PerTenant("money", 100, BudgetWindow.Daily)));
        for (var i = 0; i < 5; i++)
            Assert.That((await AskAsync(host, most: 500)).Error, Is.TypeOf<BudgetExceededException>());

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [TestCase("failed")]
    [TestCase("cancelled")]
    [TestCase("unreadable")]
    public async Task Ask_HoweverItEnds_GivesItsPlaceBack(string end)
    {
        var bad = end switch { "failed" => ScriptedAnswer.Throws(Support.Failures.Http(400)), "cancelled" => ScriptedAnswer.Hangs(), _ => Answer with { Contents = [null!] } };
        using var host = Host(limits => (limits.Concurrent, limits.Queue) = (1, 0), new ScriptedChatClient(bad, Answer));
        using var cancel = new CancellationTokenSource();
        var first = AskAsync(host, cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        Assert.That((await first).Error, Is.Not.Null);
        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AStreamThatIsLeft_GivesItsPlaceBack()
    {
        using var host = Host(limits => (limits.Concurrent, limits.Queue) = (1, 0), new ScriptedChatClient(ScriptedAnswer.Text("a", "b", "c")));
        await foreach (var update in host.Chat.GetStreamingResponseAsync("hi"))
        {
            Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
            break;
        }

        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [Test]
    public async Task Ask_AProviderThatSaysLittleIsLeft_IsBelievedAndTheNoteIsTakenOff()
    {
        var model = new NotingChatClient(new() { Requests = 1 });
        using var host = Host(limits => (limits.RequestsPerMinute, limits.Queue) = (60, 0), model);

        var first = await AskAsync(host);
        await AskAsync(host);
        var refusal = (RateLimitExceededException)(await AskAsync(host)).Error!;

        Assert.That((first.Error, model.Asked, refusal.RetryAfter), Is.EqualTo(((Exception?)null, 2, (TimeSpan?)TimeSpan.FromSeconds(1))));
        Assert.That(model.LastNotes, Is.Null);
    }

    [Test]
    public async Task Ask_AProviderThatIsNotFollowed_IsNotBelieved()
    {
        using var host = Host(limits => (limits.RequestsPerMinute, limits.FollowProvider) = (60, false), new NotingChatClient(new() { Requests = 0 }));

        await AskAsync(host);

        Assert.That((await AskAsync(host)).Error, Is.Null);
    }

    [TestCase("quota", 1)]
    [TestCase(null, 2)]
    public async Task Ask_ModelsOfTwoPipelines_ShareTheirLimitsWhenTheySaySo(string? sharedAs, int passed)
    {
        void Limit(ModelOptions options) => (options.Limits.RequestsPerMinute, options.Limits.Queue, options.Limits.SharedAs) = (1, 0, sharedAs);
        using var host = new PipelineHost(
            builder =>
            {
                builder.AddModel("model", new ScriptedChatClient(Answer), Limit);
                builder.Services.AddLlmPipeline("second").AddModel("model", new ScriptedChatClient(Answer), Limit);
            });

        var outcomes = new[] { await AskAsync(host), await Outcome.OfAsync(host.Services.GetRequiredKeyedService<IChatClient>("second"), streamed) };

        Assert.That(outcomes.Count(outcome => outcome.Error is null), Is.EqualTo(passed));
    }

    [Test]
    public async Task Ask_WithoutItsCall_IsRefused()
    {
        using var host = Host(limits => limits.RequestsPerMinute = 9, more: builder => builder.Use(inner => new OptionsDroppingChatClient(inner)));

        var refusal = (AttemptRefusedException)(await AskAsync(host)).Error!;

        Assert.That(refusal.Reason, Is.EqualTo(RefusalReason.Limit));
        Assert.That(refusal.Message, Does.Contain("options.Clone()"));
    }

    [Test]
    public async Task Ask_AModelAlone_IsHeldToItsLimit()
    {
        var model = Routers.Metered("model", new ScriptedChatClient(Answer), options => (options.Limits.RequestsPerMinute, options.Limits.Queue) = (1, 0));

        Assert.That((await Outcome.OfAsync(model, streamed)).Error, Is.Null);
        Assert.That((await Outcome.OfAsync(model, streamed)).Error, Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public async Task Configuration_OfAModelsLimits_ChangesThemAndKeepsWhatWasTaken()
    {
        var configuration = ChangingConfiguration.Of(("Models:model:Limits:RequestsPerMinute", "1"), ("Models:model:Limits:Queue", "0"));
        using var host = new PipelineHost(builder => builder.AddModel("model", new ScriptedChatClient(Answer)), configuration: configuration);
        await AskAsync(host);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());

        configuration.Change("Models:model:Limits:RequestsPerMinute", "2");

        Assert.That((await AskAsync(host)).Error, Is.Null);
        Assert.That((await AskAsync(host)).Error, Is.TypeOf<RateLimitExceededException>());
    }

    [Test]
    public void Build_LimitsOfAModelThatIsAPipeline_IsRefused()
    {
        using var host = new PipelineHost(
            builder =>
            {
                builder.Services.AddLlmPipeline("inner").AddModel("model", new ScriptedChatClient(Answer));
                builder.AddModel("inner", services => services.GetRequiredKeyedService<IChatClient>("inner"), options => options.Limits.RequestsPerMinute = 1);
            });

        Assert.That(() => host.Chat, Throws.TypeOf<LlmConfigurationException>().With.Message.Contains("is a pipeline"));
    }

    private static PipelineHost Host(
        Action<ModelLimits> limits, IChatClient? model = null, Action<LlmPipelineBuilder>? more = null, Action<ModelOptions>? facts = null, ScriptedAnswer[]? slow = null) => new(builder =>
    {
        builder.AddModel("model", services => model ?? Slow(slow ?? [Answer], services), options =>
        {
            options.Price = BudgetRig.DollarPerToken;
            limits(options.Limits);
            facts?.Invoke(options);
        });
        more?.Invoke(builder);
    });

    private static ScriptedChatClient Slow(ScriptedAnswer[] answers, IServiceProvider services) =>
        new((number, _) => answers[Math.Min(number, answers.Length - 1)], services.GetRequiredService<TimeProvider>());

    private Task<Outcome> AskAsync(PipelineHost host, int most = 20, CancellationToken cancellationToken = default) =>
        Outcome.OfAsync(host.Chat, streamed, new LlmCallOptions { Tenant = "acme", MaxOutputTokens = most }, cancellationToken: cancellationToken);

    /// <summary>A provider's client that says what is left with each answer.</summary>
    private sealed class NotingChatClient(ProviderLimits left) : IChatClient
    {
        private ChatResponseUpdate? _last;
        private ChatResponse? _response;

        public int Asked { get; private set; }

        public AdditionalPropertiesDictionary? LastNotes => _response?.AdditionalProperties ?? _last?.AdditionalProperties;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked++;
            return Task.FromResult(_response = new(new ChatMessage(ChatRole.Assistant, "ok")) { FinishReason = ChatFinishReason.Stop, AdditionalProperties = new() { [ProviderLimits.Key] = left } });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Asked++;
            await Task.Yield();
            yield return _last = new(ChatRole.Assistant, "ok") { FinishReason = ChatFinishReason.Stop, AdditionalProperties = new() { [ProviderLimits.Key] = left } };
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
