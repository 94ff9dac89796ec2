using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Pipeline;

/// <summary>A model, or an embedding model, as the builder collected it.</summary>
/// <typeparam name="TClient">A chat client or an embedding generator.</typeparam>
/// <param name="Name">The registered name.</param>
/// <param name="Configure">Makes the options from code and, where there is one, a configuration section.</param>
/// <param name="Create">Makes the client, once.</param>
/// <param name="IsOwned">Whether the pipeline disposes of the client.</param>
internal sealed record ModelRegistration<TClient>(
    string Name,
    Func<IConfiguration?, ModelOptions> Configure,
    Func<ModelOptions, IServiceProvider, TClient> Create,
    bool IsOwned)
{
    /// <summary>Reads the options; what is wrong with them is added to the failures.</summary>
    public ModelOptions ReadOptions(IConfiguration? section, List<string> failures)
    {
        try
        {
            var options = Configure(section);
            options.Validate(Name, failures);
            return options;
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException)
        {
            failures.Add($"The settings of the model '{Name}' cannot be read: {exception.Message}");
            return new();
        }
    }
}
