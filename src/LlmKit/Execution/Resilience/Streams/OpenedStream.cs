using Microsoft.Extensions.AI;

namespace LlmKit.Execution.Resilience;

/// <summary>A stream that has given its first content, or has ended well without any.</summary>
/// <param name="Guard">The guard of the attempt that goes on.</param>
/// <param name="Reader">Reads the rest; <see langword="null"/> when there is none.</param>
/// <param name="Held">What came so far, the first content last.</param>
internal sealed record OpenedStream(AttemptGuard Guard, IAsyncEnumerator<ChatResponseUpdate>? Reader, List<ChatResponseUpdate> Held);
