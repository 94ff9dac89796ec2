using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Pipeline;

/// <summary>The application's services as the factories of a pipeline see them: while it is being built it cannot be had from them, on any thread.</summary>
/// <remarks>
/// A container holds its lock while it builds a singleton, so a factory that waits for another thread to resolve the same pipeline would
/// wait for ever. It still does when that thread asks the container itself, in a scope of its own or through an injected provider.
/// </remarks>
internal sealed class BuildingServices(IServiceProvider services, PipelineRegistration registration) : IServiceProvider, IKeyedServiceProvider
{
    private volatile bool _isOver;

    public static LlmConfigurationException NeedsItself(PipelineRegistration registration) => new(registration.Name, [
        "It needs itself: a model or stage of it resolves the very client that is being built. Register the provider's client before AddLlmPipeline(), or give it a key and resolve that."]);

    /// <summary>Says that the pipeline is built, or will not be: from now on everything is passed on.</summary>
    public void EndBuilding() => _isOver = true;

    public object? GetService(Type serviceType)
    {
        Check(serviceType, key: null);
        return serviceType == typeof(IServiceProvider) ? this : services.GetService(serviceType);
    }

    public object? GetKeyedService(Type serviceType, object? serviceKey)
    {
        Check(serviceType, serviceKey);
        return services is IKeyedServiceProvider keyed ? keyed.GetKeyedService(serviceType, serviceKey) : throw NotKeyed();
    }

    public object GetRequiredKeyedService(Type serviceType, object? serviceKey)
    {
        Check(serviceType, serviceKey);
        return services.GetRequiredKeyedService(serviceType, serviceKey);
    }

    private static InvalidOperationException NotKeyed() => new("The service provider has no keyed services. Use one that has, such as Microsoft.Extensions.DependencyInjection's own.");

    private void Check(Type serviceType, object? key)
    {
        if (!_isOver
            && (Equals(key, registration.Key) || ReferenceEquals(key, KeyedService.AnyKey))
            && (serviceType == typeof(IChatClient) || serviceType == typeof(IEnumerable<IChatClient>)))
            throw NeedsItself(registration);
    }
}
