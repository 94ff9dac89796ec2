using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmKit.Pipeline;

/// <summary>Builds and checks every pipeline when the host starts, so that a wrong configuration stops the start and not the first call.</summary>
internal sealed class PipelineStartup(PipelineRegistrations registrations, IServiceProvider services, ILogger<PipelineStartup> logger) : IHostedService
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

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
