using System.Diagnostics.Metrics;
using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Calls.Constraints;

public sealed class FeatureConstraintTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Ask_OfAFeatureWithItsOwnConstraints_IsHeldToThemAndToWhatHoldsForAll([Values] bool streamed)
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));

        var (_, own) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage" });
        var (_, other) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "chat" });

        Assert.That(own.Constraints.Select(outcome => (outcome.Name, outcome.Limit)), Is.EqualTo(new[] { ("latency", 5m), ("cost", 900m) }));
        Assert.That(other.Constraints.Select(outcome => (outcome.Name, outcome.Limit)), Is.EqualTo(new[] { ("latency", 20m), ("cost", 900m) }));
    }

    [Test]
    public async Task Ask_OfAFeatureWithAShorterLatency_EndsByIt([Values] bool streamed)
    {
        using var host = Host(ScriptedAnswer.Hangs());
        var asking = host.Chat.FailAsync(streamed, new LlmCallOptions { Feature = "triage" });

        var exception = await host.Clock.FinishAsync(asking);

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("After").EqualTo(5 * Second));
    }

    [Test]
    public async Task Ask_WithConstraintsFromConfiguration_IsHeldToThem([Values] bool streamed)
    {
        using var host = Host(ScriptedAnswer.Text("Paris"), ("Constraints:Features:triage:Latency", "00:00:03"), ("Constraints:Features:search:Latency", "00:00:02"));

        var (_, code) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage" });
        var (_, configured) = await host.Chat.AskAsync(streamed, new LlmCallOptions { Feature = "search" });

        Assert.That((code.TimeLimit, configured.TimeLimit), Is.EqualTo((3 * Second, 2 * Second)));
    }

    [Test]
    public async Task Stream_WithoutContentInTime_EndsByTheLimitOnIt()
    {
        using var host = Host(ScriptedAnswer.Hangs(), configure: constraints => constraints.FirstContent = 2 * Second);
        var asking = host.Chat.FailAsync(streamed: true, new LlmCallOptions { Feature = "chat" });

        var exception = await host.Clock.FinishAsync(asking);

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.FirstContent).And.Property("After").EqualTo(2 * Second).And.Message.Contains("LlmConstraints.FirstContent"));
        Assert.That(exception.GetCall()!.Constraints.Single(outcome => outcome.Name == "first-content").Met, Is.False);
    }

    [Test]
    public async Task Stream_WithContentInTime_MayTakeItsTimeAfterwards()
    {
        var clock = new ManualTimeProvider();
        using var host = new PipelineHost(
            builder => builder
                .AddModel("model", new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Par", "is") with { Delay = Second, DelayBetween = 30 * Second }, clock))
                .WithConstraints(constraints => constraints.FirstContent = 2 * Second),
            services => services.AddSingleton<TimeProvider>(clock));
        var asking = host.Chat.AskAsync(streamed: true);

        var (response, call) = await clock.FinishAsync(asking);

        Assert.That(response.Text, Is.EqualTo("Paris"));
        Assert.That(call.Constraints.Single(), Has.Property("Name").EqualTo("first-content").And.Property("Met").True.And.Property("Actual").LessThanOrEqualTo(2m));
    }

    [Test]
    public async Task Stream_WhoseContentComesAsTheTimeIsUp_ShowsNothing([Values] bool isInside)
    {
        var clock = new ManualTimeProvider();
        var late = new LateChatClient(() => clock.Advance(3 * Second));
        using var host = new PipelineHost(
            builder =>
            {
                if (isInside)
                    builder.AddModel("nested", services => services.GetRequiredKeyedService<IChatClient>("inner"));
                else
                    builder.AddModel("model", late).WithConstraints(constraints => constraints.FirstContent = 2 * Second);
            },
            services =>
            {
                services.AddSingleton<TimeProvider>(clock);
                services.AddLlmPipeline("inner").AddModel("innermost", late).WithConstraints(constraints => constraints.FirstContent = 2 * Second);
            });
        var shown = new List<string>();

        var exception = Assert.CatchAsync(async () =>
        {
            await foreach (var update in host.Chat.GetStreamingResponseAsync("Hi"))
                shown.Add(update.Text);
        });

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.FirstContent));
        Assert.That(shown, Is.Empty);
        Assert.That(clock.ActiveTimers, Is.Zero);
    }

    [Test]
    public async Task Stream_ThatIsTriedAgain_HasOneLimitForAllItsTries()
    {
        using var host = new PipelineHost(builder => builder
            .AddModel("first", new ScriptedChatClient(ScriptedAnswer.Throws(new IOException("cut"))))
            .AddModel("second", new ScriptedChatClient(ScriptedAnswer.Hangs()))
            .WithConstraints(constraints => constraints.FirstContent = 2 * Second)
            .UseRouter());
        var asking = host.Chat.FailAsync(streamed: true);

        var exception = await host.Clock.FinishAsync(asking);

        Assert.That(exception, Is.TypeOf<LlmTimeoutException>().With.Property("Limit").EqualTo(TimeLimit.FirstContent));
    }

    [Test]
    public async Task Ask_OutsideOfAnyInteraction_IsOneByItself([Values] bool streamed)
    {
        using var host = Host(ScriptedAnswer.Text("Paris"), configure: constraints => (constraints.CostPerCall, constraints.CostPerInteraction) = (null, 5));

        var exception = await host.Chat.FailAsync(streamed, new LlmCallOptions { Feature = "chat" });

        Assert.That(exception, Is.TypeOf<AttemptRefusedException>());
    }

    [Test]
    public async Task Ask_OfAnyFeature_IsCountedAsMetOrBroken([Values] bool streamed)
    {
        var counted = new List<(string? Feature, string? Constraint, bool Met)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listening) => { if (instrument.Name == "llmkit.call.constraints") listening.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary();
            if ((string?)all[LlmKitDiagnostics.PipelineTag] == nameof(Ask_OfAnyFeature_IsCountedAsMetOrBroken) + streamed)
                counted.Add(((string?)all[LlmKitDiagnostics.FeatureTag], (string?)all["llmkit.constraint"], (bool)all["llmkit.constraint.met"]!));
        });
        listener.Start();
        var services = new ServiceCollection();
        services.AddLlmPipeline(nameof(Ask_OfAnyFeature_IsCountedAsMetOrBroken) + streamed)
            .AddModel("model", new ScriptedChatClient(ScriptedAnswer.Text("Paris")))
            .WithConstraints(constraints => constraints.Latency = TimeSpan.FromHours(1))
            .WithConstraints("triage", _ => { });
        using var provider = services.BuildServiceProvider();
        var chat = provider.GetRequiredKeyedService<IChatClient>(nameof(Ask_OfAnyFeature_IsCountedAsMetOrBroken) + streamed);

        await chat.AskAsync(streamed, new LlmCallOptions { Feature = "triage" });
        await chat.AskAsync(streamed, new LlmCallOptions { Feature = "anything that a user may have typed" });

        Assert.That(counted, Is.EqualTo(new[] { ("triage", "latency", true), ((string?)null, "latency", true) }));
    }

    [Test]
    public void ToMarkdown_OfAHostileName_IsOneLineOfText()
    {
        var sheet = new LlmConstraintSheet("p", "a|b\u2028# c\u202E[d](x)\n<e>", default, 0, []);

        Assert.That(sheet.ToMarkdown().Split('\n')[0], Is.EqualTo("# a\\|b \\# c \\[d\\]\\(x\\) \\<e\\>: what is promised, and what came of it"));
    }

    [Test]
    public async Task Ask_InAnInteractionThatHasSpentWhatItMay_IsRefused([Values] bool streamed)
    {
        using var host = Host(ScriptedAnswer.Text("Paris"), configure: constraints => constraints.CostPerInteraction = 60);
        var interaction = new LlmInteraction();
        var options = new LlmCallOptions { Interaction = interaction, MaxOutputTokens = 20 };
        var (_, first) = await host.Chat.AskAsync(streamed, options);

        Exception? refused = null;
        for (var i = 0; i < 10 && refused is null; i++)
        {
            try
            {
                await host.Chat.AskAsync(streamed, options);
            }
            catch (AttemptRefusedException exception)
            {
                refused = exception;
            }
        }

        Assert.That(refused?.Message, Does.Contain("LlmConstraints.CostPerInteraction"));
        Assert.That(interaction.Cost, Is.GreaterThan(0).And.LessThanOrEqualTo(60));
        Assert.That(first.Constraints.Single(outcome => outcome.Name == "interaction-cost"), Has.Property("Limit").EqualTo(60).And.Property("Met").True);
    }

    [Test]
    public async Task SheetOf_AFeature_SaysHowItsCallsStoodToWhatIsDeclared()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));
        for (var i = 0; i < 3; i++)
            await host.Chat.AskAsync(streamed: i == 1, new LlmCallOptions { Feature = "triage" });

        var sheets = host.Services.GetRequiredService<LlmConstraintSheets>();
        var sheet = sheets.Of("triage");

        Assert.That((sheet.Calls, sheet.Lines.Count, sheet.Lines[0].Met, sheet.Lines[0].ShareMet), Is.EqualTo((3L, 2, 3L, (double?)1)));
        Assert.That(sheets.All().Select(one => one.Feature), Is.EqualTo(new[] { null, "triage" }));
        Assert.That(sheet.ToMarkdown(), Does.Contain("# triage: what is promised").And.Contain("| Time to the whole answer | 5 s | 3 of 3 (100.00 %, at least "));
    }

    [Test]
    public async Task SheetOf_ACallWithAnAttemptThatSettlesAfterIt_CountsWhatThatCost([Values] bool streamed)
    {
        LlmCall? opened = null;
        using var host = PipelineHost.For(ScriptedAnswer.Text("Paris"), builder => builder
            .WithConstraints(constraints => (constraints.CostPerCall, constraints.CostPerInteraction) = (1_000_000, 1_000_000))
            .WithConstraints("triage", constraints => (constraints.CostPerCall, constraints.CostPerInteraction) = (40, 40))
            .UseAtOpening(call => (opened = call).BeginAttempt()));
        var sheets = host.Services.GetRequiredService<LlmConstraintSheets>();
        var options = new LlmCallOptions { Feature = "triage", Interaction = new LlmInteraction(), MaxOutputTokens = 2 };

        var (_, call) = await host.Chat.AskAsync(streamed, options);
        var closed = call.Constraints;
        opened!.EndAttempt(new() { Model = "loser", Spent = Money.FromUsd(50) }, Money.FromUsd(50));
        await call.WhenSettled;
        await ManualTimeExtensions.UntilAsync(() => sheets.Of("triage").Calls == 1);

        Assert.That(closed.Select(outcome => (outcome.Name, outcome.Actual, outcome.Met)), Is.EqualTo(new[] { ("cost", 12m, true), ("interaction-cost", 12m, true) }));
        Assert.That(call.Constraints.Select(outcome => (outcome.Name, outcome.Actual, outcome.Met)), Is.EqualTo(new[] { ("cost", 62m, false), ("interaction-cost", 62m, false) }));
        Assert.That(sheets.Of("triage").Lines.Select(line => (line.Name, line.Calls, line.Met, line.Worst)), Is.EqualTo(new[] { ("cost", 1L, 0L, 62m), ("interaction-cost", 1L, 0L, 62m) }));
    }

    [Test]
    public void SheetOf_AFeatureWithoutItsOwn_SaysWhatToDo()
    {
        using var host = Host(ScriptedAnswer.Text("Paris"));
        _ = host.Chat;

        Assert.That(() => host.Services.GetRequiredService<LlmConstraintSheets>().Of("chat"), Throws.ArgumentException.With.Message.Contains("WithConstraints(feature"));
    }

    private static PipelineHost Host(ScriptedAnswer answer, params (string Key, string Value)[] settings) => Host(answer, null, settings);

    private static PipelineHost Host(ScriptedAnswer answer, Action<LlmConstraints>? configure, params (string Key, string Value)[] settings) => new(
        builder =>
        {
            builder.AddModel("model", new ScriptedChatClient(answer), options => options.Price = new(1_000_000, 1_000_000));
            builder.WithConstraints(constraints =>
            {
                (constraints.Latency, constraints.CostPerCall) = (TimeSpan.FromSeconds(20), 900);
                configure?.Invoke(constraints);
            });
            builder.WithConstraints("triage", constraints => constraints.Latency = 5 * Second);
        },
        configuration: settings.Length == 0 ? null : ChangingConfiguration.Of(settings));

    /// <summary>Answers at once, but not before something has happened.</summary>
    private sealed class LateChatClient(Action before) : DelegatingChatClient(new ScriptedChatClient((_, _) => ScriptedAnswer.Text("late")))
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            before();
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, CancellationToken.None))
                yield return update;
        }
    }
}
