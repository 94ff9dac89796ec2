using Microsoft.Extensions.AI;

namespace LlmKit.Control.Caching;

/// <summary>A message of a stored answer. Its contents are the store's own and are handed out as copies only.</summary>
internal sealed record CachedMessage(ChatRole Role, string? AuthorName, CachedContent[] Contents, AdditionalPropertiesDictionary? Properties);
