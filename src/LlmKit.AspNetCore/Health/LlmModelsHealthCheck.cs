using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmKit.AspNetCore.Health;

/// <summary>How the models stand: by their circuits and recent attempts, and by the probes that were asked for.</summary>
internal sealed class LlmModelsHealthCheck(IServiceProvider services, LlmModelsHealthOptions options) : IHealthCheck
{
    private readonly LlmCircuitHealthCheck _circuits = new(services) { DegradedAt = options.DegradedAt };
    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var result = await _circuits.CheckHealthAsync(context, cancellationToken).ConfigureAwait(false);
        if (options.Probes.Count == 0)
            return result;
        var asked = options.Probes.ConvertAll(probe => (probe.Name, Result: probe.ResultAsync(services, _time, options.ProbeTenant)));
        var data = new Dictionary<string, object>(result.Data);
        var failed = new List<string>();
        foreach (var (name, asking) in asked)
        {
            var failure = await asking.WaitAsync(cancellationToken).ConfigureAwait(false);
            data[$"probe {name}"] = failure ?? "no failure";
            if (failure is not null)
                failed.Add(name);
        }

        if (failed.Count == 0)
            return new(result.Status, result.Description, result.Exception, data);
        var status = failed.Count == asked.Count ? context.Registration.FailureStatus : HealthStatus.Degraded;
        return new(status < result.Status ? status : result.Status, $"Probes of these models failed: {string.Join(", ", failed)}. {result.Description}", result.Exception, data);
    }
}
