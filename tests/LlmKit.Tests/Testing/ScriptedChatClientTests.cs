using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Doubles;

[TestFixture(false)]
[TestFixture(true)]
public sealed class ScriptedChatClientTests(bool streamed)
{
    [Test]
    public async Task Ask_AnswersInOrder_TheLastRepeats()
    {
        var client = new ScriptedChatClient(ScriptedAnswer.Text("one"), ScriptedAnswer.Text("two"));

        var answers = new[] { await TextAsync(client), await TextAsync(client), await TextAsync(client) };

        Assert.That(answers, Is.EqualTo(["one", "two", "two"]));
        Assert.That(client.Requests.Select(request => request.IsStreaming), Is.All.EqualTo(streamed));
    }

    [Test]
    public void Ask_FailureBeyondTheLastChunk_FailsAllTheSame()
    {
        var failure = new IOException();
        var client = new ScriptedChatClient(ScriptedAnswer.Text("one") with { Failure = failure, FailAfterChunks = 9 });

        Assert.That(() => TextAsync(client), Throws.Exception.SameAs(failure));
    }

    [Test]
    public void Ask_TokenCancelledBefore_Throws()
    {
        var client = new ScriptedChatClient(ScriptedAnswer.Text("one"));

        Assert.That(() => TextAsync(client, new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Ask_Delay_WaitsOnTheClock()
    {
        var clock = new ManualTimeProvider();
        var client = new ScriptedChatClient((_, _) => ScriptedAnswer.Text("one") with { Delay = TimeSpan.FromSeconds(1) }, clock);
        var asking = TextAsync(client);
        Assert.That(asking.IsCompleted, Is.False);

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That(await asking, Is.EqualTo("one"));
    }

    [Test]
    public void Ask_NullMessages_Throws() => Assert.That(
        () => streamed
            ? new ScriptedChatClient(new ScriptedAnswer()).GetStreamingResponseAsync((IEnumerable<ChatMessage>)null!).ToChatResponseAsync()
            : new ScriptedChatClient(new ScriptedAnswer()).GetResponseAsync((IEnumerable<ChatMessage>)null!),
        Throws.ArgumentNullException);

    private async Task<string> TextAsync(ScriptedChatClient client, CancellationToken cancellationToken = default) => streamed
        ? (await client.GetStreamingResponseAsync(Asking.Question, null, cancellationToken).ToChatResponseAsync(cancellationToken)).Text
        : (await client.GetResponseAsync(Asking.Question, null, cancellationToken)).Text;
}
