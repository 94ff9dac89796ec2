using Microsoft.Extensions.Logging;

namespace LlmKit.Pipeline;

/// <summary>What is logged about pipelines.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(101, LogLevel.Warning, "The pipeline '{Pipeline}' is bypassed: another IChatClient was registered after AddLlmPipeline(). Register it before, or remove it.")]
    public static partial void Bypassed(ILogger logger, string pipeline);

    [LoggerMessage(102, LogLevel.Warning, "The pipeline '{Pipeline}' keeps its configuration: the new one was refused as a whole. {Failures}")]
    public static partial void ReloadRefused(ILogger logger, string pipeline, string failures);

    [LoggerMessage(103, LogLevel.Information, "The pipeline '{Pipeline}' took a new configuration.")]
    public static partial void Reloaded(ILogger logger, string pipeline);

    [LoggerMessage(104, LogLevel.Warning, "The order of stages in the pipeline '{Pipeline}': {Warning}")]
    public static partial void Order(ILogger logger, string pipeline, string warning);

    [LoggerMessage(105, LogLevel.Warning, "The price of the model '{Model}' was read on {AsOf}, over {Days} days ago. Check it, and set ModelOptions.Price or a catalogue file.")]
    public static partial void StalePrice(ILogger logger, string model, DateOnly asOf, int days);

    [LoggerMessage(108, LogLevel.Warning, "The model '{Model}' has no price of its own, so its attempts are charged at the fallback price. Set ModelOptions.Price (USD per million tokens) or CatalogueId.")]
    public static partial void FallbackPriced(ILogger logger, string model);

    [LoggerMessage(107, LogLevel.Warning, "Calls that had not ended when the host stopped: {Calls}. Give it more time with HostOptions.ShutdownTimeout, or the calls a shorter deadline.")]
    public static partial void StoppedEarly(ILogger logger, int calls);

    [LoggerMessage(106, LogLevel.Warning, "The configuration of the pipeline '{Pipeline}' has a section '{Section}' that none of its stages reads. Check its spelling.")]
    public static partial void UnreadSection(ILogger logger, string pipeline, string section);
}
