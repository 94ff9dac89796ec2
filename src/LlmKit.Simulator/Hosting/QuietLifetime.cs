using Microsoft.Extensions.Hosting;

namespace LlmKit.Simulator.Hosting;

/// <summary>Leaves the process's signals to the program that embeds the simulator.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
