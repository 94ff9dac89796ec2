using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Resilience;

/// <summary>A stream below a decorator that asks with one token and reads with another.</summary>
public sealed class StreamTokenTests
{
    [Test]
    public async Task Stream_EitherTokenIsCancelled_TheUpstreamIsLeft([Values] bool byTheOneAskedWith, [Values] bool resilient)
    {
        using var asked = new CancellationTokenSource();
        using var read = new CancellationTokenSource();
        var model = new ScriptedChatClient(ScriptedAnswer.Hangs());
        var pipeline = new ServiceCollection().AddLlmPipeline().AddModel("m", model).Use((inner, _) => new TwoTokens(inner, asked.Token, read.Token));
        using var services = (resilient ? pipeline.UseResilience() : pipeline).Services.BuildServiceProvider();
        var asking = Outcome.OfAsync(services.GetRequiredService<IChatClient>(), streamed: true);
        await ManualTimeExtensions.UntilAsync(() => model.OpenStreams == 1);

        await (byTheOneAskedWith ? asked : read).CancelAsync();

        Assert.That((await asking).Error, Is.InstanceOf<OperationCanceledException>());
        Assert.That(model.OpenStreams, Is.Zero);
    }

    private sealed class TwoTokens(IChatClient inner, CancellationToken asked, CancellationToken read) : DelegatingChatClient(inner)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, asked).WithCancellation(read).ConfigureAwait(false))
                yield return update;
        }
    }
}
