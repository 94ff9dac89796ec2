using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Control.Guardrails;

/// <summary>What a guardrail has around it.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
/// <param name="GetModel">A door to the pipeline's models; <see langword="null"/> where the guardrail stands alone.</param>
internal sealed record RailSurroundings(TimeProvider Time, ILogger Logger, Func<string, IChatClient>? GetModel)
{
    public static RailSurroundings Alone(TimeProvider? time, ILogger? logger) => new(time ?? TimeProvider.System, logger ?? NullLogger.Instance, null);
}
