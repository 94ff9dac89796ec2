using Microsoft.Extensions.AI;

namespace LlmKit;

/// <summary>An agent whose work is traced, as its span tells it.</summary>
/// <remarks>Immutable. Names belong to telemetry: give none that hold personal data.</remarks>
/// <param name="Name">The agent's name; <see langword="null"/> when it has none.</param>
public sealed record TraceAgent(string? Name = null)
{
    /// <summary>Gets what tells it from others of that name.</summary>
    public string? Id { get; init; }

    /// <summary>Gets what it is for, in a few words of the program's own.</summary>
    public string? Description { get; init; }

    /// <summary>Gets its version.</summary>
    public string? Version { get; init; }

    /// <summary>Gets whether it works in a service of its own, not in this process.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Gets the provider, such as <c>openai</c>. The next conventions have it for remote agents alone.</summary>
    public string? Provider { get; init; }

    /// <summary>Gets where a remote agent is asked; its host and port are told.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the model that it is to use; <see langword="null"/> for that of <see cref="Request"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the id of the documents or data that it works on.</summary>
    public string? DataSource { get; init; }

    /// <summary>Gets what it is asked with: conversation, format, temperature and the like are told, instructions only with content.</summary>
    public ChatOptions? Request { get; init; }
}
