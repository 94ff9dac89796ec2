using LlmKit.Calls;
using LlmKit.Checks;
using LlmKit.Control.Caching;
using LlmKit.Pipeline;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit;

/// <summary>Adds the semantic cache to a pipeline.</summary>
public static class SemanticCacheExtensions
{
    /// <summary>Answers repeated requests from memory, and similar ones when an embedding model and a threshold are given.</summary>
    /// <remarks>
    /// Belongs inside guardrails and budget and outside prompts and router. Settings are laid over by <c>LlmKit:&lt;pipeline&gt;:SemanticCache</c>.
    /// Answers of one user are not served to another unless <see cref="SemanticCacheOptions.SharedBy"/> says so.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Sets the options; called each time the configuration is read.</param>
    /// <returns>The builder.</returns>
    public static LlmPipelineBuilder UseSemanticCache(this LlmPipelineBuilder builder, Action<SemanticCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStage(Definition(configure));
    }

    /// <summary>Finds the hit that answered a call: its tier, similarity, threshold, entry and age, and the usage and cost of the call that made the answer.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The hit, or <see langword="null"/> when the answer was not served from the cache.</returns>
    public static CacheStep? FindCacheHit(this LlmCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Steps.OfType<CacheStep>().FirstOrDefault(step => step is { Decision: CacheStep.Hit, Observed: false });
    }

    internal static StageDefinition<SemanticCacheOptions, CachePolicy> Definition(Action<SemanticCacheOptions>? configure) => new()
    {
        Name = "SemanticCache",
        Place = StagePlace.Cache,
        Configure = configure,
        Bind = static (section, options) => Bind(section, options),
        Compile = Compile,
        Build = static (inner, settings, context) => new SemanticCacheChatClient(inner, settings, new CacheSurroundings
        {
            Pipeline = context.Pipeline,
            Logger = context.LoggerFactory.CreateLogger<SemanticCacheChatClient>(),
            Time = context.Time,
            Random = context.Services.GetService<Random>() ?? new(),
            Embedders = context.GetEmbeddings,
            Models = context.GetModel,
            Distributed = context.Services.GetService<IDistributedCache>(),
            Feedback = context.Services.GetService<LlmFeedback>(),
        }),
    };

    /// <summary>An embedding model that nobody registered is as wrong in a new configuration as it is at build.</summary>
    private static CachePolicy Compile(SemanticCacheOptions options, LlmStageContext context, List<string> failures)
    {
        if (options is { EmbeddingModel: { } model, Embedder: null } && context.GetEmbeddings(model) is null)
            failures.Add($"The cache names the embedding model '{model}', which is not registered. Add it with AddEmbeddings, or correct SemanticCacheOptions.EmbeddingModel.");
        if (options.AnswerCheck is JudgeCheck { Model: { } judge } && !context.Models.Contains(judge))
            failures.Add($"The hits of the cache are to be judged by the model '{judge}', which is not registered. Add it with AddModel, or give AnswerChecks.Judge another name.");
        if (options.UseDistributedCache && context.Services.GetService<IDistributedCache>() is null)
            failures.Add(CacheParts.NoDistributedCache);
        return CachePolicy.Compile(options, failures);
    }

    /// <summary>Lays configuration over the settings, one by one: the embedder is an object and comes from code only.</summary>
    private static void Bind(IConfiguration section, SemanticCacheOptions options)
    {
        options.Observe = section.GetValue(nameof(options.Observe), options.Observe);
        options.SharedBy = section.GetValue(nameof(options.SharedBy), options.SharedBy);
        options.PerFeature = section.GetValue(nameof(options.PerFeature), options.PerFeature);
        options.MatchNormalised = section.GetValue(nameof(options.MatchNormalised), options.MatchNormalised);
        options.MinSimilarity = section.GetValue(nameof(options.MinSimilarity), options.MinSimilarity);
        options.Guards = section.GetValue(nameof(options.Guards), options.Guards);
        options.EmbeddingModel = section.GetValue(nameof(options.EmbeddingModel), options.EmbeddingModel);
        options.EmbeddingTimeout = section.GetValue(nameof(options.EmbeddingTimeout), options.EmbeddingTimeout);
        options.TimeToLive = section.GetValue(nameof(options.TimeToLive), options.TimeToLive);
        options.VolatileTimeToLive = section.GetValue(nameof(options.VolatileTimeToLive), options.VolatileTimeToLive);
        options.UseDistributedCache = section.GetValue(nameof(options.UseDistributedCache), options.UseDistributedCache);
        options.StoreTimeout = section.GetValue(nameof(options.StoreTimeout), options.StoreTimeout);
        options.MaxEntriesPerUser = section.GetValue(nameof(options.MaxEntriesPerUser), options.MaxEntriesPerUser);
        options.SingleFlight = section.GetValue(nameof(options.SingleFlight), options.SingleFlight);
        options.ShadowShare = section.GetValue(nameof(options.ShadowShare), options.ShadowShare);
        options.MaxWrongHitRate = section.GetValue(nameof(options.MaxWrongHitRate), options.MaxWrongHitRate);
        options.MaxEntries = section.GetValue(nameof(options.MaxEntries), options.MaxEntries);
        options.MaxBytes = section.GetValue(nameof(options.MaxBytes), options.MaxBytes);
        options.MaxTemperature = section.GetValue(nameof(options.MaxTemperature), options.MaxTemperature);
        options.StoreToolCalls = section.GetValue(nameof(options.StoreToolCalls), options.StoreToolCalls);
        options.StoreFallbacks = section.GetValue(nameof(options.StoreFallbacks), options.StoreFallbacks);
    }
}

/// <summary>The stages as decorator factories, for builders other than LlmKit's.</summary>
public static partial class LlmStages
{
    /// <summary>Gives the semantic cache as a decorator factory, such as <c>chatClientBuilder.Use(LlmStages.SemanticCache())</c> takes.</summary>
    /// <param name="configure">Sets the options.</param>
    /// <returns>A factory; it throws <see cref="LlmConfigurationException"/> when the options are wrong.</returns>
    public static Func<IChatClient, IServiceProvider, IChatClient> SemanticCache(Action<SemanticCacheOptions>? configure = null) =>
        SemanticCacheExtensions.Definition(configure).ToFactory();
}
