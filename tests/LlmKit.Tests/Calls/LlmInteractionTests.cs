using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

/// <summary>A tool loop around the pipeline: each of its rounds is a call of one interaction.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class LlmInteractionTests(bool streamed)
{
    private static readonly AIFunction Tool = AIFunctionFactory.Create(() => 1, "one");
    private static readonly ScriptedAnswer CallsTheTool = ScriptedAnswer.Text() with { Contents = [new FunctionCallContent("1", "one")], Usage = new() { InputTokenCount = 10, OutputTokenCount = 5 } };

    private readonly List<ChatToolMode?> _modes = [];

    [Test]
    public async Task Totals_OfAToolLoop_AreThoseOfAllItsRounds()
    {
        using var rig = Rig(number => number < 2 ? CallsTheTool with { Delay = TimeSpan.FromSeconds(2) } : ScriptedAnswer.Text("done"));
        var interaction = new LlmInteraction("run-1");

        await LoopAsync(rig, interaction);

        Assert.That((interaction.Calls, interaction.Attempts, interaction.ToolCalls), Is.EqualTo((3, 3, 2)));
        Assert.That((interaction.Cost, interaction.Usage.Input, interaction.Usage.Output), Is.EqualTo((41m, 30L, 11L)));
        Assert.That(interaction.Duration, Is.EqualTo(TimeSpan.FromSeconds(4)));
        Assert.That(rig.Spent("all"), Is.EqualTo(interaction.Cost));
    }

    [Test]
    public async Task Totals_OfAScope_AreThoseOfTheCallsMadeInIt()
    {
        using var rig = Rig(_ => ScriptedAnswer.Text("done"));
        using (LlmInteraction.Begin(out var interaction))
        {
            await rig.AskAsync(streamed, new LlmCallOptions());
            await rig.AskAsync(streamed, new ChatOptions());

            Assert.That((interaction.Calls, interaction.Cost), Is.EqualTo((2, 22m)));
        }
    }

    [Test]
    public async Task MaxCalls_Reached_RefusesTheNext()
    {
        using var rig = Rig(_ => CallsTheTool);
        var interaction = new LlmInteraction { MaxCalls = 2 };

        var outcome = await LoopAsync(rig, interaction);

        Assert.That(outcome.Error, Is.TypeOf<AttemptRefusedException>().With.Property("Reason").EqualTo(RefusalReason.Limit));
        Assert.That(_modes, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task MaxToolCalls_Reached_LetsTheLoopEndWithAnAnswer()
    {
        using var rig = Rig(_ => _modes[^1] == ChatToolMode.None ? ScriptedAnswer.Text("done") : CallsTheTool);

        var outcome = await LoopAsync(rig, new() { MaxToolCalls = 3 });

        Assert.That(outcome.Text, Is.EqualTo("done"));
        Assert.That(_modes, Is.EqualTo(new[] { null, null, null, ChatToolMode.None }));
        Assert.That(outcome.Call!.Steps.Select(step => (step.Stage, step.Decision)), Does.Contain(("interaction", "finished-without-tools")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task MaxCostOrTokens_NearlyReached_ShortensTheAnswerAndEndsTheLoop(bool cost)
    {
        using var rig = Rig(_ => _modes[^1] == ChatToolMode.None ? ScriptedAnswer.Text("done") : CallsTheTool);
        var interaction = cost ? new LlmInteraction { MaxCost = 400 } : new LlmInteraction { MaxTokens = 400 };

        var outcome = await LoopAsync(rig, interaction);

        Assert.That(outcome.Text, Is.EqualTo("done"));
        Assert.That(cost ? interaction.Cost : interaction.Usage.Total, Is.LessThanOrEqualTo(400));
        Assert.That(_modes, Has.Count.GreaterThan(3).And.Exactly(1).EqualTo(ChatToolMode.None));
    }

    [Test]
    public async Task MaxCost_OfCallsSideBySide_IsNeverOverdrawn()
    {
        using var rig = Rig(_ => ScriptedAnswer.Text("x") with { Usage = new() { InputTokenCount = 5, OutputTokenCount = 20 } });
        var interaction = new LlmInteraction { MaxCost = 100 };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => rig.AskAsync(streamed, new LlmCallOptions { Interaction = interaction, MaxOutputTokens = 20 }))));

        Assert.That(interaction.Cost, Is.LessThanOrEqualTo(100).And.EqualTo(outcomes.Sum(outcome => outcome.Call!.Cost)));
        Assert.That(outcomes.Count(outcome => outcome.Error is null), Is.EqualTo(4));
    }

    private BudgetRig Rig(Func<int, ScriptedAnswer> script)
    {
        var clock = new ManualTimeProvider();
        var model = new ScriptedChatClient(
            (number, request) =>
            {
                _modes.Add(request.Options!.ToolMode);
                return script(number);
            },
            clock);
        return new(builder => builder.AddPriced("model", model).UseBudget(budget => budget.Global("all", 1_000_000, BudgetWindow.Lifetime)), time: clock);
    }

    /// <summary>Asks, runs what tools the answer calls, and asks again, as a function-calling client around a pipeline does.</summary>
    private async Task<Outcome> LoopAsync(BudgetRig rig, LlmInteraction interaction)
    {
        List<ChatMessage> messages = [new(ChatRole.User, "hi")];
        while (true)
        {
            var options = new LlmCallOptions { Interaction = interaction, Tools = [Tool], MaxOutputTokens = 60 };
            try
            {
                var response = await rig.Clock.FinishAsync(AskAsync(rig.Chat, messages, options));
                var calls = response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().ToList();
                if (calls.Count == 0)
                    return new(response.Text, response.FindCall(), Error: null);
                messages.AddRange(response.Messages);
                messages.Add(new(ChatRole.Tool, [.. calls.Select(call => new FunctionResultContent(call.CallId, "1"))]));
            }
            catch (LlmException exception)
            {
                return new("", exception.GetCall(), exception);
            }
        }
    }

    private async Task<ChatResponse> AskAsync(IChatClient chat, List<ChatMessage> messages, ChatOptions options)
    {
        if (!streamed)
            return await chat.GetResponseAsync(messages, options);
        var updates = new List<ChatResponseUpdate>();
        LlmCall? call = null;
        await foreach (var update in chat.GetStreamingResponseAsync(messages, options))
        {
            updates.Add(update);
            call = update.GetCall() ?? call;
        }

        var response = updates.ToChatResponse();
        return call is null ? response : new CallResponse(response, call);
    }
}
