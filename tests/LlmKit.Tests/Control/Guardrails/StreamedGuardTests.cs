using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Guards on answers that stream: what is held, what is shown, and when.</summary>
public sealed class StreamedGuardTests
{
    private static readonly string[] Pieces = [.. Enumerable.Range(0, 20).Select(number => $"sentence {number:00} of twenty. ")];

    [Test]
    public async Task Stream_AWindow_IsShownWhenItWasLookedAt()
    {
        var windows = new List<string>();
        using var rig = Rig(GuardStreaming.Window, input =>
        {
            windows.Add(input.Text);
            return GuardVerdict.Allow;
        });

        var shown = await rig.StreamAsync("Hi").Select(update => update.Text).ToListAsync();

        Assert.That(string.Concat(shown), Is.EqualTo(string.Concat(Pieces)));
        Assert.That(windows, Has.Count.GreaterThan(3));
        Assert.That(windows[1], Does.StartWith(windows[0][^20..]), "each sees the end of the one before");
    }

    [Test]
    public async Task Stream_AWindowThatIsBlocked_IsNeverShown()
    {
        using var rig = Rig(GuardStreaming.Window, input => input.Text.Contains("09", StringComparison.Ordinal) ? GuardVerdict.Block() : GuardVerdict.Allow);

        var text = string.Concat(await rig.StreamAsync("Hi").Select(update => update.Text).ToListAsync());

        Assert.That(text, Does.StartWith(Pieces[0]).And.Not.Contain("09").And.EndWith(new GuardrailOptions().BlockedAnswer));
        Assert.That(rig.Model.OpenStreams, Is.Zero);
    }

    [Test]
    public async Task Stream_AWindowBesideAGuardThatOnlyLooks_IsStillLookedAt()
    {
        using var rig = new GuardrailRig(
            rules => rules
                .Observed(own => own.AddGuard(Rail.Output, new DelegateGuard("looking", (_, _) => new(GuardVerdict.Allow)), options => Windowed(options, GuardStreaming.Beside)))
                .AddGuard(Rail.Output, new DelegateGuard("own", (input, _) => new(input.Text.Contains("09", StringComparison.Ordinal) ? GuardVerdict.Block() : GuardVerdict.Allow)), options => Windowed(options, GuardStreaming.Window)),
            ScriptedAnswer.Text(Pieces));

        var text = string.Concat(await rig.StreamAsync("Hi").Select(update => update.Text).ToListAsync());

        Assert.That(text, Does.Not.Contain("09").And.EndWith(new GuardrailOptions().BlockedAnswer));
    }

    [Test]
    public async Task Stream_AnObservedForm_HoldsNothing()
    {
        using var rig = new GuardrailRig(rules => rules.Observed(own => own.RequireFormat(AnswerFormats.OneOf("yes"))), ScriptedAnswer.Text(Pieces));

        var updates = await rig.StreamAsync("Hi").ToListAsync();

        Assert.That(updates.Count(update => update.Text.Length > 0), Is.EqualTo(Pieces.Length));
        Assert.That(updates[^1].GetCall()!.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rule").EqualTo("format").And.Property("Observed").True);
    }

    [Test]
    public async Task Stream_AChangeOfWhatWasShown_Blocks()
    {
        using var rig = Rig(GuardStreaming.Window, input => input.Text.Contains("09", StringComparison.Ordinal) ? GuardVerdict.Rewrite("another text") : GuardVerdict.Allow);

        var text = string.Concat(await rig.StreamAsync("Hi").Select(update => update.Text).ToListAsync());

        Assert.That(text, Does.EndWith(new GuardrailOptions().BlockedAnswer).And.Not.Contain("another"));
    }

    [Test]
    public async Task Stream_AGuardBesideTheAnswer_HoldsNothingAndCutsItOff()
    {
        var verdict = new TaskCompletionSource<GuardVerdict>();
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Output, new DelegateGuard("own", async (_, token) => await verdict.Task.WaitAsync(token)), options => Windowed(options, GuardStreaming.Beside)),
            ScriptedAnswer.Text(Pieces));
        var shown = "";

        await foreach (var update in rig.StreamAsync("Hi"))
        {
            shown += update.Text;
            if (shown.Contains("15", StringComparison.Ordinal))
                verdict.TrySetResult(GuardVerdict.Block());
        }

        Assert.That(shown, Does.Contain(Pieces[14]).And.EndWith(new GuardrailOptions().BlockedAnswer));
    }

    [Test]
    public async Task Stream_AGuardBesideTheAnswer_IsWaitedForAtTheEnd()
    {
        using var rig = Rig(GuardStreaming.Beside, input => input.Text.Contains("19", StringComparison.Ordinal) ? GuardVerdict.Block() : GuardVerdict.Allow);

        var updates = await rig.StreamAsync("Hi").ToListAsync();

        Assert.That(string.Concat(updates.Select(update => update.Text)), Does.StartWith(string.Concat(Pieces)).And.EndWith(new GuardrailOptions().BlockedAnswer));
        Assert.That(updates.Last(update => update.FinishReason is not null).FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    [Test]
    public async Task Stream_ThatBreaksWhileHeld_ShowsNothingOfIt()
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Output, new DelegateGuard("own", (_, _) => new(GuardVerdict.Allow))),
            ScriptedAnswer.Text(Pieces) with { Failure = new IOException("cut"), FailAfterChunks = 10 });
        var shown = "";

        Assert.That(
            async () =>
            {
                await foreach (var update in rig.StreamAsync("Hi"))
                    shown += update.Text;
            },
            Throws.TypeOf<IOException>());
        Assert.That(shown, Is.Empty);
        await Task.CompletedTask;
    }

    private static GuardrailRig Rig(GuardStreaming streaming, Func<GuardInput, GuardVerdict> guard) => new(
        rules => rules.AddGuard(Rail.Output, new DelegateGuard("own", (input, _) => new(guard(input))), options => Windowed(options, streaming)), ScriptedAnswer.Text(Pieces));

    private static void Windowed(GuardOptions options, GuardStreaming streaming) =>
        (options.Streaming, options.WindowLength, options.WindowOverlap) = (streaming, 100, 20);
}
