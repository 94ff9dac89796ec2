using System.Diagnostics;
using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Tracing;

/// <summary>A tool whose uses are spans. Thread-safe.</summary>
internal sealed class TracedFunction(AIFunction function, TracingPolicy policy) : DelegatingAIFunction(function)
{
    private const string UsedProperty = "llmkit.tool";

    private readonly string _spanName = $"{policy.Names.ToolOperation} {function.Name}";
    private readonly ScopeInstruments _instruments = ScopeInstruments.Of(policy.Names);

    protected override ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        (policy.SpanMode == SpanMode.Full ? LlmKitDiagnostics.ActivitySource.HasListeners() || _instruments.TimesTools : SpanKeepers.Any)
            ? ObserveAsync(arguments, cancellationToken)
            : base.InvokeCoreAsync(arguments, cancellationToken);

    private async ValueTask<object?> ObserveAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var around = Activity.Current is { } current && IsOfThisUse(current) ? current : null;
        var own = around is null ? Start(arguments) : null;
        var span = around ?? own;
        span?.SetCustomProperty(UsedProperty, this);
        TraceScope.Nearest(span)?.AddToolCall();
        var started = Stopwatch.GetTimestamp();
        string? error = null;
        SetContent(span, policy.Names.ToolCallArguments, arguments);
        try
        {
            var result = await base.InvokeCoreAsync(arguments, cancellationToken).ConfigureAwait(false);
            SetContent(span, policy.Names.ToolCallResult, result);
            return result;
        }
        catch (Exception exception) when (Note(own, exception, cancellationToken, out error))
        {
            throw;
        }
        finally
        {
            End(own, Stopwatch.GetElapsedTime(started), error);
        }
    }

    /// <summary>Whether a span is the one that the tool's invoker made for this use: not that of a tool that uses this one, nor of a use further out.</summary>
    private bool IsOfThisUse(Activity span) =>
        policy.Names.ToolOperation.Equals(span.GetTagItem(policy.Names.OperationName))
        && (span.GetTagItem(policy.Names.ToolName) is string tool ? tool == Name : span.DisplayName == _spanName)
        && span.GetCustomProperty(UsedProperty) is null;

    private void End(Activity? own, TimeSpan duration, string? error)
    {
        try
        {
            if (policy.SpanMode == SpanMode.Full)
                _instruments.RecordTool(duration, Name, error);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A listener is anybody's code; the tool has done its work.
        }

        if (policy.SpanMode == SpanMode.Full)
            GuardedSpan.Stop(own);
        else if (own is not null)
            SpanKeepers.End(own);
    }

    private Activity? Start(AIFunctionArguments arguments)
    {
        var names = policy.Names;
        KeyValuePair<string, object?>[] tags = [new(names.OperationName, names.ToolOperation), new(names.ToolName, Name), new(names.ToolType, "function")];
        var span = policy.SpanMode == SpanMode.Full ? GuardedSpan.Start(_spanName, ActivityKind.Internal, tags) : SpanKeepers.Begin(_spanName, tags);
        if (span is not { IsAllDataRequested: true })
            return span;
        if (!string.IsNullOrEmpty(Description))
            span.SetTag(names.ToolDescription, Description);
        if (ToolCallExtensions.IdOf(arguments) is { Length: > 0 } id)
            span.SetTag(names.ToolCallId, id);
        return span;
    }

    private void SetContent(Activity? span, string name, object? value)
    {
        if (span is not { IsAllDataRequested: true } || (policy.Content is null && !SpanKeepers.WantTexts))
            return;
        try
        {
            var json = policy.Texts.Value(value is AIFunctionArguments arguments ? new Dictionary<string, object?>(arguments) : value);
            if (policy.Content is not null)
                span.SetTag(name, json);
            if (!SpanKeepers.WantTexts)
                return;
            var texts = SpanTexts.Of(span, policy.Redacts);
            (texts.Arguments, texts.Result) = value is AIFunctionArguments ? (json, texts.Result) : (texts.Arguments, json);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A value that cannot be written is not told; the tool goes on.
        }
    }

    /// <summary>Notes a failure on the way up, and catches nothing.</summary>
    private bool Note(Activity? span, Exception exception, CancellationToken cancellationToken, out string? error)
    {
        var cancelled = exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
        error = cancelled ? "cancelled" : ErrorTypes.Of(exception);
        if (span is null)
            return false;
        if (cancelled)
        {
            span.SetTag(LlmKitDiagnostics.OutcomeTag, error);
            return false;
        }

        span.SetTag(policy.Names.ErrorType, error);
        span.SetStatus(ActivityStatusCode.Error, policy.Content?.Text(exception.Message));
        return false;
    }
}
