namespace LlmKit.Simulator.Recording;

/// <summary>One request as it reached the provider.</summary>
/// <param name="Number">Its place in the order of arrival, from 1.</param>
/// <param name="Path">The path and query.</param>
/// <param name="Model">The model or deployment; empty if the body names none.</param>
/// <param name="Body">The body as text. Sensitive: whatever the client sent.</param>
/// <param name="HeaderNames">The names of the headers; their values, keys among them, are not kept.</param>
public sealed record ReceivedRequest(long Number, string Path, string Model, string Body, IReadOnlyList<string> HeaderNames);
