using LlmKit.Internal;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Internal;

public sealed class StreamOpeningTests
{
    private static readonly string[] ManyEmpty = [.. Enumerable.Repeat("", 1_000)];

    [Test]
    public async Task ReadAsync_ManyUpdatesWithoutContent_HoldsFewAndReadsOn()
    {
        await using var opening = await OpenAsync(ScriptedAnswer.Text([.. ManyEmpty, "a", "b"]));

        Assert.That(opening.Beginning, Has.Count.EqualTo(257));
        Assert.That(opening.Beginning[^1].Text, Is.EqualTo("a"));
    }

    [Test]
    public async Task ReadAsync_ManyUpdatesAndNoContent_KeepsUsageAndFinishReason()
    {
        await using var opening = await OpenAsync(ScriptedAnswer.Text(ManyEmpty));

        Assert.That(opening.Beginning.SelectMany(update => update.Contents).OfType<UsageContent>().Count(), Is.EqualTo(1));
        Assert.That(opening.Beginning.Select(update => update.FinishReason).Concat(await RestAsync(opening)), Has.Some.EqualTo(ChatFinishReason.Stop));
    }

    private static ValueTask<StreamOpening> OpenAsync(ScriptedAnswer answer) =>
        StreamOpening.ReadAsync(new ScriptedChatClient(answer), [new(ChatRole.User, "q")], new(), CancellationToken.None);

    private static async Task<List<ChatFinishReason?>> RestAsync(StreamOpening opening)
    {
        var reasons = new List<ChatFinishReason?>();
        while (await opening.Rest.MoveNextAsync())
            reasons.Add(opening.Rest.Current.FinishReason);
        return reasons;
    }
}
