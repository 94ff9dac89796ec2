using LlmKit.Calls;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Small stages for pipelines under test.</summary>
internal static class TestStages
{
    /// <summary>Adds a limit on money to every call.</summary>
    public static LlmPipelineBuilder UseLedger(this LlmPipelineBuilder builder, ISpendingHook ledger) =>
        builder.UseAtOpening(call => call.AddSpendingHook(ledger), limitsMoney: true);

    /// <summary>Does something with every call when it opens.</summary>
    public static LlmPipelineBuilder UseAtOpening(this LlmPipelineBuilder builder, Action<LlmCall> opened, bool limitsMoney = false) => builder.AddStage(new StageDefinition<NoSettings, NoSettings>
    {
        Name = "Ledger",
        Place = StagePlace.Budget,
        Limit = (_, _) => limitsMoney ? MoneyLimitMode.Enforced : MoneyLimitMode.None,
        Compile = (settings, _, _) => settings,
        Build = (inner, _, _) => inner,
        Opened = _ => opened,
    });

    /// <summary>Adds a router that asks the models in order until one answers.</summary>
    public static LlmPipelineBuilder UseOrder(this LlmPipelineBuilder builder) => builder.AddStage(new StageDefinition<NoSettings, NoSettings>
    {
        Name = "Order",
        Place = StagePlace.Router,
        Compile = (settings, _, _) => settings,
        BuildFork = (branches, _, _) => new OrderedDispatcher([.. branches.Select(branch => branch.Client)]),
    });

    /// <summary>Adds a stage that does nothing, at some place.</summary>
    public static LlmPipelineBuilder UsePlace(this LlmPipelineBuilder builder, StagePlace place) =>
        builder.AddStage(Passing(place.ToString(), place));

    /// <summary>Adds a stage with settings from configuration, which writes each call's text to a list.</summary>
    public static LlmPipelineBuilder UseGreeting(this LlmPipelineBuilder builder, Action<GreetingOptions>? configure = null) => builder.AddStage(Greeting(configure));

    public static StageDefinition<GreetingOptions, string> Greeting(Action<GreetingOptions>? configure = null) => new()
    {
        Name = "Greeting",
        Place = StagePlace.Custom,
        Configure = configure,
        Bind = (section, options) => options.Text = section["Text"] ?? options.Text,
        Compile = (options, _, failures) =>
        {
            if (options.Text.Length == 0)
                failures.Add("The greeting is empty. Set GreetingOptions.Text.");
            return options.Text;
        },
        Build = (inner, settings, context) => new GreetingChatClient(inner, settings, context.Time),
    };

    public static StageDefinition<NoSettings, NoSettings> Passing(string name, StagePlace place = StagePlace.Custom) => new()
    {
        Name = name,
        Place = place,
        Compile = (settings, _, _) => settings,
        Build = (inner, _, context) => new PassingChatClient(inner, CallSetup.Alone(name, context.Time, logger: null)),
    };

    internal sealed class NoSettings
    {
    }

    internal sealed class GreetingOptions
    {
        public string Text { get; set; } = "hello";
    }

    /// <summary>Passes everything on, at once.</summary>
    internal sealed class PassingChatClient(IChatClient inner, CallSetup alone) : StageChatClient(inner, alone)
    {
        internal override ValueTask<ChatResponse> RespondAsync(
            IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
            InnerClient.AskAsync(messages, options, call, cancellationToken);

        internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
            IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken) =>
            InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
    }

    /// <summary>Records the greeting of the snapshot that each call started with.</summary>
    internal sealed class GreetingChatClient(IChatClient inner, StageSettings<string> settings, TimeProvider time)
        : StageChatClient(inner, CallSetup.Alone("Greeting", time, logger: null))
    {
        internal override ValueTask<ChatResponse> RespondAsync(
            IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
        {
            call.AddStep(new("greeting", settings.For(call)));
            return InnerClient.AskAsync(messages, options, call, cancellationToken);
        }

        internal override IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
            IReadOnlyList<ChatMessage> messages, ChatOptions options, LlmCall call, CancellationToken cancellationToken)
        {
            call.AddStep(new("greeting", settings.For(call)));
            return InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }
}
