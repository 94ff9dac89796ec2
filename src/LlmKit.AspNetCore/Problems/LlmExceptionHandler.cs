using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmKit.AspNetCore.Problems;

/// <summary>Answers what pipelines throw with problem details, and leaves all else to others.</summary>
internal sealed class LlmExceptionHandler(ILogger<LlmExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (LlmProblems.Of(exception, httpContext) is not { } problem)
            return false;
        ProblemLog.Tell(logger, exception, problem);
        await problem.WriteAsync(httpContext).ConfigureAwait(false);
        return true;
    }
}
