using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>The events of the conventions, as log records that belong to the span of their call.</summary>
internal sealed class GenAiEvents(ILogger logger, GenAiNames names)
{
    private const int DetailsId = 302;
    private const int ExceptionId = 303;
    private const int EvaluationId = 304;

    /// <summary>Whether anybody keeps the details of calls.</summary>
    public bool WantsDetails => logger.IsEnabled(LogLevel.Debug);

    /// <summary>Whether anybody keeps failures; who does not keeps no evaluations either.</summary>
    public bool WantsFailures => logger.IsEnabled(LogLevel.Warning);

    /// <summary>Whether anybody keeps evaluations.</summary>
    public bool WantsEvaluations => logger.IsEnabled(LogLevel.Information);

    /// <summary>Gets or sets what tells users' feedback later; <see langword="null"/> where nobody gives any.</summary>
    public FeedbackEvents? Feedback { get; set; }

    /// <summary>Tells one call: what its span tells by the conventions, and content with its structure.</summary>
    public void Details(Activity facts, Activity? span, in EventContent content)
    {
        // Variables of prompts are texts: a span may hold what an event must not.
        var variables = content == default ? names.PromptVariablePrefix : null;
        var attributes = new List<KeyValuePair<string, object?>>();
        foreach (var tag in facts.EnumerateTagObjects())
        {
            if (IsOfTheConventions(tag.Key) && (variables is null || !tag.Key.StartsWith(variables, StringComparison.Ordinal)))
                attributes.Add(tag);
        }

        Add(attributes, names.SystemInstructions, content.Instructions);
        Add(attributes, names.ToolDefinitions, content.Tools);
        Add(attributes, names.InputMessages, content.Input);
        Add(attributes, names.OutputMessages, content.Output);
        Log(LogLevel.Debug, new EventId(DetailsId, names.DetailsEvent), attributes, span);
    }

    /// <summary>Tells a failure. Its message and its trace are content: providers' messages echo prompts.</summary>
    public void Failed(Exception exception, string errorType, ContentJson? content, Activity? span)
    {
        if (!logger.IsEnabled(LogLevel.Warning))
            return;
        var attributes = new List<KeyValuePair<string, object?>> { new(names.ErrorType, errorType), new(names.ExceptionType, exception.GetType().FullName) };
        if (content?.Text(exception.Message) is { } message)
        {
            attributes.Add(new(names.ExceptionMessage, message));
            if (exception.StackTrace is { } trace)
                attributes.Add(new(names.ExceptionStackTrace, trace));
        }

        Log(LogLevel.Warning, new EventId(ExceptionId, names.ExceptionEvent), attributes, span);
    }

    /// <summary>Tells how good an answer was found to be.</summary>
    public void Evaluated(IReadOnlyList<KeyValuePair<string, object?>> attributes, Activity? span)
    {
        if (WantsEvaluations)
            Log(LogLevel.Information, new EventId(EvaluationId, names.EvaluationEvent), attributes, span);
    }

    private bool IsOfTheConventions(string name) =>
        name.StartsWith("gen_ai.", StringComparison.Ordinal) || name.StartsWith("server.", StringComparison.Ordinal)
        || name.StartsWith("openai.", StringComparison.Ordinal) || name == names.ErrorType;

    private static void Add(List<KeyValuePair<string, object?>> attributes, string name, string? json)
    {
        if (json is null)
            return;
        attributes.RemoveAll(tag => tag.Key == name);
        attributes.Add(new(name, ContentValue.From(json)));
    }

    /// <summary>Logs under a span: loggers take what a record belongs to from the current one.</summary>
    private void Log(LogLevel level, EventId id, IReadOnlyList<KeyValuePair<string, object?>> attributes, Activity? span)
    {
        var current = Activity.Current;
        if (span is { IsStopped: false })
            Activity.Current = span;
        try
        {
            var state = new EventState(id.Name!, attributes);
            logger.Log(level, id, state, exception: null, static (told, _) => told.ToString());
        }
        finally
        {
            if (!ReferenceEquals(Activity.Current, current))
                Activity.Current = current;
        }
    }
}
