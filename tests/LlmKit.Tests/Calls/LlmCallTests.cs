using System.Text.Json;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class LlmCallTests
{
    private readonly ManualTimeProvider _clock = new();

    [Test]
    public void AddSalt_SameHashesInOrder_GiveTheSameSalt()
    {
        var first = Salted([1], [2]);
        var second = Salted([1], [2]);

        Assert.That(first, Is.Not.Null.And.EqualTo(second));
        Assert.That(Salted([1]), Is.Not.EqualTo(first));
        Assert.That(Salted(), Is.Null);
    }

    [Test]
    public void AddStep_Time_IsWhenItWasDecided()
    {
        var call = NewCall();
        _clock.Advance(TimeSpan.FromSeconds(3));

        call.AddStep(new("router", "fallback"));

        Assert.That(call.Steps.Single().At, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void StartedAt_ReadTwiceAsTimePasses_StaysTheSame()
    {
        var call = NewCall();
        var start = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.That(call.StartedAt, Is.EqualTo(start));
        Assert.That(call.StartedAt, Is.EqualTo(start));
    }

    [Test]
    public void Id_ReadTwice_StaysTheSame()
    {
        var call = NewCall();

        var id = call.Id;

        Assert.That(call.Id, Is.EqualTo(id));
        Assert.That(call.Id, Is.Not.EqualTo(NewCall().Id));
    }

    [Test]
    public async Task Close_WhileAnAnswerIsStaged_EndsTheAnswerOnce()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var call = NewCall();
            var answer = new RecordingAnswer();

            await Together.RunAsync(() => call.Close(CallStatus.Completed), () => call.Stage(answer));

            Assert.That(answer.Ends, Has.Count.EqualTo(1));
        }
    }

    [Test]
    public async Task Close_FromTwoThreads_CountsOnce()
    {
        for (var round = 0; round < 20_000; round++)
        {
            var call = NewCall();
            var (first, second) = (false, false);

            await Together.RunAsync(() => first = call.Close(CallStatus.Completed), () => second = call.Close(CallStatus.Failed));

            Assert.That(first, Is.Not.EqualTo(second));
            Assert.That(call.Status, Is.EqualTo(first ? CallStatus.Completed : CallStatus.Failed));
        }
    }

    [Test]
    public void Model_LateAnswerOfALoser_CountsForNothingUntilTheNextRound()
    {
        var call = NewCall();

        call.AnsweredBy("preferred");
        call.DecideModel("winner");
        call.AnsweredBy("loser");
        Assert.That(call.Model, Is.EqualTo("winner"));

        call.DecideModel(winner: null);
        call.AnsweredBy("fallback");
        Assert.That(call.Model, Is.EqualTo("fallback"));
    }

    [Test]
    public void Model_AnswerThatHasOnlyBegun_NamesItsProviderAndNotYetTheModel()
    {
        var call = NewCall();
        var (first, second) = (ModelOf("first"), ModelOf("second"));

        call.AnswerBegins(first);
        Assert.That((call.Model, call.AnsweringProvider), Is.EqualTo(((string?)null, "first's")));

        call.AnsweredBy("first");
        Assert.That((call.Model, call.AnsweringProvider), Is.EqualTo(("first", (string?)null)));

        call.AnswerBegins(second);
        Assert.That((call.Model, call.AnsweringProvider), Is.EqualTo(("first", "second's")));

        call.DecideModel("second");
        call.AnswerBegins(first);
        Assert.That((call.Model, call.AnsweringProvider), Is.EqualTo(("second", "second's")));

        static Model ModelOf(string name) => new(name, new(), entry: null, provider: name + "'s", clientModelId: null);
    }

    [Test]
    public void Duration_AfterTheClose_StandsStill()
    {
        var call = NewCall();
        _clock.Advance(TimeSpan.FromSeconds(1));
        call.Close(CallStatus.Completed);

        _clock.Advance(TimeSpan.FromSeconds(9));

        Assert.That(call.Duration, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Close_Twice_CountsOnce()
    {
        var call = NewCall();

        Assert.That(call.Close(CallStatus.Failed), Is.True);
        Assert.That(call.Close(CallStatus.Completed), Is.False);

        Assert.That(call.Status, Is.EqualTo(CallStatus.Failed));
    }

    [Test]
    public void AddSpendingHook_SameKeyTwice_IsHeldOnce()
    {
        var call = NewCall();

        call.AddSpendingHook(new RecordingLedger { Key = "daily" });
        call.AddSpendingHook(new RecordingLedger { Key = "daily" });
        call.AddSpendingHook(new RecordingLedger { Key = "monthly" });

        Assert.That(call.SpendingHooks, Has.Length.EqualTo(2));
    }

    [Test]
    public void EndAttempt_AfterTheClose_StillCounts()
    {
        var call = NewCall();
        call.BeginAttempt();
        var settled = call.WhenSettled;
        call.Close(CallStatus.Completed);

        Assert.That(call.PendingAttempts, Is.EqualTo(1));
        Assert.That(settled.IsCompleted, Is.False);
        call.EndAttempt(new() { Model = "m" }, Money.FromUsd(2));

        Assert.That(call.Cost, Is.EqualTo(2m));
        Assert.That(settled.IsCompleted, Is.True);
    }

    [Test]
    public async Task Serialise_ResponseOfAPipeline_PublishesNothingOfOurs()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));
        var response = await host.Chat.GetResponseAsync(Asking.Question, new LlmCallOptions { Tenant = "acme-tenant" });
        var plain = new ChatResponse(response.Messages) { ResponseId = response.ResponseId, ModelId = response.ModelId, FinishReason = response.FinishReason, Usage = response.Usage };

        Assert.That(JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions), Is.EqualTo(JsonSerializer.Serialize(plain, AIJsonUtilities.DefaultOptions)));
        Assert.That(JsonSerializer.Serialize<object>(response, AIJsonUtilities.DefaultOptions), Does.Not.Contain("acme-tenant").And.Not.Contain("\"call\"").IgnoreCase);
        Assert.That(JsonSerializer.Serialize<ChatResponse>(response), Is.EqualTo(JsonSerializer.Serialize<ChatResponse>(plain)));
    }

    [Test]
    public void Serialise_OptionsWithACall_PublishNothingOfOurs()
    {
        var options = new LlmCallOptions { Tenant = "acme-tenant", Call = NewCall(), Temperature = 1 };
        var foreign = new ChatOptions { AdditionalProperties = new() { [LlmCall.PropertyKey] = NewCall() } };

        Assert.That(JsonSerializer.Serialize<ChatOptions>(options, AIJsonUtilities.DefaultOptions), Is.EqualTo(JsonSerializer.Serialize(new ChatOptions { Temperature = 1 }, AIJsonUtilities.DefaultOptions)));
        Assert.That(JsonSerializer.Serialize<object>(options, AIJsonUtilities.DefaultOptions), Does.Not.Contain("acme-tenant"));
        Assert.That(JsonSerializer.Serialize(foreign, AIJsonUtilities.DefaultOptions), Does.Contain("\"llmkit.call\": null").Or.Contain("\"llmkit.call\":null"));
    }

    [Test]
    public async Task Interaction_SeveralCalls_AreSummed()
    {
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"));
        var interaction = new LlmInteraction("chat-1");

        await host.Chat.AskAsync(streamed: false, new LlmCallOptions { Interaction = interaction });
        await host.Chat.AskAsync(streamed: true, new LlmCallOptions { Interaction = interaction });

        Assert.That((interaction.Id, interaction.Calls, interaction.Attempts, interaction.Cost), Is.EqualTo(("chat-1", 2, 2, 24m)));
    }

    [Test]
    public async Task Ask_InsideAnOpenCall_GivesTheInnerTaskItself()
    {
        Task<ChatResponse>? task = null;
        var stage = (StageChatClient)TestStages.Passing("idle").ToFactory()(new TaskKeepingChatClient(made => task = made), null!);
        var options = new LlmCallOptions { Call = NewCall() };

        var given = stage.GetResponseAsync(Asking.Question, options);

        Assert.That(given, Is.SameAs(task));
        await given;
    }

    private string? Salted(params byte[][] hashes)
    {
        var call = NewCall();
        foreach (var hash in hashes)
            call.AddSalt(hash);
        return call.Salt;
    }

    [Test]
    public void EndAttempt_WhoeverIsToldOfIt_IsToldBeforeAllIsSettled()
    {
        var book = new WatchingBook();
        var setup = new CallSetup { Pipeline = "test", Time = _clock, Owner = new(), Book = book };
        var call = new LlmCall(setup, default, isStreaming: false);
        var child = new LlmCall(setup, default, isStreaming: false, call, "judge");
        child.BeginAttempt();

        child.EndAttempt(new() { Model = "small" }, Money.FromUsd(0.5m));

        // Whoever waited for it would have read a report without it.
        Assert.That(book.PendingWhenTold, Is.EqualTo(1));
        Assert.That((call.PendingAttempts, child.PendingAttempts, call.Cost), Is.EqualTo((0, 0, 0.5m)));
    }

    private LlmCall NewCall() => new(CallSetup.Alone("test", _clock, null), default, isStreaming: false);

    /// <summary>Shows a test the task that it answers with.</summary>
    private sealed class TaskKeepingChatClient(Action<Task<ChatResponse>> keep) : DelegatingChatClient(new ScriptedChatClient(ScriptedAnswer.Text("Paris")))
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var task = base.GetResponseAsync(messages, options, cancellationToken);
            keep(task);
            return task;
        }
    }

    private sealed class WatchingBook : ICallBook
    {
        public int PendingWhenTold { get; private set; }

        public void Open(LlmCall call, IReadOnlyList<ChatMessage>? messages, ChatOptions options)
        {
        }

        public void AddAttempt(LlmCall call, CallAttempt attempt, Money cost) => PendingWhenTold = call.PendingAttempts;

        public void Close(LlmCall call)
        {
        }
    }
}
