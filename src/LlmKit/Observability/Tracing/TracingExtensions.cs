using LlmKit.Calls;
using LlmKit.Observability.Tracing;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit;

/// <summary>Adds tracing to pipelines.</summary>
public static class TracingExtensions
{
    /// <summary>Reports each call as one span and as metrics. Stands outermost: what stands outside of it is not seen.</summary>
    /// <remarks>
    /// Add the source <see cref="LlmKitDiagnostics.ActivitySourceName"/> and the meter <see cref="LlmKitDiagnostics.MeterName"/> to
    /// OpenTelemetry. Settings are also read from the configuration section <c>Tracing</c>. Texts are not recorded by default.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets what is recorded.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseTracing(this LlmPipelineBuilder builder, Action<TracingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton(FeedbackOf);
        builder.Services.TryAddSingleton<IFeedbackCleaner>(static provider => provider.GetRequiredService<FeedbackEvents>());
        builder.Services.TryAddSingleton(UploadSwitch.FromEnvironment);
        return builder.AddStage(Definition(configure));
    }

    internal static StageDefinition<TracingOptions, TracingPolicy> Definition(Action<TracingOptions>? configure) => new()
    {
        Name = "Tracing",
        Place = StagePlace.Tracing,
        Configure = configure,
        Bind = static (section, options) => options.Bind(section),
        Compile = static (options, context, failures) => TracingPolicy.Compile(options, failures, HookOf(context.Services)),
        Build = static (inner, settings, context) =>
        {
            var feedback = context.Services.GetService<FeedbackEvents>();
            var recorder = context.Services.GetService<ICallRecorder>();
            recorder?.Know(settings.Current.Redact);
            feedback?.Add(context.Pipeline, settings);
            return new TracingChatClient(
                inner,
                settings,
                CallSetup.Alone("tracing", context.Time, context.LoggerFactory.CreateLogger<TracingChatClient>()),
                recorder,
                feedback);
        },
    };

    private static IContentHook? HookOf(IServiceProvider services) => services.GetService<IContentHook>() ?? services.GetService<UploadSwitch>()?.Hook;

    private static FeedbackEvents FeedbackOf(IServiceProvider services)
    {
        var events = new FeedbackEvents(
            services.GetService<ILoggerFactory>()?.CreateLogger<TracingChatClient>() ?? NullLogger<TracingChatClient>.Instance, services.GetService<IAnsweredCalls>());
        services.GetService<LlmFeedback>()?.Add(events);
        return events;
    }
}

/// <summary>The stages as decorator factories, for builders other than LlmKit's own, such as <c>ChatClientBuilder.Use(…)</c>.</summary>
public static partial class LlmStages
{
    /// <summary>Reports each call as one span and as metrics.</summary>
    /// <param name="configure">Sets what is recorded.</param>
    /// <returns>The factory.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> Tracing(Action<TracingOptions>? configure = null) =>
        TracingExtensions.Definition(configure).ToFactory();
}
