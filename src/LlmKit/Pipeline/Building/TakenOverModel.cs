using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Pipeline;

/// <summary>The chat client that the application had registered itself, as the pipeline's model.</summary>
internal static class TakenOverModel
{
    public const string Name = "default";

    /// <summary>Gives the registered models, with the one taken over when no other was added.</summary>
    public static List<ModelRegistration<IChatClient>> Add(PipelineRegistration registration) =>
        registration.TakenOver is { } descriptor && registration.Models.Count == 0
            ? [new(Name, Options, (_, services) => Create(descriptor, registration.Key, services), IsOwned(descriptor))]
            : [.. registration.Models];

    private static ModelOptions Options(Microsoft.Extensions.Configuration.IConfiguration? section)
    {
        var options = new ModelOptions();
        if (section is not null)
            options.Bind(section);
        return options;
    }

    private static bool IsOwned(ServiceDescriptor descriptor) =>
        (descriptor.IsKeyedService ? descriptor.KeyedImplementationInstance : descriptor.ImplementationInstance) is null;

    private static IChatClient Create(ServiceDescriptor descriptor, string? key, IServiceProvider services) => (IChatClient)(descriptor.IsKeyedService
        ? descriptor.KeyedImplementationInstance ?? descriptor.KeyedImplementationFactory?.Invoke(services, key) ?? ActivatorUtilities.CreateInstance(services, descriptor.KeyedImplementationType!)
        : descriptor.ImplementationInstance ?? descriptor.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, descriptor.ImplementationType!));
}
