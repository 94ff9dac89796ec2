using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Attacks;

/// <summary>Callers who change what they are given: nobody else may see it.</summary>
[TestFixture(false, false)]
[TestFixture(false, true)]
[TestFixture(true, false)]
[TestFixture(true, true)]
public sealed class ServedObjectTests(bool composed, bool streamed)
{
    private readonly RichAnswer _model = new();

    [Test]
    public async Task Hit_SpoiltByItsReader_LeavesTheNextAlone([Values] bool stored, [Values] bool next)
    {
        var chat = Build();
        await AskAsync(chat, stored);
        var before = RichAnswer.Describe(await AskAsync(chat, streamed));

        await AskAndSpoilAsync(chat, streamed);
        var after = await AskAsync(chat, next);

        Assert.That(RichAnswer.Describe(after), Is.EqualTo(before).And.EqualTo(RichAnswer.Describe(RichAnswer.Whole())));
        Assert.That((after.AdditionalProperties?.Values ?? []).Concat(after.Messages.SelectMany(message => message.AdditionalProperties?.Values ?? [])), Has.None.EqualTo("spoilt"));
        Assert.That(_model.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task FreshAnswer_SpoiltByItsReader_IsStoredAsTheModelGaveIt([Values] bool next)
    {
        var chat = Build();

        await AskAndSpoilAsync(chat, streamed);

        Assert.That(RichAnswer.Describe(await AskAsync(chat, next)), Is.EqualTo(RichAnswer.Describe(RichAnswer.Whole())));
        Assert.That(_model.Asked, Is.EqualTo(1));
    }

    [Test]
    public async Task SharedAnswer_SpoiltByOneCaller_IsWholeForTheOthers([Values] bool leaderSpoils, [Values] bool otherWay)
    {
        var chat = Build();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _model.Gate = gate.Task;
        var leader = leaderSpoils ? AskAndSpoilAsync(chat, streamed) : AskAsync(chat, streamed);
        await ManualTimeExtensions.UntilAsync(() => _model.Asked == 1);
        var follower = leaderSpoils ? AskAsync(chat, streamed != otherWay) : AskAndSpoilAsync(chat, streamed != otherWay);
        var third = AskAsync(chat, streamed);

        gate.SetResult();
        await Task.WhenAll(leader, follower, third);

        var whole = RichAnswer.Describe(RichAnswer.Whole());
        Assert.That(_model.Asked, Is.EqualTo(1));
        Assert.That(RichAnswer.Describe(await (leaderSpoils ? follower : leader)), Is.EqualTo(whole));
        Assert.That(RichAnswer.Describe(await third), Is.EqualTo(whole));
        Assert.That(RichAnswer.Describe(await AskAsync(chat, streamed)), Is.EqualTo(whole));
    }

    [Test]
    public async Task Request_ChangedAfterItWasAsked_IsStoredUnderWhatWasAsked()
    {
        var chat = Build();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _model.Gate = gate.Task;
        List<ChatMessage> messages = [new(ChatRole.User, "hello")];
        var options = new LlmCallOptions { User = "ann", StopSequences = ["a"] };
        var asking = streamed ? chat.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : chat.GetResponseAsync(messages, options);
        await ManualTimeExtensions.UntilAsync(() => _model.Asked == 1);

        messages.Add(new(ChatRole.User, "something else"));
        options.User = "bob";
        gate.SetResult();
        await asking;

        await chat.GetResponseAsync("hello", new LlmCallOptions { User = "ann", StopSequences = ["a"] });
        Assert.That(_model.Asked, Is.EqualTo(1));
        await chat.GetResponseAsync(messages, new LlmCallOptions { User = "bob", StopSequences = ["a"] });
        Assert.That(_model.Asked, Is.EqualTo(2));
    }

    private IChatClient Build()
    {
        if (!composed)
            return new SemanticCacheChatClient(_model, new() { StoreToolCalls = true });
        return new PipelineHost(builder => builder.AddModel("model", _model).UseSemanticCache(cache => cache.StoreToolCalls = true)).Chat;
    }

    private static async Task<ChatResponse> AskAsync(IChatClient chat, bool streamed) => streamed
        ? await chat.GetStreamingResponseAsync("hello").ToChatResponseAsync()
        : await chat.GetResponseAsync("hello");

    private static async Task<ChatResponse> AskAndSpoilAsync(IChatClient chat, bool streamed)
    {
        if (!streamed)
        {
            var response = await chat.GetResponseAsync("hello");
            RichAnswer.Spoil(response);
            return response;
        }

        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in chat.GetStreamingResponseAsync("hello"))
        {
            RichAnswer.Spoil(update.Contents);
            (update.AdditionalProperties ??= [])["of"] = "spoilt";
            (update.AuthorName, update.Role, update.FinishReason) = ("spoilt", ChatRole.User, ChatFinishReason.Length);
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }
}
