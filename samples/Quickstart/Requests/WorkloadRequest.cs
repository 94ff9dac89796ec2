using System.Text.Json.Serialization;

namespace Quickstart;

/// <summary>One request of the day that the sample replays.</summary>
internal sealed record WorkloadRequest
{
    /// <summary>The place in the order of arrival, from 1.</summary>
    public required int Id { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The user within the tenant: 'u1' of one tenant is not 'u1' of another.</summary>
    public required string User { get; init; }

    public required string Feature { get; init; }

    public bool Stream { get; init; }

    /// <summary>The user's words; in the file with placeholders such as <c>{{card:visa}}</c>, after loading without.</summary>
    public required string Text { get; init; }

    public required RequestKind Kind { get; init; }

    /// <summary>The handbook entry that answers it; nothing for a question that the handbook does not know.</summary>
    public string? Expect { get; init; }

    /// <summary>The first request to which a repeat, paraphrase or near-duplicate relates.</summary>
    public int? Of { get; init; }

    /// <summary>The personal data and keys that stand in <see cref="Text"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<SensitiveValue> Sensitive { get; init; } = [];
}
