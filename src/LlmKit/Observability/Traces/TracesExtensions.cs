using LlmKit.Calls;
using LlmKit.Observability.Traces;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit;

/// <summary>Adds the trace store to pipelines.</summary>
public static class TracesExtensions
{
    /// <summary>Keeps a record of each call that a tracer (<see cref="TracingExtensions.UseTracing"/>) of the container sees, for <see cref="LlmTraces"/> in the services.</summary>
    /// <remarks>
    /// One store for all pipelines; the settings of all who call this are laid over each other, and <c>LlmKit:Traces</c> over them. In memory, unless
    /// <see cref="TraceStoreOptions.Directory"/> is set; an <see cref="ITraceStore"/> that is registered already is used instead. Nothing is read or written on a call's
    /// own way but its texts, as JSON into memory, where texts are kept at all: see <see cref="TraceStoreOptions.Content"/>.
    /// </remarks>
    /// <param name="builder">The pipeline. It needs <c>UseTracing()</c>, whose <see cref="TracingOptions.Redact"/> is what texts go through first.</param>
    /// <param name="configure">Sets what is kept, and where.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder WithTraces(this LlmPipelineBuilder builder, Action<TraceStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton(new TraceSetup(configure));
        services.TryAddSingleton(OptionsOf);
        services.TryAddSingleton(StoreOf);
        services.TryAddSingleton(RecorderOf);
        services.TryAddSingleton<ICallRecorder>(static provider => provider.GetRequiredService<CallRecorder>());
        services.TryAddSingleton<IAnsweredCalls>(static provider => provider.GetRequiredService<CallRecorder>());
        services.TryAddSingleton(static provider => new LlmTraces(provider.GetRequiredService<ITraceStore>(), provider.GetRequiredService<CallRecorder>()));
        return builder;
    }

    private static ITraceStore StoreOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<ResolvedTraceOptions>().Value;
        return options.Directory is null
            ? new MemoryTraceStore(options.MaxRecords, options.MaxBytes, services.GetService<TimeProvider>())
            : new FileTraceStore(options, services.GetService<TimeProvider>(), services.GetService<ILogger<FileTraceStore>>());
    }

    private static CallRecorder RecorderOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<ResolvedTraceOptions>().Value;
        var recorder = new CallRecorder(
            services.GetRequiredService<ITraceStore>(),
            options,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetService<ILoggerFactory>()?.CreateLogger<LlmTraces>() ?? NullLogger<LlmTraces>.Instance);
        recorder.Spans = new SpanRecorder(recorder, options);
        services.GetService<LlmFeedback>()?.Add(new CleanFeedback(recorder, services.GetService<IFeedbackCleaner>));
        return recorder;
    }

    /// <exception cref="LlmConfigurationException">Something is wrong with them; it lists all of it.</exception>
    private static ResolvedTraceOptions OptionsOf(IServiceProvider services)
    {
        var options = new TraceStoreOptions();
        foreach (var setup in services.GetServices<TraceSetup>())
            setup.Configure?.Invoke(options);
        var failures = new List<string>();
        try
        {
            if (services.GetService<IConfiguration>()?.GetSection("LlmKit").GetSection("Traces") is { } section)
                options.Bind(section);
        }
        catch (InvalidOperationException exception)
        {
            failures.Add($"The configuration of 'Traces' cannot be read: {exception.Message}");
        }

        failures.AddRange(options.Failures());
        if (failures.Count > 0)
            throw new LlmConfigurationException(failures);
        options.Content ??= services.GetService<IHostEnvironment>() is { } host ? host.IsDevelopment() : IsDevelopment();
        return new(options);
    }

    private static bool IsDevelopment() =>
        (Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")) is { } name
        && name.Equals(Environments.Development, StringComparison.OrdinalIgnoreCase);

    /// <summary>What one pipeline sets of the store that all share.</summary>
    private sealed record TraceSetup(Action<TraceStoreOptions>? Configure);

    private sealed record ResolvedTraceOptions(TraceStoreOptions Value);
}
