using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Calls;

public sealed class CallClientsTests
{
    private static readonly ChatMessage[] Messages = [new(ChatRole.User, "hello")];

    private readonly ScriptedChatClient _model = new(ScriptedAnswer.Text("first"), ScriptedAnswer.Text("second"));

    [Test]
    public async Task AskAsync_OpenCall_IsPassedOnToAStage()
    {
        var stage = new TestStages.PassingChatClient(_model, CallSetup.Alone("stage", null, null));
        var call = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: false);

        var response = await stage.AskAsync(Messages, new LlmCallOptions { Call = call }, call, default);

        Assert.That(response, Is.Not.InstanceOf<CallResponse>(), "The stage opened a call of its own.");
        Assert.That(LlmCall.TryGet(_model.Requests.Single().Options, out var inside) && inside == call);
    }

    [Test]
    public async Task Ask_LateWorkOfACallThatWasCancelled_OpensNoCallAndAsksNobody([Values] bool streamed, [Values] bool metered, [Values] bool foreign)
    {
        var completed = 0;
        using var stage = metered ? Routers.Metered("model", _model) : new TestStages.PassingChatClient(_model, CallSetup.Alone("stage", null, null));
        var closed = new LlmCall(CallSetup.Alone("test", null, null), default, isStreaming: false);
        closed.Close(CallStatus.Cancelled);
        ChatOptions options = foreign
            ? new ChatOptions { AdditionalProperties = new() { [LlmCall.PropertyKey] = closed } }
            : new LlmCallOptions { Call = closed, OnCompleted = _ => completed++ };

        var exception = await stage.FailAsync(streamed, options, new CancellationToken(canceled: true));

        Assert.That(exception, Is.InstanceOf<OperationCanceledException>());
        Assert.That((completed, _model.Requests.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task AskAsync_ClosedCall_IsNeverJoined()
    {
        var stage = new TestStages.PassingChatClient(_model, CallSetup.Alone("stage", null, null));
        var closed = (await stage.GetResponseAsync(Messages)).GetCall();

        var response = await stage.AskAsync(Messages, new LlmCallOptions { Call = closed }, closed, default);

        Assert.That(response.GetCall(), Is.Not.SameAs(closed));
    }
}
