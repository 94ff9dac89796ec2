using LlmKit.Models;

namespace LlmKit.Orchestration.Routing;

/// <summary>Checks a router's settings against the registered models, all failures at once.</summary>
internal static class RouterOptionsValidator
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoModels = [];
    private static readonly Dictionary<ModelFailureKind, IReadOnlyList<string>> NoFallbacks = [];

    public static void Validate(RouterOptions options, IReadOnlyList<string> registered, List<string> failures)
    {
        var before = failures.Count;
        failures.AddRange(Missing(options));
        if (failures.Count > before)
            return;
        foreach (var unknown in Named(options).Where(name => !registered.Contains(name)).Distinct())
            failures.Add($"The router names the model '{unknown}', which is not registered. Registered are: {string.Join(", ", registered)}.");
        foreach (var (model, weight) in options.Weights.Where(pair => !(pair.Value >= 0) || double.IsInfinity(pair.Value)))
            failures.Add($"The weight '{weight}' of the model '{model}' is not 0 or more. Give weights such as 0.9 and 0.1.");
        if (!Enum.IsDefined(options.Strategy))
            failures.Add($"The strategy '{options.Strategy}' is unknown. Use a value of RoutingStrategy.");
        if (!Enum.IsDefined(options.MissingIdentity))
            failures.Add($"RouterOptions.MissingIdentity is '{options.MissingIdentity}', which is unknown. Use a value of MissingIdentity.");
        if (options is { Hedging: not null, Strategy: RoutingStrategy.Cascade })
            failures.Add("RouterOptions.Hedging is set for a cascade, whose models draft one after the other. Leave it null, or use another strategy.");
        if (options is { Policy: not null, Strategy: not RoutingStrategy.Priority })
            failures.Add($"RouterOptions.Policy is set, and so is the strategy '{options.Strategy}'. Leave the strategy at Priority, or the policy null.");
        foreach (var twice in registered.GroupBy(name => name).Where(group => group.Count() > 1))
            failures.Add($"The code candidate '{twice.Key}' has the name of a model, or of another one. Give it its own.");
        foreach (var (kind, models) in options.FallbackModels)
            ValidateFallbacks(kind, models, failures);
        if (options is { DraftCheck: not null, AcceptDraft: not null })
            failures.Add("RouterOptions.DraftCheck and RouterOptions.AcceptDraft are both set. Leave one null, or put the delegate among the checks with DraftChecks.Of.");
        if (options is { DraftCheck: not null, Strategy: not RoutingStrategy.Cascade })
            failures.Add("RouterOptions.DraftCheck is set, and the router is no cascade: nothing would be checked. Use RouterOptions.Cascade, or leave it null.");
        Validate("default", options.Models.Count > 0 ? options.Models : registered, options, failures);
        foreach (var (feature, models) in options.FeatureModels)
            Validate(feature, models, options, failures);
    }

    /// <summary>Finds what is null where something must stand, before anything looks into it.</summary>
    private static IEnumerable<string> Missing(RouterOptions options)
    {
        var settings = new (string Name, object? Value)[]
        {
            (nameof(options.Models), options.Models), (nameof(options.Weights), options.Weights), (nameof(options.FeatureModels), options.FeatureModels),
            (nameof(options.AllowedModels), options.AllowedModels), (nameof(options.FallbackOn), options.FallbackOn),
            (nameof(options.FallbackModels), options.FallbackModels),
        };
        foreach (var (name, _) in settings.Where(setting => setting.Value is null))
            yield return $"RouterOptions.{name} is null. Leave it empty for none.";
        if (options.Models?.Contains(null!) == true)
            yield return "The route 'default' has a null among its models. Remove it or name a registered model.";
        foreach (var (feature, _) in (options.FeatureModels ?? NoModels).Where(IsMissing))
            yield return $"The route '{feature}' has null for its models, or among them. Name registered models.";
        foreach (var (kind, _) in (options.FallbackModels ?? NoFallbacks).Where(pair => pair.Value?.Contains(null!) != false))
            yield return $"RouterOptions.FallbackModels has null for its models for {kind}, or among them. Name registered models.";
        foreach (var (tenant, _) in (options.AllowedModels ?? NoModels).Where(IsMissing))
            yield return $"The tenant '{tenant}' has null for its allowed models, or among them. Name registered models, or give an empty list for none.";
    }

    private static bool IsMissing(KeyValuePair<string, IReadOnlyList<string>> pair) => pair.Value?.Contains(null!) != false;

    private static void ValidateFallbacks(ModelFailureKind kind, IReadOnlyList<string> models, List<string> failures)
    {
        if (!Enum.IsDefined(kind))
            failures.Add($"RouterOptions.FallbackModels has the kind '{kind}', which is unknown. Use a value of ModelFailureKind.");
        if (models.Count == 0)
            failures.Add($"RouterOptions.FallbackModels has no model for {kind}. Name one, or take the kind out.");
        foreach (var twice in models.GroupBy(name => name).Where(group => group.Count() > 1))
            failures.Add($"RouterOptions.FallbackModels names the model '{twice.Key}' twice for {kind}. Name each once.");
    }

    private static void Validate(string route, IReadOnlyList<string> models, RouterOptions options, List<string> failures)
    {
        if (models.Count == 0)
            failures.Add($"The route '{route}' has no model. Name at least one.");
        foreach (var twice in models.GroupBy(name => name).Where(group => group.Count() > 1))
            failures.Add($"The router names the model '{twice.Key}' twice. Name each once.");
        if (options.Strategy == RoutingStrategy.Weighted && models.Count > 0 && !models.Any(model => options.Weights.GetValueOrDefault(model) > 0))
            failures.Add($"No model of the route '{route}' has a weight above 0, and the choice is weighted. Give at least one.");
        if (route == "default" && options.Strategy == RoutingStrategy.Cascade && models.Count < 2)
            failures.Add("The cascade has fewer than two models. Name a cheap one and a strong one.");
    }

    private static IEnumerable<string> Named(RouterOptions options) =>
        options.Models.Concat(options.Weights.Keys).Concat(options.FeatureModels.Values.SelectMany(models => models)).Concat(options.AllowedModels.Values.SelectMany(models => models))
            .Concat(options.FallbackModels.Values.SelectMany(models => models)).Concat(options.DraftCheck?.Parts.SelectMany(check => check.Models) ?? []);
}
