using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Conformance;

public sealed class StageContractTests
{
    [TestCaseSource(typeof(Stages), nameof(Stages.All))]
    public async Task Verify_EveryStage_KeepsTheContract(Func<IChatClient, IChatClient> stage) =>
        Assert.That(await StageContract.VerifyAsync(stage), Is.Empty);

    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case("swallows exceptions", "exceptions unwrapped", inner => new BrokenChatClient(inner) { Swallows = true });
        yield return Case("wraps exceptions", "exceptions unwrapped", inner => new BrokenChatClient(inner) { Wraps = true });
        yield return Case("changes options", "caller's objects", inner => new BrokenChatClient(inner) { ChangesOptions = true });
        yield return Case("reads the messages twice", "enumerates the messages once", inner => new BrokenChatClient(inner) { ReadsTwice = true });
        yield return Case("drops the token", "hears cancellation", inner => new BrokenChatClient(inner) { Answers = true });
        yield return Case("answers itself", "passes answers through", inner => new BrokenChatClient(inner) { Answers = true });
        yield return Case("keeps its inner client", "disposes of the inner client", inner => new BrokenChatClient(inner) { Keeps = true });
        yield return Case("hides its inner client", "finds services", inner => new BrokenChatClient(inner) { Hides = true });
    }

    [TestCaseSource(nameof(Broken))]
    public async Task Verify_StageThatBreaksARule_NamesTheRule(string rule, Func<IChatClient, IChatClient> stage) =>
        Assert.That(await StageContract.VerifyAsync(stage), Has.Some.Contains(rule));

    private static TestCaseData Case(string name, string rule, Func<IChatClient, IChatClient> stage) => new TestCaseData(rule, stage).SetArgDisplayNames(name);

    /// <summary>Breaks the rules it is told to break.</summary>
    private sealed class BrokenChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public bool Swallows { get; init; }

        public bool Wraps { get; init; }

        public bool ChangesOptions { get; init; }

        public bool ReadsTwice { get; init; }

        public bool Answers { get; init; }

        public bool Keeps { get; init; }

        public bool Hides { get; init; }

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            if (ChangesOptions && options is not null)
                options.Temperature = 2;
            if (ReadsTwice)
                _ = messages.Count();
            if (Answers)
                return new(new ChatMessage(ChatRole.Assistant, "mine"));
            try
            {
                return await base.GetResponseAsync(messages, options, cancellationToken);
            }
            catch (Exception exception) when (Swallows || Wraps)
            {
                return Swallows ? new() : throw new InvalidOperationException("wrapped", exception);
            }
        }

        public override object? GetService(Type serviceType, object? serviceKey = null) => Hides ? null : base.GetService(serviceType, serviceKey);

        protected override void Dispose(bool disposing)
        {
            if (!Keeps)
                base.Dispose(disposing);
        }
    }
}
