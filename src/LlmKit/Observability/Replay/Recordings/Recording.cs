using System.Text.Json.Nodes;

namespace LlmKit.Observability.Replay;

/// <summary>One request and what came of it.</summary>
internal sealed class Recording(string scope, JsonObject request)
{
    public string Scope { get; } = scope;

    public JsonObject Request { get; } = request;

    public string Key { get; } = CanonicalJson.KeyOf(request);

    /// <summary>Gets or sets the answer; <see langword="null"/> while it is being made.</summary>
    public JsonObject? Answer { get; set; }

    /// <summary>Gets the time of recording, where it is kept.</summary>
    public string? RecordedAt { get; init; }

    public bool IsPlayed { get; set; }

    public string? Model => Request.Text("model");
}
