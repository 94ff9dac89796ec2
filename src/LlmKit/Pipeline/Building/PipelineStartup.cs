using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmKit.Pipeline;

/// <summary>Builds and checks every pipeline when the host starts, so that a wrong configuration stops the start and not the first call, and lets calls end when the host stops.</summary>
internal sealed class PipelineStartup(PipelineRegistrations registrations, OpenCalls open, IServiceProvider services, ILogger<PipelineStartup> logger) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations.All)
        {
            var client = registration.Key is null ? services.GetRequiredService<IChatClient>() : services.GetRequiredKeyedService<IChatClient>(registration.Key);
            if (client.GetService(typeof(PipelineChatClient)) is null)
                PipelineLog.Bypassed(logger, registration.Name);
        }

        return Task.CompletedTask;
    }

    /// <summary>Waits until the calls have ended and their money is settled, as long as the host gives: once every service that may call has stopped.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await open.WhenNone().WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (open.Count is var left and > 0)
            PipelineLog.StoppedEarly(logger, left);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
