using System.Net;
using System.Runtime.CompilerServices;
using LlmKit.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Integration.Tests.AspNetCore;

public sealed class ServerSentEventsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task Stream_AnAnswer_IsDeltasAndOneDoneWithTheCall()
    {
        await using var rig = await WebRig.StartAsync(ScriptedAnswer.Text("One\nline, ", "\"two\"\r\n\ndata: three", " ends ü…"));

        using var response = await rig.GetAsync("/stream");
        var events = await Events.ReadAllAsync(response);

        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That(response.Headers.CacheControl?.NoCache, Is.True);
        Assert.That(response.Headers.GetValues("X-Accel-Buffering"), Is.EqualTo(["no"]));
        Assert.That(events.Select(one => one.Name), Is.EqualTo(["delta", "delta", "delta", "done"]));
        Assert.That(Events.Text(events), Is.EqualTo("One\nline, \"two\"\r\n\ndata: three ends ü…"));
        var done = events[^1].Data;
        Assert.That(done.GetProperty("finishReason").GetString(), Is.EqualTo("stop"));
        Assert.That(done.GetProperty("model").GetString(), Is.EqualTo("main"));
        Assert.That(done.GetProperty("cost").GetDecimal(), Is.EqualTo(0.000013m));
        Assert.That(done.GetProperty("usage").GetProperty("input").GetInt64(), Is.EqualTo(10));
        Assert.That(done.GetProperty("usage").GetProperty("output").GetInt64(), Is.EqualTo(3));
        Assert.That(done.GetProperty("cached").GetBoolean(), Is.False);
        Assert.That(done.GetProperty("callId").GetString(), Has.Length.EqualTo(32));
    }

    [Test]
    public async Task Stream_ACharacterThatIsCutInTwo_ArrivesWhole()
    {
        await using var rig = await WebRig.StartAsync(ScriptedAnswer.Text("so \ud83d", "\ude00 good", "\ud83d", "\ude00"));

        using var response = await rig.GetAsync("/stream");
        var events = await Events.ReadAllAsync(response);

        Assert.That(Events.Text(events), Is.EqualTo("so 😀 good😀"));
    }

    [Test]
    public async Task Stream_AnAnswerFromTheCache_SaysSoAndCostsNothing()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), p => p.UseSemanticCache());

        using var first = await rig.GetAsync("/stream");
        await Events.ReadAllAsync(first);
        using var second = await rig.GetAsync("/stream");
        var done = (await Events.ReadAllAsync(second))[^1].Data;

        Assert.That(done.GetProperty("cached").GetBoolean(), Is.True);
        Assert.That(done.GetProperty("cost").GetDecimal(), Is.Zero);
    }

    [Test]
    public async Task Stream_CostIsNotToBeShown_HasNeitherModelNorMoney()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Hi.")), events: o => o.ShowCost = false);

        using var response = await rig.GetAsync("/stream");
        var done = (await Events.ReadAllAsync(response))[^1].Data;

        Assert.That(done.EnumerateObject().Select(property => property.Name), Is.EqualTo(["finishReason", "cached", "callId"]));
    }

    [Test]
    public async Task Stream_AToolCall_IsToldWithoutItsArguments()
    {
        var call = new FunctionCallContent("c1", "order_status", new Dictionary<string, object?> { ["number"] = "private" });
        await using var rig = await WebRig.StartAsync(ScriptedAnswer.Text() with { Contents = [call], FinishReason = ChatFinishReason.ToolCalls });

        using var response = await rig.GetAsync("/stream");
        var events = await Events.ReadAllAsync(response);

        Assert.That(events.Select(one => one.Name), Is.EqualTo(["tool", "done"]));
        Assert.That(events[0].Data.GetRawText(), Is.EqualTo("""{"name":"order_status","id":"c1"}"""));
    }

    [Test]
    public async Task Stream_ItFailsAfterTheFirstContent_EndsWithAnErrorEvent()
    {
        await using var rig = await WebRig.StartAsync(ScriptedAnswer.Text("Half of", " it") with { Failure = new HttpRequestException("secret", null, HttpStatusCode.ServiceUnavailable), FailAfterChunks = 1 });

        using var response = await rig.GetAsync("/stream");
        var events = await Events.ReadAllAsync(response);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(events.Select(one => one.Name), Is.EqualTo(["delta", "error"]));
        Assert.That(events[^1].Data.GetProperty("type").GetString(), Is.EqualTo("urn:llmkit:problem:model-unavailable"));
        Assert.That(events[^1].Data.GetProperty("status").GetInt32(), Is.EqualTo(503));
        Assert.That(events[^1].Data.GetRawText(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task Stream_ItEndsWithoutAFinishReason_EndsWithAnErrorEvent()
    {
        await using var rig = await WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Half of") with { FinishReason = null }));

        using var response = await rig.GetAsync("/stream");
        var events = await Events.ReadAllAsync(response);

        Assert.That(events.Select(one => one.Name), Is.EqualTo(["delta", "error"]));
        Assert.That(events[^1].Data.GetProperty("code").GetString(), Is.EqualTo("answer-incomplete"));
    }

    [Test]
    public async Task Stream_AnExceptionOfTheApplicationInMidStream_IsAnErrorWithoutItsWords()
    {
        await using var rig = await StreamingAsync(FailingAsync);

        using var response = await rig.GetAsync("/own");
        var events = await Events.ReadAllAsync(response);

        Assert.That(events.Select(one => one.Name), Is.EqualTo(["delta", "error"]));
        Assert.That(events[^1].Data.GetProperty("code").GetString(), Is.EqualTo("internal-error"));
        Assert.That(events[^1].Data.GetRawText(), Does.Not.Contain("secret"));

        static async IAsyncEnumerable<ChatResponseUpdate> FailingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new(ChatRole.Assistant, "Half of");
            await Task.Yield();
            throw new InvalidOperationException("secret");
        }
    }

    [Test]
    public async Task Stream_EmptyUpdatesBeforeTheFailure_IsAStatusAndNoEvent()
    {
        await using var rig = await StreamingAsync(FailingAsync);

        using var response = await rig.GetAsync("/own");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.GatewayTimeout));
        Assert.That(response.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));

        static async IAsyncEnumerable<ChatResponseUpdate> FailingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new(ChatRole.Assistant, []);
            await Task.Yield();
            throw new LlmTimeoutException(TimeLimit.Deadline, null, null);
        }
    }

    [Test]
    public async Task Stream_EachUpdate_IsSentBeforeTheNextIsAskedFor()
    {
        var gate = new TaskCompletionSource();
        await using var rig = await StreamingAsync(WaitingAsync);

        using var response = await rig.GetAsync("/own");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await Events.NextAsync(reader).WaitAsync(Patience);
        gate.SetResult();
        var second = await Events.NextAsync(reader).WaitAsync(Patience);

        Assert.That((first!.Value.Data.GetProperty("text").GetString(), second!.Value.Data.GetProperty("text").GetString()), Is.EqualTo(("One", "Two")));

        async IAsyncEnumerable<ChatResponseUpdate> WaitingAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new(ChatRole.Assistant, "One");
            await gate.Task.WaitAsync(cancellationToken);
            yield return new(ChatRole.Assistant, "Two");
        }
    }

    [Test]
    public async Task Stream_TheClientLeaves_CancelsAndDisposes()
    {
        var left = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rig = await StreamingAsync(EndlessAsync);

        using (var response = await rig.GetAsync("/own"))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            await Events.NextAsync(reader).WaitAsync(Patience);
        }

        Assert.That(await left.Task.WaitAsync(Patience), Is.True, "Cancelled, and then disposed of.");

        async IAsyncEnumerable<ChatResponseUpdate> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                yield return new(ChatRole.Assistant, "One");
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                left.SetResult(cancellationToken.IsCancellationRequested);
            }
        }
    }

    [Test]
    public async Task Stream_ALongSilence_IsBrokenByComments()
    {
        var time = new WatchedTime();
        var gate = new TaskCompletionSource();
        await using var rig = await StreamingAsync(SilentAsync, services => services.AddSingleton<TimeProvider>(time));

        var asking = rig.GetAsync("/own");
        await time.WhenWaitedOn;
        time.Advance(TimeSpan.FromSeconds(15));
        using var response = await asking.WaitAsync(Patience);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var comment = await reader.ReadLineAsync();
        gate.SetResult();
        var first = await Events.NextAsync(reader).WaitAsync(Patience);

        Assert.That(comment, Does.StartWith(":"));
        Assert.That(first!.Value.Data.GetProperty("text").GetString(), Is.EqualTo("At last"));

        async IAsyncEnumerable<ChatResponseUpdate> SilentAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await gate.Task.WaitAsync(cancellationToken);
            yield return new(ChatRole.Assistant, "At last");
        }
    }

    private static Task<WebRig> StreamingAsync(Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> updates, Action<IServiceCollection>? services = null) =>
        WebRig.StartAsync(new ScriptedChatClient(ScriptedAnswer.Text("Unused.")), services: services, map: app => app.MapGet("/own", () => LlmResults.ServerSentEvents(updates(CancellationToken.None))));
}
