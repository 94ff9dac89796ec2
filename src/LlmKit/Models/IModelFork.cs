using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>A client that passes each request on to one of several.</summary>
internal interface IModelFork : IChatClient
{
    IEnumerable<IChatClient> Branches { get; }

    /// <summary>Finds the door to the model at the end of every way from a client inward; <see langword="null"/> stands for a way without one.</summary>
    static List<ModelEdge?> EdgesBelow(IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var edge = client.GetService<ModelEdge>();
        var fork = client.GetService<IModelFork>();
        // What a door hides, such as a whole pipeline that serves as a model, is beyond it: the fork would lead to other doors.
        return fork is null || (edge is not null && fork.GetService<ModelEdge>() != edge)
            ? [edge]
            : [.. fork.Branches.SelectMany(EdgesBelow)];
    }
}
