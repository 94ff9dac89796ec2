namespace LlmKit.Observability.Replay;

/// <summary>A recording that nobody asked for.</summary>
/// <param name="Number">Its place in the cassette, from 1.</param>
/// <param name="Key">The key of its request: SHA-256 of the canonical JSON, in hexadecimal.</param>
/// <param name="Scope">Its scope; empty outside of any.</param>
/// <param name="Model">The model that was asked for, if any was named.</param>
public sealed record UnplayedRecording(int Number, string Key, string Scope, string? Model);
