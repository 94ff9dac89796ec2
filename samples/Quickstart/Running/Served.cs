using LlmKit;
using LlmKit.Calls;

namespace Quickstart;

/// <summary>How one request of the workload went, as its caller saw it.</summary>
/// <param name="Answer">What the caller got.</param>
/// <param name="Total">The time to the end.</param>
/// <param name="FirstContent">The time to the first content of a stream; nothing for plain answers.</param>
/// <param name="AskedAgain">Whether the desk asked again because an answer broke off.</param>
/// <param name="Calls">The pipeline's calls; none for the bare SDKs.</param>
/// <param name="Interaction">The totals of its rounds through the pipeline; nothing spent for the bare SDKs.</param>
/// <param name="Error">The type of the error that ended it, if one did.</param>
internal sealed record Served(ServedAnswer Answer, TimeSpan Total, TimeSpan? FirstContent, bool AskedAgain, IReadOnlyList<LlmCall> Calls, LlmInteraction Interaction, string? Error);
