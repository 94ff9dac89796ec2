using LlmKit.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit.AspNetCore.Events;

/// <summary>A streamed answer as server-sent events: nothing is sent before there is content, and the last event says how it ended.</summary>
internal sealed class EventStreamResult(IAsyncEnumerable<ChatResponseUpdate> updates, LlmEventOptions options) : IResult, IContentTypeHttpResult, IStatusCodeHttpResult
{
    private const string EventStream = "text/event-stream";

    public string? ContentType => EventStream;

    public int? StatusCode => StatusCodes.Status200OK;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted);
        var writer = new EventWriter(httpContext, Begin);
        try
        {
            await SendAsync(writer, httpContext, leaving).ConfigureAwait(false);
        }
        catch (Exception) when (httpContext.RequestAborted.IsCancellationRequested)
        {
            // The client has left: there is nobody to tell.
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var logger = httpContext.RequestServices.GetRequiredService<ILogger<EventStreamResult>>();
            if (Problem(exception, httpContext, writer.HasBegun, logger) is not { } problem)
                throw;
            await (writer.HasBegun ? writer.ErrorAsync(problem, exception) : problem.WriteAsync(httpContext)).ConfigureAwait(false);
        }
    }

    private static Microsoft.AspNetCore.Mvc.ProblemDetails? Problem(Exception exception, HttpContext context, bool hasBegun, ILogger logger)
    {
        if (LlmProblems.Of(exception, context) is { } problem)
        {
            ProblemLog.Tell(logger, exception, problem);
            return problem;
        }

        if (!hasBegun)
            return null;
        ProblemLog.StreamFailed(logger, exception);
        return LlmProblem.Internal.ToDetails();
    }

    private async Task SendAsync(EventWriter writer, HttpContext context, CancellationTokenSource leaving)
    {
        var answer = new AnswerSummary();
        var pause = new KeepAlive(options.KeepAlive, context.RequestServices.GetService<TimeProvider>() ?? TimeProvider.System);
        var reader = updates.GetAsyncEnumerator(leaving.Token);
        await using (reader.ConfigureAwait(false))
        {
            while (await pause.NextAsync(reader, writer, leaving).ConfigureAwait(false))
            {
                answer.Add(reader.Current);
                foreach (var content in reader.Current.Contents)
                    await SendAsync(writer, content, leaving.Token).ConfigureAwait(false);
            }
        }

        await writer.DoneAsync(answer, options.ShowCost, leaving.Token).ConfigureAwait(false);
    }

    private static ValueTask SendAsync(EventWriter writer, AIContent content, CancellationToken cancellationToken) => content switch
    {
        TextContent { Text: { Length: > 0 } text } => writer.DeltaAsync(text, cancellationToken),
        FunctionCallContent { InformationalOnly: false } call => writer.ToolAsync(call, cancellationToken),
        _ => default,
    };

    private static void Begin(HttpContext context)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = EventStream;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers.XContentTypeOptions = "nosniff";
    }
}
