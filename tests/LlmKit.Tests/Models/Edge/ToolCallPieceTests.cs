using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

public sealed class ToolCallPieceTests
{
    private const string Name = "order_status";
    private const string Arguments = """{"order":"AB-1234"}""";

    private static readonly long Whole = TokenEstimator.Estimate(Name) + TokenEstimator.Estimate(Arguments);

    [Test]
    public async Task Stream_CutInAToolCall_IsChargedForItsPieces()
    {
        var attempt = await AttemptAsync(whole: false, Pieces());

        Assert.That((attempt.Usage.Output, attempt.Estimated), Is.EqualTo((Whole, true)));
    }

    [Test]
    public async Task Stream_CutInTheSecondCallOfAnUpdate_IsChargedForBoth()
    {
        var update = new ChatResponseUpdate(ChatRole.Assistant, []);
        foreach (var piece in new ToolCallPiece[] { new(Name, Arguments), new(Name, "{\"or"), new(null, "der\":\"AB-1234\"}") })
            piece.LeaveOn(update);

        Assert.That((await AttemptAsync(whole: false, update)).Usage.Output, Is.EqualTo(2 * Whole));
    }

    [Test]
    public async Task Stream_CallThatBecameWhole_IsCountedOnce([Values] bool whole)
    {
        var finish = new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("1", Name, new Dictionary<string, object?> { ["order"] = "AB-1234" })]);

        Assert.That((await AttemptAsync(whole, [.. Pieces(), finish])).Usage.Output, Is.EqualTo(Whole));
    }

    [Test]
    public async Task Stream_ReportedUsage_StandsWhenTheAnswerIsWhole()
    {
        var usage = new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 3 })]);

        Assert.That((await AttemptAsync(whole: true, [.. Pieces(), usage])).Usage, Is.EqualTo(new TokenUsage { Input = 10, Output = 3 }));
    }

    [Test]
    public async Task Stream_Pieces_ReachNobody()
    {
        using var host = PipelineHost.For(new PiecesChatClient([.. Pieces(), End()]));

        await foreach (var update in host.Chat.GetStreamingResponseAsync("Where is it?"))
            Assert.That(update.AdditionalProperties, Is.Null);
    }

    [Test]
    public void ToString_KeepsTheArgumentsToItself() =>
        Assert.That(new ToolCallPiece(Name, Arguments).ToString(), Does.Not.Contain("AB-1234"));

    private static ChatResponseUpdate[] Pieces()
    {
        ChatResponseUpdate[] updates = [new(ChatRole.Assistant, []), new(ChatRole.Assistant, []), new(ChatRole.Assistant, [])];
        new ToolCallPiece(Name, "").LeaveOn(updates[0]);
        new ToolCallPiece(null, Arguments[..8]).LeaveOn(updates[1]);
        new ToolCallPiece(null, Arguments[8..]).LeaveOn(updates[2]);
        return updates;
    }

    private static ChatResponseUpdate End() => new(ChatRole.Assistant, []) { FinishReason = ChatFinishReason.ToolCalls };

    private static async Task<CallAttempt> AttemptAsync(bool whole, params ChatResponseUpdate[] updates)
    {
        using var host = PipelineHost.For(new PiecesChatClient(whole ? [.. updates, End()] : updates));
        var call = whole ? (await host.Chat.AskAsync(streamed: true)).Call : (await host.Chat.FailAsync(streamed: true)).GetCall()!;
        return call.Attempts.Single();
    }

    private sealed class PiecesChatClient(ChatResponseUpdate[] updates) : DelegatingChatClient(new ScriptedChatClient(new ScriptedAnswer()))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            updates.ToAsyncEnumerable();
    }
}
