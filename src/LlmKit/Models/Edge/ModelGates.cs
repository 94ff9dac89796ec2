using LlmKit.Calls;
using Microsoft.Extensions.AI;

namespace LlmKit.Models;

/// <summary>Says whether a model may and can take a request. Asked by a router for each candidate and again by the edge.</summary>
internal static class ModelGates
{
    /// <summary>The fact that binds a call to regions: an <see cref="IReadOnlyCollection{T}"/> of names.</summary>
    public const string RegionsFact = "llmkit.regions";

    /// <summary>The fact that binds a call to models: an <see cref="IReadOnlyCollection{T}"/> of registered names.</summary>
    public const string ModelsFact = "llmkit.models";

    /// <summary>Gives why the model may not be used, or <see langword="null"/> when it may.</summary>
    public static string? Check(LlmCall call, ChatOptions options, Model model, RequestFacts request)
    {
        if (CheckName(call, options, model) is { } named)
            return named;
        if (options.MaxOutputTokens < 0)
            return $"the output limit '{options.MaxOutputTokens}' is below 0; set ChatOptions.MaxOutputTokens to a number of tokens or leave it unset";
        if (CheckRegion(call, model) is { } elsewhere)
            return elsewhere;
        if ((request.Needs & ~model.Capabilities) is var missing and not ModelCapabilities.None)
            return $"it lacks {missing}";
        if (model.ContextWindow is { } window && !request.FitsIn(window - (options.MaxOutputTokens ?? 0), model, call))
            return $"the request of about {request.Tokens(model, call)} tokens and its answer exceed its window of {window}";
        return null;
    }

    /// <summary>Gives why what the call says by names keeps it from this one, be it a model or code.</summary>
    public static string? CheckName(LlmCall call, ChatOptions options, Model model)
    {
        var own = options as LlmCallOptions;
        return (own?.Model ?? options.ModelId) is { } forced && !model.Answers(forced) ? $"the call asks for the model '{forced}'" : CheckNames(call, own?.ExcludedModels, model);
    }

    /// <summary>Gives why what binds a call to models and regions keeps it from this one, chat or embeddings.</summary>
    public static string? CheckBinding(LlmCall call, IReadOnlyList<string>? excluded, Model model) => CheckNames(call, excluded, model) ?? CheckRegion(call, model);

    private static string? CheckNames(LlmCall call, IReadOnlyList<string>? excluded, Model model) =>
        excluded is not null && excluded.Contains(model.Name) ? "the call excludes it"
        : call.GetFact(ModelsFact) is IReadOnlyCollection<string> models && !models.Contains(model.Name) ? $"the call is bound to {string.Join(", ", models)}"
        : null;

    private static string? CheckRegion(LlmCall call, Model model) =>
        call.GetFact(RegionsFact) is IReadOnlyCollection<string> regions && (model.Region is null || !regions.Contains(model.Region))
            ? $"its region '{model.Region ?? "unknown"}' is not one of {string.Join(", ", regions)}"
            : null;
}
