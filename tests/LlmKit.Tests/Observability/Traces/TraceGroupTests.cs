using LlmKit.Calls;
using LlmKit.Observability.Traces;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces;

public sealed class TraceGroupTests
{
    [Test]
    public async Task Bad_ACallThatFailedBecauseItWasBlocked_CountsOnce()
    {
        var store = new MemoryTraceStore(10, 1 << 20);
        await store.AddAsync([
            TraceRecords.Of("a", 1),
            TraceRecords.Of("b", 2) with { Status = CallStatus.Failed },
            TraceRecords.Of("c", 3) with { Marks = AnswerMarks.Blocked },
            TraceRecords.Of("d", 4) with { Status = CallStatus.Failed, Marks = AnswerMarks.Blocked },
        ]);

        var group = (await store.AggregateAsync(new(), new())).Single();

        Assert.That((group.Calls, group.Failures, group.Blocked, group.Bad), Is.EqualTo((4, 2, 2, 3)));
    }
}
