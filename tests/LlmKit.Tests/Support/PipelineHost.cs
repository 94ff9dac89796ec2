using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit.Tests.Support;

/// <summary>A container with one pipeline, a clock that stands still and logs that are remembered.</summary>
internal sealed class PipelineHost : IDisposable
{
    private readonly ServiceProvider _services;

    public PipelineHost(Action<LlmPipelineBuilder> configure, Action<IServiceCollection>? before = null, IConfiguration? configuration = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ILoggerFactory>(Logs);
        if (configuration is not null)
            services.AddSingleton(configuration);
        before?.Invoke(services);
        configure(services.AddLlmPipeline());
        _services = services.BuildServiceProvider();
    }

    public ManualTimeProvider Clock { get; } = new();

    public RememberingLogs Logs { get; } = new();

    public IServiceProvider Services => _services;

    public IChatClient Chat => _services.GetRequiredService<IChatClient>();

    /// <summary>A pipeline with one model that costs 1 USD a token in and 2 USD a token out.</summary>
    public static PipelineHost For(IChatClient model, Action<LlmPipelineBuilder>? more = null, Action<ModelOptions>? facts = null) => new(builder =>
    {
        builder.AddModel("model", model, options =>
        {
            options.Price = new(1_000_000, 2_000_000);
            facts?.Invoke(options);
        });
        more?.Invoke(builder);
    });

    public static PipelineHost For(ScriptedAnswer answer, Action<LlmPipelineBuilder>? more = null, Action<ModelOptions>? facts = null) =>
        For(new ScriptedChatClient(answer), more, facts);

    public void Dispose() => _services.Dispose();
}
