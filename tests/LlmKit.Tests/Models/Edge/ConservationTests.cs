using System.Net;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Edge;

/// <summary>Whatever happens, each reservation ends once, and what was spent is what the attempts cost.</summary>
public sealed class ConservationTests
{
    private static readonly ScriptedAnswer[] Outcomes =
    [
        ScriptedAnswer.Text("Par", "is"),
        ScriptedAnswer.Text("Par", "is") with { Usage = null },
        ScriptedAnswer.Text("Par", "is") with { FinishReason = null },
        ScriptedAnswer.Text("Par", "is") with { Usage = new() { InputTokenCount = 1_000_000, OutputTokenCount = 1_000_000 } },
        ScriptedAnswer.Text("Par", "is") with { Failure = new IOException("cut"), FailAfterChunks = 1 },
        ScriptedAnswer.Throws(new HttpRequestException("slow down", null, HttpStatusCode.TooManyRequests)),
        ScriptedAnswer.Throws(new TimeoutException()),
        ScriptedAnswer.Throws(new HttpRequestException(HttpRequestError.ConnectionError, "refused")),
        ScriptedAnswer.Text("Par", "is") with { HangAfterChunks = 1 },
    ];

    private enum Way
    {
        Plain,
        Streamed,
        LeftEarly,
        LeftWhileMoving,
    }

    [Test]
    public void Ask_AnyScriptOfOutcomes_ConservesMoney() =>
        Prop.ForAll(Scripts(), script => ConservesAsync(script).GetAwaiter().GetResult()).QuickCheckThrowOnFailure();

    private static Arbitrary<(int Outcome, Way Way)[]> Scripts()
    {
        var step = from outcome in Gen.Choose(0, Outcomes.Length - 1)
                   from way in Gen.Elements(Way.Plain, Way.Streamed, Way.LeftEarly, Way.LeftWhileMoving)
                   select (outcome, way);
        return step.ArrayOf().ToArbitrary();
    }

    private static async Task<bool> ConservesAsync((int Outcome, Way Way)[] script)
    {
        var ledger = new RecordingLedger(limit: 5_000_000);
        var interaction = new LlmInteraction();
        var completed = 0;
        var model = new ScriptedChatClient((number, _) => Outcomes[script[number].Outcome]);
        using var host = PipelineHost.For(model, builder => builder.UseLedger(ledger));
        // A refused call asks the model nothing, so the script is kept in step by hand.
        for (var i = 0; i < script.Length && model.Requests.Count == i; i++)
            await RunAsync(host.Chat, script[i].Way, new() { Interaction = interaction, OnCompleted = _ => completed++ });

        return ledger.Holds.All(hold => hold.Ends == 1)
            && ledger.Spent == interaction.Cost
            && interaction.Attempts == ledger.Holds.Count
            && interaction.Calls == completed;
    }

    private static async Task RunAsync(IChatClient chat, Way way, LlmCallOptions options)
    {
        using var cancel = new CancellationTokenSource();
        try
        {
            if (way == Way.Plain)
            {
                var asking = chat.GetResponseAsync(Asking.Question, options, cancel.Token);
                await cancel.CancelAsync();
                await asking;
                return;
            }

            await using var stream = chat.GetStreamingResponseAsync(Asking.Question, options, cancel.Token).GetAsyncEnumerator(CancellationToken.None);
            await ReadAsync(stream, way, cancel);
        }
        catch (Exception)
        {
            // Every end is allowed; only the money is looked at.
        }
    }

    private static async Task ReadAsync(IAsyncEnumerator<ChatResponseUpdate> stream, Way way, CancellationTokenSource cancel)
    {
        await stream.MoveNextAsync();
        if (way == Way.LeftEarly)
            return;
        while (true)
        {
            var moving = stream.MoveNextAsync();
            if (way == Way.LeftWhileMoving && !moving.IsCompleted)
                return;
            if (!moving.IsCompleted)
                await cancel.CancelAsync();
            if (!await moving)
                return;
        }
    }
}
