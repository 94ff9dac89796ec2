using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

/// <summary>What is replayed is what had come, in the pieces in which it had come.</summary>
public sealed class AnswerReplayProperties
{
    [Test]
    public void GetStreamingResponse_AnyStreamAgain_ComesInTheSamePieces() => ForAll(Pieces, cache =>
        Pieces(cache.GetStreamingResponseAsync("hello").ToListAsync().AsTask().GetAwaiter().GetResult()));

    [Test]
    public void GetResponse_AnyStreamAgain_SaysTheSameInTheSameMessages() => ForAll(came => Messages(came.ToChatResponse()), cache =>
        Messages(cache.GetResponseAsync("hello").GetAwaiter().GetResult()));

    private static void ForAll(Func<List<ChatResponseUpdate>, string> describe, Func<SemanticCacheChatClient, string> askAgain) => Prop.ForAll(
        Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary(),
        numbers =>
        {
            using var cache = new SemanticCacheChatClient(new StreamingChatClient(() => StreamOf(numbers)));
            cache.GetStreamingResponseAsync("hello").ToListAsync().AsTask().GetAwaiter().GetResult();
            var (came, again) = (describe(StreamOf(numbers)), askAgain(cache));
            return again == came ? true : throw new InvalidOperationException($"{came} came again as {again}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));

    /// <summary>Derives the updates of a stream: texts, reasoning and other contents in any mixture and number, of one message or several.</summary>
    private static List<ChatResponseUpdate> StreamOf(int[] numbers)
    {
        var updates = new List<ChatResponseUpdate> { new(ChatRole.Assistant, "so ") { MessageId = "m0", AuthorName = "a0" } };
        var message = 0;
        foreach (var number in numbers)
        {
            var drawn = (uint)number;
            message += drawn % 7 == 0 ? 1 : 0;
            List<AIContent> contents = [];
            for (drawn /= 7; drawn > 0 && contents.Count < 3; drawn /= 6)
                contents.Add(ContentOf(drawn % 6, contents.Count));
            updates.Add(new(ChatRole.Assistant, contents) { MessageId = $"m{message}", AuthorName = $"a{message}" });
        }

        updates.Add(new(ChatRole.Assistant, [new UsageContent(new() { InputTokenCount = 3 })]) { MessageId = $"m{message}", AuthorName = $"a{message}" });
        updates.Add(new(null, []) { FinishReason = ChatFinishReason.Stop });
        return updates;
    }

    private static AIContent ContentOf(uint kind, int place) => kind switch
    {
        0 => new TextContent("word "),
        1 => new TextContent("😀\ud83d"),
        2 => new TextReasoningContent($"thought {place}"),
        3 => new DataContent(new[] { (byte)place }, "image/png"),
        4 => new TextContent(new string('x', 200)),
        _ => new TextContent("tagged") { AdditionalProperties = new() { ["n"] = place } },
    };

    /// <summary>Says what each update with something in it holds, and where messages begin.</summary>
    private static string Pieces(List<ChatResponseUpdate> updates)
    {
        var ids = new List<string>();
        var said = updates.Where(update => update.Contents.Any(content => content is not UsageContent)).Select(update =>
        {
            if (!ids.Contains(update.MessageId!))
                ids.Add(update.MessageId!);
            return $"{ids.IndexOf(update.MessageId!)} {update.Role} {update.AuthorName}: {string.Join(" + ", update.Contents.Where(content => content is not UsageContent).Select(RichAnswer.Describe))}";
        });
        return string.Join(" | ", said) + string.Join(',', updates.Select(update => update.FinishReason).Where(reason => reason is not null));
    }

    private static string Messages(ChatResponse response) => string.Join(" / ", response.Messages.Where(message => message.Contents.Any(content => content is not UsageContent)).Select(message =>
        $"{message.Role} {message.AuthorName}: {string.Concat(message.Contents.Select(content => content is TextContent text ? text.Text : content is UsageContent ? "" : RichAnswer.Describe(content)))}"));

    private sealed class StreamingChatClient(Func<List<ChatResponseUpdate>> stream) : DelegatingChatClient(new AnsweringChatClient(() => ""))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            stream().ToAsyncEnumerable();
    }
}
