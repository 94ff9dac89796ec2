using LlmKit.Calls;
using LlmKit.Control.Guardrails;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>Guards where texts, rules and other guards meet.</summary>
public sealed class GuardEdgeTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Stream_AChangeByAGuardBesideTheAnswer_BlocksForItCannotBeMade(bool redacts)
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Output, Guard(_ => redacts ? GuardVerdict.Redact([new(0, 4)]) : GuardVerdict.Rewrite("No.")), options => options.Streaming = GuardStreaming.Beside),
            ScriptedAnswer.Text("Take ", "800 mg."));

        var (response, call) = await rig.AskAsync(streamed: true, "Hi");

        Assert.That((response.FinishReason, response.Text), Is.EqualTo((ChatFinishReason.ContentFilter, "Take 800 mg." + new GuardrailOptions().BlockedAnswer)));
        Assert.That(call.Steps.OfType<GuardrailStep>().Where(step => step.Verdict == RailVerdict.Block).Select(step => step.Rule), Is.EqualTo(new[] { "own" }));
    }

    [Test]
    public async Task Ask_WhatTheModelReasons_IsGuardedToo([Values] bool streamed, [Values] GuardStreaming streaming)
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Output, Guard(input => input.Text.Contains("800", StringComparison.Ordinal) ? GuardVerdict.Block() : GuardVerdict.Allow), options => options.Streaming = streaming),
            new ScriptedAnswer { Contents = [new TextReasoningContent("They may take 800 mg."), new TextContent("I do not know.")] });

        var (response, _) = await rig.AskAsync(streamed, "Hi");

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    [Test]
    public async Task Ask_AChangeOfTheReasoning_IsMadeInIt([Values] bool streamed, [Values(GuardStreaming.Whole, GuardStreaming.Window)] GuardStreaming streaming)
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(Rail.Output, Guard(input => input.Text.Contains("800", StringComparison.Ordinal) ? GuardVerdict.Rewrite("Hm.") : GuardVerdict.Allow), options => options.Streaming = streaming),
            new ScriptedAnswer { Contents = [new TextReasoningContent("They may take 800 mg."), new TextContent("I do not know.")] });

        var (response, _) = await rig.AskAsync(streamed, "Hi");

        Assert.That((response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>().Single().Text, response.Text), Is.EqualTo(("Hm.", "I do not know.")));
    }

    [Test]
    public async Task Ask_AShortAnswerInAWindow_IsNotCalledAPart()
    {
        var parts = new List<bool>();
        using var rig = new GuardrailRig(rules => rules.AddGuard(
            Rail.Output,
            Guard(input =>
            {
                parts.Add(input.IsPartial);
                return GuardVerdict.Allow;
            }),
            options => options.Streaming = GuardStreaming.Window));

        await rig.AskAsync(streamed: true, "Hi");

        Assert.That(parts, Is.EqualTo(new[] { false }));
    }

    [Test]
    public async Task Ask_ARepairThatBreaksARule_IsNotTaken([Values] bool streamed, [Values] bool byTopic)
    {
        using var rig = new GuardrailRig(
            rules =>
            {
                rules.RequireFormat(AnswerFormats.AnyJson, format => format.FallbackAnswer = "{}");
                if (byTopic)
                    rules.DenyTopic("drugs", 1, "ibuprofen");
                else
                    rules.MostAnswerLength = 12;
            },
            [ScriptedAnswer.Text("no JSON"), ScriptedAnswer.Text("""{"take":"ibuprofen, and more"}""")]);

        var (response, _) = await rig.AskAsync(streamed, "Hi");

        Assert.That(response.Text, Is.EqualTo("{}"));
    }

    [Test]
    public async Task Ask_AGuardThatChangesTheFormAway_LeavesTheFallback([Values] bool streamed)
    {
        using var rig = new GuardrailRig(
            rules => rules
                .RequireFormat(AnswerFormats.OneOf("yes", "no"), format => format.FallbackAnswer = "no")
                .AddGuard(Rail.Output, Guard(_ => GuardVerdict.Rewrite("maybe"))),
            ScriptedAnswer.Text("yes"));

        var (response, _) = await rig.AskAsync(streamed, "Hi");

        Assert.That(response.Text, Is.EqualTo("no"));
    }

    [Test]
    public async Task Ask_WhatAGuardFoundInTheRequest_ComesBackUnderItsKind([Values] bool streamed)
    {
        using var rig = new GuardrailRig(
            rules =>
            {
                rules.Style = RedactionStyle.Placeholder;
                rules.AddGuard(Rail.Input, Guard(input => GuardVerdict.Redact([new(input.Text.IndexOf("Ann Lee", StringComparison.Ordinal), 7) { Kind = "PERSON" }])));
            },
            ScriptedAnswer.Text("Dear [PERS", "ON_1], hello."));

        var (response, _) = await rig.AskAsync(streamed, "Write to Ann Lee.");

        Assert.That(rig.Model.Requests.Single().Messages.Single().Text, Is.EqualTo("Write to [PERSON_1]."));
        Assert.That(response.Text, Is.EqualTo("Dear Ann Lee, hello."));
    }

    [Test]
    public async Task Ask_ManyTextsWithPeople_GivesEachItsOwnPlaceholder()
    {
        using var rig = new GuardrailRig(rules =>
        {
            rules.Style = RedactionStyle.Placeholder;
            rules.AddGuard(Rail.Input, new DelegateGuard("own", async (input, _) =>
            {
                await Task.Yield();
                return GuardVerdict.Redact([new(0, input.Text.Length) { Kind = "PERSON" }]);
            }));
        });
        ChatMessage[] people = [.. Enumerable.Range(0, 40).Select(number => new ChatMessage(ChatRole.User, $"Person {number}"))];

        await rig.AskAsync(streamed: false, people);

        Assert.That(rig.Model.Requests.Single().Messages.Select(message => message.Text).Distinct().Count(), Is.EqualTo(40));
    }

    [Test]
    public async Task Ask_AGuardThatFailsWhenItsChangeIsAskedAgain_LetsNothingThrough([Values] bool streamed)
    {
        var asked = 0;
        using var rig = new GuardrailRig(rules => rules
            .AddGuard(Rail.Input, new DelegateGuard("first", (_, _) => new(GuardVerdict.Redact([new(0, 1)]))))
            .AddGuard(
                Rail.Input,
                new DelegateGuard("second", (_, _) => ++asked == 1 ? new(GuardVerdict.Redact([new(2, 3)])) : throw new IOException("down")),
                options => options.WhenFailing = GuardFailure.Allow));

        var (response, _) = await rig.AskAsync(streamed, "My secret");

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
        Assert.That(rig.Model.Requests, Is.Empty);
    }

    [Test]
    public async Task Stream_AnObservedGuardThatIsSlow_HoldsNoFirstWord()
    {
        var verdict = new TaskCompletionSource<GuardVerdict>();
        using var rig = new GuardrailRig(
            rules => rules.Observed(own => own.AddGuard(Rail.Input, new DelegateGuard("slow", async (_, token) => await verdict.Task.WaitAsync(token)))),
            ScriptedAnswer.Text("Near ", "the park."));
        var shown = "";
        LlmCall? call = null;

        await foreach (var update in rig.StreamAsync("Hi"))
        {
            shown += update.Text;
            call = update.GetCall() ?? call;
            if (shown.Length > 0)
                verdict.TrySetResult(GuardVerdict.Block());
        }

        Assert.That(shown, Is.EqualTo("Near the park."));
        Assert.That(call!.Steps.OfType<GuardrailStep>().Single(), Has.Property("Rule").EqualTo("slow").And.Property("Observed").True);
    }

    [Test]
    public async Task Ask_ABlockOfOneText_WaitsForNoGuardOfAnother([Values] bool streamed, [Values] bool besideModel)
    {
        using var rig = new GuardrailRig(
            rules => rules.AddGuard(
                Rail.Input,
                new DelegateGuard("own", async (input, token) =>
                {
                    if (input.Text == "bad")
                        return GuardVerdict.Block();
                    await Task.Delay(Timeout.Infinite, token);
                    return GuardVerdict.Allow;
                }),
                options => options.BesideModel = besideModel),
            ScriptedAnswer.Hangs());

        var (response, _) = await rig.AskAsync(streamed, new ChatMessage(ChatRole.User, "good"), new ChatMessage(ChatRole.User, "bad"));

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    [Test]
    public async Task Stream_BlockedWhileTheModelHasNotBegun_IsABlockAndNoCancellation()
    {
        var options = new GuardrailOptions();
        options.AddGuard(Rail.Input, Guard(_ => GuardVerdict.Block()), guard => guard.BesideModel = true);
        using var client = new GuardrailChatClient(new LateChatClient(), options);

        var response = await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.ContentFilter));
    }

    private static DelegateGuard Guard(Func<GuardInput, GuardVerdict> evaluate) => new("own", (input, _) => new(evaluate(input)));

    /// <summary>Opens its stream only when nobody wants it any more.</summary>
    private sealed class LateChatClient() : DelegatingChatClient(new UpdatesChatClient(new ChatResponseUpdate(ChatRole.Assistant, "Late.")))
    {
        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Assert.That(cancellationToken.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)), "the guard stops the model");
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }
}
