using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Conformance;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

/// <summary>What is no request is said to be none, at every door, before a byte is sent.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class BadMessagesTests(bool streamed)
{
    private static readonly ChatMessage[] NullMessage = [new(ChatRole.User, "hi"), null!];
    private static readonly ChatMessage[] NullContent = [new(ChatRole.System, "be brief"), new(ChatRole.User, [new TextContent("hi"), null!])];
    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("Paris"));

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Ask_NullAmongTheMessages_IsSaidByEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);

        var exception = await FailAsync(client, NullMessage);

        Assert.That(exception, Is.TypeOf<ArgumentException>().With.Message.StartsWith("The message at the index '1' is null. Remove it or give a ChatMessage."));
        Assert.That(_model.Requests, Is.Empty);
    }

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Ask_NullAmongTheContents_IsSaidByEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);

        var exception = await FailAsync(client, NullContent);

        Assert.That(exception, Is.TypeOf<ArgumentException>().With.Message.StartsWith("The content at the index '1' of the message at the index '1' is null. Remove it or give an AIContent such as TextContent."));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_NullAmongTheMessages_ClosesTheCallOnceAndLeavesNothing()
    {
        var closed = new List<CallStatus>();
        using var rig = new BudgetRig(builder => builder.AddPriced("model", _model).UseStandardStages(budget => budget.Global("all", 100, BudgetWindow.Lifetime))
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromSeconds(20)));

        var exception = await FailAsync(rig.Chat, NullMessage, new() { OnCompleted = call => closed.Add(call.Status) });

        Assert.That(closed, Is.EqualTo([CallStatus.Failed]));
        Assert.That(exception.GetCall()!.Attempts, Is.Empty);
        Assert.That((rig.Memory.OpenReservations, rig.Spent("all"), rig.Clock.ActiveTimers), Is.EqualTo((0, 0m, 0)));
    }

    [Test]
    public async Task Ask_NullMessageOfAMiddleware_IsSaidBeforeAnythingIsReserved([Values] bool routed)
    {
        using var rig = new BudgetRig(builder =>
        {
            builder.AddPriced("model", _model).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime)).Use(inner => new MessagesReplacingChatClient(inner, NullMessage));
            if (routed)
                builder.UseRouter().UseResilience();
        });

        var exception = await rig.Chat.FailAsync(streamed);

        Assert.That(exception, Is.TypeOf<ArgumentException>().With.Message.Contains("'1'"));
        Assert.That(exception.GetCall()!.Status, Is.EqualTo(CallStatus.Failed));
        Assert.That((rig.Memory.OpenReservations, rig.Spent("all")), Is.EqualTo((0, 0m)));
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_NullContentOfAMiddleware_IsSaidBeforeAnythingIsReserved([Values] bool array)
    {
        AIContent[] contents = [new TextContent("hi"), null!];
        ChatMessage[] messages = [new(ChatRole.System, "be brief"), new(ChatRole.User, array ? contents : contents.ToList())];
        using var rig = new BudgetRig(builder => builder.AddPriced("model", _model).UseBudget(budget => budget.Global("all", 100, BudgetWindow.Lifetime))
            .Use(inner => new MessagesReplacingChatClient(inner, messages)));

        var exception = await rig.Chat.FailAsync(streamed);

        Assert.That(exception, Is.TypeOf<ArgumentException>().With.Message.Contains("The content at the index '1'"));
        Assert.That(rig.Memory.OpenReservations, Is.Zero);
        Assert.That(_model.Requests, Is.Empty);
    }

    [Test]
    public async Task Ask_NullMessageThatAMeteredModelIsAskedWithoutACall_IsSaid([Values] bool lazy)
    {
        using var model = Routers.Metered("model", _model);

        var exception = await FailAsync(model, lazy ? NullMessage.Select(message => message) : NullMessage);

        Assert.That(exception, Is.TypeOf<ArgumentException>().With.Message.Contains("'1'"));
        Assert.That(_model.Requests, Is.Empty);
    }

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public void Ask_NoListOfMessages_IsSaidAtOnceByEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);

        Assert.That(
            () => streamed ? (object)client.GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!) : client.GetResponseAsync((IEnumerable<ChatMessage>)null!),
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("messages"));
    }

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Ask_NullAndEmptyTexts_AreAnsweredThroughEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);
        ChatMessage[] odd =
        [
            new(ChatRole.System, (string?)null),
            new(ChatRole.User, (IList<AIContent>?)null),
            new(ChatRole.User, [new TextContent(null), new TextReasoningContent(null), new FunctionResultContent("1", null)]),
            new(ChatRole.Assistant, [new FunctionCallContent("1", "look_up", null)]),
            new(ChatRole.User, [new TextContent(null)]),
        ];

        Assert.That(await TextAsync(client, odd), Is.EqualTo("Paris"));
    }

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Ask_NoMessagesAtAll_IsAnsweredThroughEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);

        Assert.That(await TextAsync(client, []), Is.EqualTo("Paris"));
    }

    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Ask_PromptOfAMillionCharacters_IsAnsweredThroughEveryStage(Func<IChatClient, IChatClient> stage)
    {
        using var client = stage(_model);

        Assert.That(await TextAsync(client, [new(ChatRole.User, new string('x', 1_000_000))]), Is.EqualTo("Paris"));
    }

    private async Task<string> TextAsync(IChatClient client, ChatMessage[] messages) => streamed
        ? string.Concat(await client.GetStreamingResponseAsync(messages).Select(update => update.Text).ToListAsync())
        : (await client.GetResponseAsync(messages)).Text;

    private async Task<Exception> FailAsync(IChatClient client, IEnumerable<ChatMessage> messages, LlmCallOptions? options = null)
    {
        try
        {
            if (streamed)
                await client.GetStreamingResponseAsync(messages, options).ToListAsync();
            else
                await client.GetResponseAsync(messages, options);
        }
        catch (Exception exception)
        {
            return exception;
        }

        throw new InvalidOperationException("The request did not fail.");
    }

    /// <summary>Passes on messages of its own.</summary>
    private sealed class MessagesReplacingChatClient(IChatClient inner, ChatMessage[] replaced) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetResponseAsync(replaced, options, cancellationToken);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetStreamingResponseAsync(replaced, options, cancellationToken);
    }
}
