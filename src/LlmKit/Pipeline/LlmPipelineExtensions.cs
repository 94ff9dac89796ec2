using LlmKit.Calls;
using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LlmKit;

/// <summary>Registers pipelines.</summary>
public static class LlmPipelineExtensions
{
    /// <summary>Registers a pipeline as the application's <see cref="IChatClient"/>, or as a keyed one.</summary>
    /// <remarks>
    /// A chat client that was registered before under the same key becomes the pipeline's model. Calling this again with the same name
    /// goes on with the same pipeline. Where there is a host, the pipeline is built and checked when the host starts, and when it stops,
    /// calls in flight are waited for as long as its shutdown timeout allows. While the pipeline is being built, the services given to its
    /// factories refuse to give the pipeline itself, on any thread; a factory that waits for a thread which asks the container by another
    /// way waits for ever.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="name">The key and the configuration section; <see langword="null"/> for the application's own client and the section <c>Default</c>.</param>
    /// <returns>A builder for the pipeline.</returns>
    public static LlmPipelineBuilder AddLlmPipeline(this IServiceCollection services, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var registrations = services.FirstOrDefault(service => service.ServiceType == typeof(PipelineRegistrations))?.ImplementationInstance as PipelineRegistrations;
        if (registrations is null)
        {
            services.AddSingleton(registrations = new());
            services.AddSingleton<OpenCalls>();
            services.AddSingleton<KnownModels>();
            services.TryAddSingleton<LlmFeedback>();
            services.TryAddSingleton<LlmConstraintSheets>();
            services.TryAddSingleton(provider => new RateLimiter(provider.GetService<TimeProvider>() ?? TimeProvider.System));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PipelineStartup>());
        }

        var registration = registrations.Find(name);
        if (registration is null)
        {
            registration = new(name, TakeOver(services, name));
            registrations.Add(registration);
            if (name is null)
                services.AddSingleton<IChatClient>(provider => PipelineFactory.Build(registration, provider));
            else
                services.AddKeyedSingleton<IChatClient>(name, (provider, _) => PipelineFactory.Build(registration, provider));
        }

        return new(services, registration);
    }

    private static ServiceDescriptor? TakeOver(IServiceCollection services, string? key)
    {
        var earlier = services.LastOrDefault(service => service.ServiceType == typeof(IChatClient) && Equals(service.ServiceKey, key));
        if (earlier is not null)
            services.Remove(earlier);
        return earlier;
    }
}
