using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace LlmKit.AspNetCore.Problems;

/// <summary>What is logged of requests that ended with a problem: types, codes and ids, no message and no text.</summary>
internal static partial class ProblemLog
{
    public static void Tell(ILogger logger, Exception exception, ProblemDetails problem)
    {
        var level = problem.Status >= 500 ? LogLevel.Warning : LogLevel.Information;
        var (id, name) = (exception.GetCall()?.Id, exception.GetType().Name);
        Answered(logger, level, id, name, problem.Status, problem.Type);
    }

    [LoggerMessage(EventId = 1, Message = "The call '{CallId}' ended with {Exception}; the client was told {Status} ({Problem}).")]
    private static partial void Answered(ILogger logger, LogLevel level, string? callId, string exception, int? status, string? problem);

    [LoggerMessage(2, LogLevel.Error, "A streamed answer ended with an exception that is not a pipeline's; the client was told of an internal error.")]
    public static partial void StreamFailed(ILogger logger, Exception exception);
}
