using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Orchestration.Routing.Policies;
using LlmKit.Orchestration.Routing.Traffic;
using Microsoft.Extensions.AI;

namespace LlmKit.Orchestration.Routing.Dispatching;

/// <summary>A model that a router may choose.</summary>
/// <param name="Name">The registered name.</param>
/// <param name="Client">The client.</param>
/// <param name="Model">The model's facts.</param>
/// <param name="Traffic">What the router sees of the model.</param>
internal sealed record RouteCandidate(string Name, IChatClient Client, StageSettings<Model> Model, ModelTraffic Traffic)
{
    /// <summary>Gets what a policy may know of it.</summary>
    public ModelCandidate Candidate { get; } = new(Name, Model, Traffic);

    /// <summary>Gets what answers in the place of a model, or declines; <see langword="null"/> for a model.</summary>
    public Func<RoutingRequest, CancellationToken, ValueTask<ChatResponse?>>? Code { get; init; }

    /// <summary>Gives the model that issued a state, as far as this model's door remembers.</summary>
    public string? IssuerOf(string state) => Client.GetService<ModelEdge>()?.IssuerOf(state);

    /// <summary>Makes the candidates of a router that stands alone.</summary>
    /// <exception cref="LlmConfigurationException">There are none, or a name is missing, given twice or not the model's own.</exception>
    public static RouteCandidate[] Of(IReadOnlyList<KeyValuePair<string, IChatClient>> models, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(models);
        var failures = new List<string>();
        if (models.Count == 0)
            failures.Add("The router has no model. Give it at least one client.");
        if (models.Any(pair => string.IsNullOrWhiteSpace(pair.Key) || pair.Value is null))
            failures.Add("A model of the router has no name or no client. Give both.");
        foreach (var twice in models.GroupBy(pair => pair.Key).Where(group => group.Count() > 1))
            failures.Add($"Two models of the router have the name '{twice.Key}'. Give each its own.");
        foreach (var (name, client) in models)
        {
            if (client?.GetService<Model>() is { } model && model.Name != name)
                failures.Add($"The router's model '{name}' calls itself '{model.Name}'. Give it the same name in LlmStages.Model, so that limits and reports agree.");
        }

        return failures.Count > 0 ? throw new LlmConfigurationException(failures) : [.. models.Select(pair => new RouteCandidate(pair.Key, pair.Value, new(FactsOf(pair.Key, pair.Value)), new(time)))];
    }

    private static Model FactsOf(string name, IChatClient client) =>
        client.GetService<Model>() ?? new Model(name, new(), entry: null, provider: null, client.GetService<ChatClientMetadata>()?.DefaultModelId);
}
