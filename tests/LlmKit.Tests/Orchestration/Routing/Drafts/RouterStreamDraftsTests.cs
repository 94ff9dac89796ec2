using LlmKit.Calls;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Drafts;

/// <summary>A cascade whose drafts are shown before they are checked.</summary>
public sealed class RouterStreamDraftsTests
{
    [Test]
    public async Task Stream_OfADraft_IsShownBeforeItIsChecked()
    {
        var isChecked = false;
        using var rig = Rig(ScriptedAnswer.Text("from ", "small"), _ => isChecked = true);
        await using var stream = rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).GetAsyncEnumerator();

        await stream.MoveNextAsync();

        Assert.That((stream.Current.Text, isChecked), Is.EqualTo(("from ", false)));
    }

    [Test]
    public async Task Stream_OfADraftThatIsAccepted_EndsAsItDid()
    {
        using var rig = Rig(ScriptedAnswer.Text("from ", "small"), _ => true);

        var updates = await rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).ToListAsync();

        var answer = updates.ToChatResponse();
        Assert.That((answer.Text, answer.FinishReason), Is.EqualTo(("from small", (ChatFinishReason?)ChatFinishReason.Stop)));
        Assert.That(updates.Any(update => update.IsDraftRejected()), Is.False);
        Assert.That(updates[^1].GetCall()!.Marks, Is.EqualTo(AnswerMarks.None));
    }

    [Test]
    public async Task Stream_OfADraftThatIsNot_IsTakenBackAndTheAnswerFollows()
    {
        using var rig = Rig(ScriptedAnswer.Text("from ", "small"), _ => false);

        var updates = await rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).ToListAsync();

        var notice = updates.FindIndex(update => update.IsDraftRejected());
        Assert.That(string.Concat(updates.Take(notice).Select(update => update.Text)), Is.EqualTo("from small"));
        Assert.That(string.Concat(updates.Skip(notice).Select(update => update.Text)), Is.EqualTo("from strong"));
        Assert.That(updates.Count(update => update.FinishReason is not null), Is.EqualTo(1));
        Assert.That(updates.ToChatResponse().Messages[^1].Text, Is.EqualTo("from strong"));
        Assert.That((updates[^1].GetCall()!.Marks, updates[^1].GetCall()!.Cost), Is.EqualTo((AnswerMarks.Unverified, 24m)));
    }

    [Test]
    public async Task Stream_OfADraftThatIsNotUnderRails_IsTakenBackWithWhatTheyHeld()
    {
        using var rig = Rig(new ScriptedChatClient(ScriptedAnswer.Text("from ", "small")), _ => false, builder => builder.UseTracing().UseGuardrails(rails => rails.DenyTerms("small talk")));

        var updates = await rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()).ToListAsync();

        var notice = updates.FindIndex(update => update.IsDraftRejected());
        Assert.That(string.Concat(updates.Take(notice + 1).Select(update => update.Text)), Is.EqualTo("from small"));
        Assert.That(string.Concat(updates.Skip(notice + 1).Select(update => update.Text)), Is.EqualTo("from strong"));
    }

    [Test]
    public async Task Stream_OfADraftThatBreaks_ReachesTheCaller()
    {
        var cut = new IOException("cut");
        using var rig = Rig(ScriptedAnswer.Text("from ", "small") with { Failure = cut, FailAfterChunks = 1 }, _ => true);

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("from ", cut)));
    }

    [Test]
    public async Task Stream_OfADraftThatFailsBeforeItsContent_IsAnsweredByTheNextWithoutATrace()
    {
        using var rig = Rig(ScriptedAnswer.Throws(Failures.Http(503)), _ => true);

        var outcome = await rig.AskAsync(streamed: true);

        Assert.That((outcome.Text, outcome.Error), Is.EqualTo(("from strong", (Exception?)null)));
    }

    [Test]
    public async Task Stream_LeftByTheReader_LeavesNoneOpen()
    {
        var small = new ScriptedChatClient(ScriptedAnswer.Text("from ", "small"));
        using var rig = Rig(small, _ => true);

        await foreach (var _ in rig.Chat.GetStreamingResponseAsync("hi", BudgetRig.Call()))
            break;

        Assert.That(small.OpenStreams, Is.Zero);
    }

    private static BudgetRig Rig(ScriptedAnswer small, Func<string, bool> isGood) => Rig(new ScriptedChatClient(small), isGood);

    private static BudgetRig Rig(ScriptedChatClient small, Func<string, bool> isGood, Action<LlmPipelineBuilder>? compose = null) => new(builder =>
    {
        builder.AddPriced("small", small).AddPriced("strong", ScriptedAnswer.Text("from ", "strong"));
        compose?.Invoke(builder);
        builder.UseRouter(router =>
        {
            router.Cascade("small", "strong").Verify(DraftChecks.Of("mine", draft => isGood(draft.Text)));
            router.StreamDrafts = true;
        });
    });
}
