using Microsoft.Extensions.Logging;

namespace LlmKit.Calls;

/// <summary>What is logged about calls: types and names, never messages of exceptions, which may echo a prompt.</summary>
internal static partial class CallLog
{
    [LoggerMessage(1, LogLevel.Warning, "An answer of the pipeline '{Pipeline}' could not be kept: {Error}.")]
    public static partial void CommitFailed(ILogger logger, string pipeline, string error);

    [LoggerMessage(2, LogLevel.Warning, "OnCompleted of a call of the pipeline '{Pipeline}' threw {Error}.")]
    public static partial void CompletionFailed(ILogger logger, string pipeline, string error);

    [LoggerMessage(3, LogLevel.Warning, "An answer of the pipeline '{Pipeline}' could not be dropped: {Error}.")]
    public static partial void DiscardFailed(ILogger logger, string pipeline, string error);

    [LoggerMessage(4, LogLevel.Error, "A limit on money of the pipeline '{Pipeline}' could not {Action} an attempt on the model '{Model}': {Error}.")]
    public static partial void SpendingFailed(ILogger logger, string pipeline, string action, string model, string error);

    [LoggerMessage(5, LogLevel.Warning, "An attempt on the model '{Model}' came without its call, so the limits on money that only observe did not see it. A decorator on the way made new options; let it clone the options it was given.")]
    public static partial void LostCall(ILogger logger, string model);

    [LoggerMessage(6, LogLevel.Warning, "ClassifyFailure of the model '{Model}' threw {Error}, so it recognised nothing.")]
    public static partial void ClassifierFailed(ILogger logger, string model, string error);

    [LoggerMessage(7, LogLevel.Warning, "TokenCounter of the model '{Model}' failed with {Error}, so the tokens of the request were estimated.")]
    public static partial void TokenCounterFailed(ILogger logger, string model, string error);
}
