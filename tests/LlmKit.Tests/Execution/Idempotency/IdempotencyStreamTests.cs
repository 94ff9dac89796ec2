using System.Runtime.CompilerServices;
using LlmKit.Execution.Idempotency;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What concerns streams alone: how they end, in which updates they come again.</summary>
public sealed class IdempotencyStreamTests
{
    private static readonly ScriptedAnswer Cut = ScriptedAnswer.Text("half ") with { FinishReason = null };

    [Test]
    public async Task Read_StreamThatIsCutInSilence_IsNotRemembered()
    {
        using var chat = new IdempotencyChatClient(new ScriptedChatClient(Cut, ScriptedAnswer.Text("whole")));

        var first = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());

        Assert.That((first.Text, second.Text), Is.EqualTo(("half ", "whole")));
        Assert.That(first.Decisions, Is.EqualTo(new[] { "began", "not-remembered" }));
    }

    [Test]
    public async Task Read_DecoratorThatLeavesEarly_IsNotRemembered()
    {
        using var rig = new IdempotencyRig(
            number => ScriptedAnswer.Text("half ", $"answer {number}"), inside: builder => builder.Use(inner => new FirstUpdateOnlyAtFirst(inner)));

        var first = await rig.AskAsync(streamed: true);
        var second = await rig.AskAsync(streamed: true);

        Assert.That((first.Text, second.Text), Is.EqualTo(("half ", "half answer 1")));
    }

    [Test]
    public async Task Read_ModelThatNeverSaysWhyItEnded_IsRemembered([Values] bool routed, [Values] bool nested)
    {
        var open = new ScriptedChatClient((number, _) => ScriptedAnswer.Text($"answer {number}") with { FinishReason = null });
        using var inner = Pipeline(open, routed, idempotent: !nested);
        using var outer = nested ? PipelineHost.For(inner.Chat, builder => builder.UseIdempotency()) : null;
        var chat = outer?.Chat ?? inner.Chat;

        var first = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());
        var second = await Outcome.OfAsync(chat, streamed: true, IdempotencyRig.Keyed());

        Assert.That((first.Text, second.Text), Is.EqualTo(("answer 0", "answer 0")));
        Assert.That(first.Decisions, Does.Contain("remembered"));
    }

    [Test]
    public async Task Read_Repeated_ComesInTheUpdatesOfTheFirst()
    {
        var answer = ScriptedAnswer.Text("The ", "capital ", "of France ", "is Paris.") with { Contents = [new TextReasoningContent("I knew it.")] };
        using var rig = IdempotencyRig.Of(answer);

        var first = await ReadAsync(rig.Chat);
        var second = await ReadAsync(rig.Chat);

        Assert.That(second.Select(Shape), Is.EqualTo(first.Select(Shape)));
        Assert.That(second.Select(update => update.Text), Is.SupersetOf(answer.Chunks));
        Assert.That(rig.Model.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Read_JoinedInFlight_SeesTheFirstUpdatesBeforeTheLast()
    {
        using var rig = new IdempotencyRig(_ => ScriptedAnswer.Text("early ", "late") with { DelayBetween = TimeSpan.FromSeconds(5) });
        await using var first = Stream(rig.Chat);
        await first.MoveNextAsync();
        await using var second = Stream(rig.Chat);

        await second.MoveNextAsync();

        Assert.That((second.Current.Text, rig.OnTheirWay, rig.Model.OpenStreams), Is.EqualTo(("early ", 1, 1)));
        var rest = await rig.Clock.FinishAsync(RestAsync(second));
        Assert.That(string.Concat(rest), Is.EqualTo("late"));
    }

    private static PipelineHost Pipeline(IChatClient model, bool routed, bool idempotent) => new(builder =>
    {
        if (routed)
            builder.AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(Failures.Http(503))));
        builder.AddModel("open", model, options => options.RequireFinishReason = false);
        if (idempotent)
            builder.UseIdempotency();
        if (routed)
            builder.UseRouter();
    });

    private static IAsyncEnumerator<ChatResponseUpdate> Stream(IChatClient chat) =>
        chat.GetStreamingResponseAsync("hi", IdempotencyRig.Keyed()).GetAsyncEnumerator();

    private static async Task<IReadOnlyList<ChatResponseUpdate>> ReadAsync(IChatClient chat) =>
        await chat.GetStreamingResponseAsync("hi", IdempotencyRig.Keyed()).ToListAsync();

    private static async Task<List<string>> RestAsync(IAsyncEnumerator<ChatResponseUpdate> stream)
    {
        List<string> texts = [];
        while (await stream.MoveNextAsync())
            texts.Add(stream.Current.Text);
        return texts;
    }

    private static string Shape(ChatResponseUpdate update) =>
        $"{update.Role} {update.MessageId} {update.FinishReason}: {string.Join('|', update.Contents.Where(content => content is not UsageContent).Select(content => content.GetType().Name + ' ' + content))}";

    /// <summary>Passes on one update of its first stream and ends well.</summary>
    private sealed class FirstUpdateOnlyAtFirst(IChatClient inner) : DelegatingChatClient(inner)
    {
        private int _requests;

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var isFirst = Interlocked.Increment(ref _requests) == 1;
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
                if (isFirst)
                    yield break;
            }
        }
    }
}
